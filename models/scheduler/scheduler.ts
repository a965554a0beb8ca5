/**
 * kube-scheduler of every cluster: one pod at a time, highest priority first, then first come; the best of the nodes that pass all
 * filters. A pod that fits nowhere waits until something changes that could let it in, and carries the reason per node.
 * Pods of hosted control planes never preempt (their priority classes say Never), so there is no preemption.
 */
import { InvariantViolation } from '../../sim/assert.ts';
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Deferred, Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Filters } from './filters.ts';
import type { PlacementTable } from './placement.ts';
import { REFUSED } from './refused.ts';
import type { Scores } from './scores.ts';

/** A queue of one cluster for one priority. */
type LaneId = number & { readonly __lane: 'scheduling queue' };

/** From this many nodes on the scheduler scores only a part of them (schedule_one.go numFeasibleNodesToFind). */
const SCORE_ALL_BELOW = 100;

/** How many feasible nodes are enough, for a cluster of that size. */
export function feasibleEnough(nodes: number): number {
  if (nodes < SCORE_ALL_BELOW) return nodes;
  const percentage = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(SCORE_ALL_BELOW, Math.floor((nodes * percentage) / 100));
}

export class Scheduler {
  readonly #lanes: Table<LaneId>;
  readonly #queue: Membership<LaneId, PodId>;
  readonly #waiting: Membership<ClusterId, PodId>;
  readonly #ranks: number;
  readonly #start: I32Column<ClusterId>;
  readonly #attempts: I32Column<PodId>;
  /** What made the pod want a node; the decision follows from it, not from whatever woke the scheduler. */
  readonly #why: I32Column<PodId, CauseId>;
  /** Some node refused it for want of resources: any pod that goes may help. */
  readonly #starved: U8Column<PodId>;
  /** The fact of its first refusal. */
  readonly #refusal: I32Column<PodId, CauseId>;
  readonly #starvedPods: I32Column<ClusterId>;
  readonly #next: Timer<ClusterId>;
  readonly #backoff: Timer<PodId>;
  readonly #unschedulableFact: FactKind;
  /** Topology spread refused it on some node: where its siblings are decides. */
  readonly #unspread: U8Column<PodId>;
  /** Nodes that lost a pod object during the current event, and whose. */
  #freed: { readonly node: NodeId; readonly set: SetId }[] = [];
  readonly #review: Deferred = { settle: () => this.#reviewFreed() };
  /** Positions of the nodes that one pod fits on. */
  #feasible = new Int32Array(0);
  #codes = new Uint8Array(0);
  #scores = new Float64Array(0);

  /** A pod is without a node because none fits. */
  readonly unschedulable = new Signal<[pod: PodId, codes: Uint8Array]>();
  /** A pod that had no node has one, or is gone. */
  readonly placed = new Signal<[pod: PodId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly filters: Filters,
    readonly scores: Scores,
    readonly tables: readonly PlacementTable[],
    readonly parameters: ParameterValues,
    lifecycle: NodeLifecycle,
    readonly priorities: readonly number[],
  ) {
    this.#ranks = priorities.length;
    this.#lanes = sim.table<LaneId>('scheduling queue');
    this.#queue = new Membership('queued pods', this.#lanes, pods.table);
    this.#waiting = new Membership('unschedulable pods', clusters.table, pods.table);
    this.#start = clusters.table.i32('schedulerStart');
    this.#attempts = pods.table.i32('attempts');
    this.#why = pods.table.i32('wantsNodeBecause');
    this.#starved = pods.table.u8('starved');
    this.#unspread = pods.table.u8('unspread');
    this.#refusal = pods.table.i32('refusal', BEGINNING);
    this.#starvedPods = clusters.table.i32('starvedPods');
    this.#next = new Timer(sim, clusters.table, 'schedule-one', 'control', (cluster) =>
      this.#scheduleOne(cluster),
    );
    this.#backoff = new Timer(sim, pods.table, 'backoff-over', 'control', (pod) => this.#enqueue(pod));
    this.#unschedulableFact = sim.factKind('pod-unschedulable');
    pods.created.subscribe((pod) => {
      this.#why.set(pod, sim.cause);
      this.#enqueue(pod);
    });
    pods.removing.subscribe((pod) => this.#forget(pod));
    pods.terminated.subscribe((pod) => this.#respread(pods.set.at(pod)));
    lifecycle.schedulable.subscribe((node) => this.wakeFor(node));
    clusters.schedulerChanged.subscribe((cluster) => this.#arm(cluster));
    clusters.apiChanged.subscribe((cluster) => this.#arm(cluster));
  }

  /** Opens the queues of all clusters, which must all be known by now. */
  begin(): void {
    for (let i = 0; i < this.clusters.count * this.#ranks; i++) this.#lanes.add();
  }

  /** Places everything that waits in a cluster at the beginning of a run, without time passing. */
  settle(cluster: ClusterId, placed: (pod: PodId, node: NodeId) => void): void {
    this.#next.cancel(cluster);
    for (let pod = this.#pop(cluster); pod !== NONE; pod = this.#pop(cluster)) {
      const node = this.#choose(pod, cluster);
      if (node === NONE) this.#refuse(pod, cluster);
      else placed(pod, node);
    }
  }

  /**
   * The reason per node why a pod that waits has none.
   * @param codes as given with `unschedulable`
   */
  explain(pod: PodId, codes: Uint8Array): { readonly node: NodeId; readonly reason: string }[] {
    const table = this.#tableOf(pod);
    return table.nodes.flatMap((node, index) =>
      codes[index] === REFUSED.gone
        ? []
        : [{ node, reason: this.filters.reason(codes[index]!, pod, table, index) }],
    );
  }

  /** How many nodes refused a pod for which reason. */
  refusals(pod: PodId, codes: Uint8Array): Map<string, number> {
    const table = this.#tableOf(pod);
    const perCode = new Uint32Array(Object.keys(REFUSED).length);
    const counts = new Map<string, number>();
    const add = (reason: string, count: number): Map<string, number> =>
      counts.set(reason, (counts.get(reason) ?? 0) + count);
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index]!;
      // Only the reasons for which a node is out of the question from the outset differ from node to node.
      if (code === REFUSED.placement) add(this.filters.reason(code, pod, table, index), 1);
      else perCode[code]!++;
    }
    perCode.forEach((count, code) => {
      if (count > 0 && code !== REFUSED.gone) add(this.filters.reason(code, pod, table, 0), count);
    });
    return counts;
  }

  /** The fact that a pod which waits fits nowhere, or of what made it want a node while it was not tried yet. */
  refusal(pod: PodId): CauseId {
    return this.#attempts.at(pod) > 0 ? this.#refusal.at(pod) : this.#why.at(pod);
  }

  /** The pod has been tried and has no node: its condition PodScheduled is False. */
  refused(pod: PodId): boolean {
    return this.#attempts.at(pod) > 0;
  }

  /** It fits on no node, and nothing has changed since that could be otherwise. */
  unplaceable(pod: PodId): boolean {
    return this.#waiting.parent(pod) !== NONE;
  }

  // --- queue --------------------------------------------------------------------------------------------------------

  #enqueue(pod: PodId): void {
    const cluster = this.pods.cluster(pod);
    this.#waiting.leave(pod);
    const rank = this.priorities.indexOf(this.pods.sets.priority.at(this.pods.set.at(pod)));
    this.#queue.join((cluster * this.#ranks + rank) as LaneId, pod);
    this.#arm(cluster);
  }

  #pop(cluster: ClusterId): PodId | typeof NONE {
    for (let rank = 0; rank < this.#ranks; rank++) {
      const pod = this.#queue.first((cluster * this.#ranks + rank) as LaneId);
      if (pod === NONE) continue;
      this.#queue.leave(pod);
      return pod;
    }
    return NONE;
  }

  #empty(cluster: ClusterId): boolean {
    for (let rank = 0; rank < this.#ranks; rank++) {
      if (this.#queue.count((cluster * this.#ranks + rank) as LaneId) > 0) return false;
    }
    return true;
  }

  /** One pod per service time, while there is a scheduler and something to place. */
  #arm(cluster: ClusterId): void {
    if (!this.clusters.scheduled(cluster) || this.#empty(cluster)) this.#next.cancel(cluster);
    else if (!this.#next.armed(cluster))
      this.#next.after(cluster, Math.round(1e6 / this.parameters.scheduler.podsPerSecond));
  }

  #forget(pod: PodId): void {
    this.#queue.leave(pod);
    if (this.#starved.at(pod) === 1) this.#starvedPods.add(this.pods.cluster(pod), -1);
    this.#waiting.leave(pod);
    if (this.#attempts.at(pod) > 0) this.placed.emit(pod);
    if (this.pods.node.at(pod) === NONE) return;
    if (this.#freed.length === 0) this.sim.defer(this.#review);
    this.#freed.push({ node: this.pods.node.at(pod), set: this.pods.set.at(pod) });
  }

  // --- one pod ------------------------------------------------------------------------------------------------------

  #scheduleOne(cluster: ClusterId): void {
    const pod = this.#pop(cluster);
    if (pod !== NONE) {
      const outer = this.sim.enter(this.#why.at(pod));
      const node = this.#choose(pod, cluster);
      if (node === NONE) this.#refuse(pod, cluster);
      else this.#bind(pod, node);
      this.sim.leave(outer);
    }
    this.#arm(cluster);
  }

  #bind(pod: PodId, node: NodeId): void {
    const waited = this.#attempts.at(pod) > 0;
    this.#attempts.set(pod, 0);
    if (this.#starved.at(pod) === 1) this.#starvedPods.add(this.pods.cluster(pod), -1);
    this.#starved.set(pod, 0);
    this.#unspread.set(pod, 0);
    this.pods.bind(pod, node);
    if (waited) this.placed.emit(pod);
    this.#respread(this.pods.set.at(pod));
  }

  #choose(pod: PodId, cluster: ClusterId): NodeId | typeof NONE {
    const table = this.tables[cluster]!;
    const { nodes } = table;
    if (nodes.length === 0) return NONE;
    if (this.#feasible.length < nodes.length) {
      this.#feasible = new Int32Array(nodes.length);
      this.#scores = new Float64Array(nodes.length);
    }
    const siblings = this.filters.siblings(this.pods.set.at(pod), table);
    // The search starts where the last one ended.
    const start = this.#start.at(cluster);
    const enough = feasibleEnough(nodes.length);
    const { passed, tried } = this.filters.feasible(pod, table, siblings, start, enough, this.#feasible);
    this.#start.set(cluster, (start + tried) % nodes.length);
    if (passed === 0) return NONE;
    if (passed === 1) return nodes[this.#feasible[0]!]!;
    this.scores.score(pod, table, this.#feasible, passed, siblings, this.#scores);
    return nodes[this.#feasible[this.#best(pod, passed)]!]!;
  }

  /** The highest score; among equals one is drawn, as kube-scheduler does. */
  #best(pod: PodId, count: number): number {
    let max = Number.NEGATIVE_INFINITY;
    let ties = 0;
    for (let i = 0; i < count; i++) {
      const score = this.#scores[i]!;
      if (score > max) {
        max = score;
        ties = 1;
      } else if (score === max) ties++;
    }
    let chosen = ties === 1 ? 0 : Math.floor(this.#tieBreaker(pod) * ties);
    for (let i = 0; i < count; i++) if (this.#scores[i] === max && chosen-- === 0) return i;
    throw new InvariantViolation('a maximum exists');
  }

  /** One uniform number per pod, independent of every other pod's. */
  #tieBreaker(pod: PodId): number {
    return this.sim.streams.once('scheduler-tie', this.pods.identity(pod)).uniform();
  }

  // --- unschedulable ------------------------------------------------------------------------------------------------

  #refuse(pod: PodId, cluster: ClusterId): void {
    const codes = this.#codesOf(pod, this.tables[cluster]!);
    const starved = codes.some(
      (code) => code === REFUSED.cpu || code === REFUSED.memory || code === REFUSED.pods,
    );
    this.#starvedPods.add(cluster, (starved ? 1 : 0) - this.#starved.at(pod));
    this.#starved.set(pod, starved ? 1 : 0);
    this.#unspread.set(pod, codes.includes(REFUSED.spread) ? 1 : 0);
    this.#waiting.join(cluster, pod);
    const first = this.#attempts.add(pod, 1) === 1;
    if (!first) return;
    this.#refusal.set(pod, this.pods.tell(this.#unschedulableFact, pod));
    this.unschedulable.emit(pod, codes);
  }

  /** Which filter refuses the pod on each node. */
  #codesOf(pod: PodId, table: PlacementTable): Uint8Array {
    const { length } = table.nodes;
    if (this.#codes.length < length) this.#codes = new Uint8Array(length);
    const siblings = this.filters.siblings(this.pods.set.at(pod), table);
    for (let i = 0; i < length; i++) this.#codes[i] = this.filters.check(pod, table, i, siblings);
    return this.#codes.subarray(0, length);
  }

  /** A node takes pods again: whoever fits there now is tried again after its back-off. */
  wakeFor(node: NodeId): void {
    for (const pod of this.#waiting.list(this.pods.machines.cluster.at(node))) this.#tryAgain(pod, node);
  }

  /** A topology domain is gone, which may have been the one that held others back. */
  nodeDeleted(node: NodeId): void {
    const { ofCluster } = this.pods.sets;
    const cluster = this.pods.machines.cluster.at(node);
    for (let set = ofCluster.first(cluster); set !== NONE; set = ofCluster.next(set)) this.#respread(set);
  }

  /** The pods of a set stand otherwise: one that its spread kept waiting may fit now. They are alike, so the first speaks for all. */
  #respread(set: SetId): void {
    if (!this.filters.spread.hard(set)) return;
    const waiting = this.pods.ofSet
      .list(set)
      .filter((pod) => this.#unspread.at(pod) === 1 && this.#waiting.parent(pod) !== NONE);
    const [first] = waiting;
    if (first === undefined) return;
    const { nodes } = this.#tableOf(first);
    const node = nodes.find((candidate) => this.#tryAgain(first, candidate));
    if (node !== undefined) for (const pod of waiting.slice(1)) this.#tryAgain(pod, node);
  }

  /** Pod objects are gone: their siblings, and whoever lacks resources, may fit on their nodes now. */
  #reviewFreed(): void {
    const freed = this.#freed;
    this.#freed = [];
    for (const { node, set } of freed) {
      for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod))
        if (this.#waiting.parent(pod) !== NONE) this.#tryZone(pod, node);
    }
    for (const node of new Set(freed.map((entry) => entry.node))) {
      const cluster = this.pods.machines.cluster.at(node);
      if (this.#starvedPods.at(cluster) === 0) continue;
      for (const pod of this.#waiting.list(cluster))
        if (this.#starved.at(pod) === 1) this.#tryAgain(pod, node);
    }
  }

  /** The sibling that went may have blocked its whole zone; what most often fits is the place that it had. */
  #tryZone(pod: PodId, freed: NodeId): void {
    if (this.#tryAgain(pod, freed)) return;
    const { zone } = this.pods.machines;
    const table = this.#tableOf(pod);
    const siblings = this.filters.siblings(this.pods.set.at(pod), table);
    for (let index = 0; index < table.nodes.length; index++) {
      const node = table.nodes[index]!;
      if (node === freed || zone.at(node) !== zone.at(freed)) continue;
      if (this.filters.check(pod, table, index, siblings) === REFUSED.none) {
        this.#wake(pod);
        return;
      }
    }
  }

  /** @returns true when the pod fits there now and was woken for it */
  #tryAgain(pod: PodId, node: NodeId): boolean {
    const table = this.#tableOf(pod);
    const index = table.position(node);
    if (index === NONE || this.filters.checkAlone(pod, table, index) !== REFUSED.none) return false;
    const siblings = this.filters.siblings(this.pods.set.at(pod), table);
    if (this.filters.check(pod, table, index, siblings) !== REFUSED.none) return false;
    this.#wake(pod);
    return true;
  }

  /** The pod is tried again after its back-off. */
  #wake(pod: PodId): void {
    this.#waiting.leave(pod);
    this.#why.set(pod, this.sim.cause);
    const { initialBackoff, maxBackoff } = this.parameters.scheduler;
    this.#backoff.after(pod, Math.min(maxBackoff, initialBackoff * 2 ** (this.#attempts.at(pod) - 1)));
  }

  #tableOf(pod: PodId): PlacementTable {
    return this.tables[this.pods.cluster(pod)]!;
  }
}
