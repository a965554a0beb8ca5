/**
 * The half of the cluster autoscaler that wants more machines: for pods that no node takes, nor any machine on its way. A machine that
 * does not join in time is deleted, and its pool left alone for a while, each time longer
 * (kubernetes/autoscaler cluster-autoscaler/core/scaleup, clusterstate/clusterstate.go).
 */
import { type F64Column, NONE } from '../../../sim/entities.ts';
import type { FactKind } from '../../../sim/facts.ts';
import type { ClusterId, NodeId, PodId, PoolId } from '../../ids.ts';
import type { Trial } from '../../scheduler/trial.ts';
import type { AutoscaledWorld, Remind } from './autoscaler.ts';
import { balanced, type Growable, leastWaste, optionOf } from './expansion.ts';
import type { ScaledPools } from './scaled-pools.ts';

const NEVER = -1;
const LONG_AGO = Number.NEGATIVE_INFINITY;

export class ScaleUp {
  readonly #grown: F64Column<ClusterId>;
  readonly #backoff: F64Column<PoolId>;
  readonly #backoffUntil: F64Column<PoolId>;
  /** Since when the pool has fewer machines than wanted. */
  readonly #shortSince: F64Column<PoolId>;
  /** Since when a machine that was made has no Node that was Ready. */
  readonly #awaitedSince: F64Column<NodeId>;
  readonly #upFact: FactKind;
  readonly #lateFact: FactKind;

  constructor(
    readonly world: AutoscaledWorld,
    readonly pools: ScaledPools,
    readonly remind: Remind,
  ) {
    const { sim, clusters, machines, nodePools } = world;
    this.#grown = clusters.table.f64('autoscalerGrew', LONG_AGO);
    this.#backoff = nodePools.table.f64('autoscaleBackoff');
    this.#backoffUntil = nodePools.table.f64('autoscaleBackoffUntil', LONG_AGO);
    this.#shortSince = nodePools.table.f64('shortSince', NEVER);
    this.#awaitedSince = machines.table.f64('awaitedSince', NEVER);
    this.#upFact = sim.factKind('pool-scaled-up');
    this.#lateFact = sim.factKind('machine-not-joined');
  }

  /** When a pool of the cluster was last made larger. */
  grown(cluster: ClusterId): number {
    return this.#grown.at(cluster);
  }
  /** The machine has no Node, or not yet. */
  awaits(node: NodeId): void {
    if (this.world.nodePools.stays(node)) this.#awaitedSince.set(node, this.world.sim.now);
  }
  joined(node: NodeId): void {
    this.#awaitedSince.set(node, NEVER);
  }

  /** A new leader knows only what it finds, and finds it now. */
  forget(cluster: ClusterId): void {
    this.#grown.set(cluster, LONG_AGO);
    for (const node of this.pools.nodes(cluster))
      if (this.#awaitedSince.at(node) !== NEVER) this.#awaitedSince.set(node, this.world.sim.now);
    for (const pool of this.pools.of(cluster)) {
      this.#backoffUntil.set(pool, LONG_AGO);
      this.#shortSince.set(pool, NEVER);
    }
  }

  // --- machines that do not come ------------------------------------------------------------------------------------

  /** Machines that did not join in time are deleted, as far as the lower bound allows; those that nobody made are no longer wanted. */
  giveUpLate(cluster: ClusterId, pool: PoolId): void {
    const { nodePools, sim } = this.world;
    const { wishes } = nodePools;
    const min = this.pools.min(pool);
    for (const node of nodePools.slots.list(pool)) {
      if (
        !nodePools.stays(node) ||
        !this.#isLate(cluster, this.#awaitedSince.at(node)) ||
        wishes.of(pool) <= min
      )
        continue;
      const outer = sim.enter(sim.emit(this.#lateFact, node));
      this.#awaitedSince.set(node, NEVER);
      this.#pause(cluster, pool);
      nodePools.remove(node);
      sim.leave(outer);
    }
    const made = Math.max(min, nodePools.count(pool));
    if (wishes.of(pool) <= made) this.#shortSince.set(pool, NEVER);
    else if (this.#shortSince.at(pool) === NEVER) this.#shortSince.set(pool, sim.now);
    if (!this.#isLate(cluster, this.#shortSince.at(pool))) return;
    this.#shortSince.set(pool, NEVER);
    this.#pause(cluster, pool);
    nodePools.resize(pool, made);
  }

  #isLate(cluster: ClusterId, since: number): boolean {
    if (since === NEVER) return false;
    const due = since + this.world.parameters.autoscaler.provisionTimeout;
    if (due <= this.world.sim.now) return true;
    this.remind(cluster, due);
    return false;
  }

  /** The pool is not scaled up for a while, each time longer. */
  #pause(cluster: ClusterId, pool: PoolId): void {
    const { now } = this.world.sim;
    const { initialBackoff, maxBackoff, backoffReset } = this.world.parameters.autoscaler;
    const until = this.#backoffUntil.at(pool);
    if (until > now) return;
    const first = now >= until + backoffReset;
    const pause = first ? initialBackoff : Math.min(maxBackoff, 2 * this.#backoff.at(pool));
    this.#backoff.set(pool, pause);
    this.#backoffUntil.set(pool, now + pause);
    this.remind(cluster, now + pause);
  }

  // --- more machines ------------------------------------------------------------------------------------------------

  /** @returns true when some pool is to grow */
  grow(cluster: ClusterId, trial: Trial): boolean {
    const waiting = this.#waiting(cluster, trial);
    if (waiting.length === 0) return false;
    const growable = this.pools.of(cluster).flatMap((pool) => this.#growable(pool));
    const options = growable.map((one) => optionOf(one, waiting, trial));
    const best = leastWaste(options);
    if (best.length === 0) return false;
    const chosen = best[best.length === 1 ? 0 : this.#tie(cluster, best.length)]!;
    const like = options.filter(
      (one) => one.pods.length > 0 && this.#offers(one.pool) === this.#offers(chosen.pool),
    );
    const { sim, nodePools, scheduler } = this.world;
    const outer = sim.enter(scheduler.refusal(chosen.pods[0]!));
    this.#grown.set(cluster, sim.now);
    for (const [pool, more] of balanced(chosen, like)) {
      const wanted = nodePools.wishes.of(pool) + more;
      const inner = sim.enter(sim.emit(this.#upFact, pool, wanted));
      nodePools.resize(pool, wanted);
      sim.leave(inner);
    }
    sim.leave(outer);
    return true;
  }

  /** Pods that no node takes, nor any machine that is on its way; big ones first. */
  #waiting(cluster: ClusterId, trial: Trial): PodId[] {
    const { pods, scheduler } = this.world;
    const { sets } = pods;
    const refused: PodId[] = [];
    for (let set = sets.ofCluster.first(cluster); set !== NONE; set = sets.ofCluster.next(set))
      for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
        if (pods.node.at(pod) === NONE && !pods.terminating(pod) && scheduler.refused(pod)) refused.push(pod);
    if (refused.length === 0) return refused;
    const nodes = [
      ...trial.table.nodes.filter((node) => !this.#isComing(node)),
      ...this.#coming(cluster, trial),
    ];
    const size = (pod: PodId): number => sets.cpuMillis.at(pods.set.at(pod));
    refused.sort((a, b) => size(b) - size(a));
    return refused.filter((pod) => {
      const node = nodes.find((candidate) => trial.fits(pod, candidate));
      if (node !== undefined) trial.put(pod, node);
      return node === undefined;
    });
  }

  /** The machine was made and has not been Ready yet, but there is time. */
  #isComing(node: NodeId): boolean {
    const { nodePools, sim, parameters } = this.world;
    const since = this.#awaitedSince.at(node);
    const inTime = since !== NEVER && sim.now < since + parameters.autoscaler.provisionTimeout;
    return inTime && nodePools.stays(node);
  }
  /** Machines on their way, and slots of those that are wanted and not made yet. */
  #coming(cluster: ClusterId, trial: Trial): NodeId[] {
    const { nodePools } = this.world;
    const coming = this.pools.of(cluster).flatMap((pool) => {
      const missing = nodePools.wishes.of(pool) - nodePools.count(pool);
      const made = nodePools.slots.list(pool).filter((node) => this.#isComing(node));
      return [...made, ...this.#unmade(pool).slice(0, Math.max(0, missing))];
    });
    for (const node of coming) trial.expect(node);
    return coming;
  }
  /** Slots without a machine that stays. */
  #unmade(pool: PoolId): NodeId[] {
    const { nodePools } = this.world;
    return nodePools.slots.list(pool).filter((node) => !nodePools.stays(node));
  }

  #growable(pool: PoolId): Growable[] {
    const { nodePools, sim } = this.world;
    const size = nodePools.wishes.of(pool);
    const room = this.pools.max(pool) - size;
    if (room <= 0) return [];
    if (sim.now < this.#backoffUntil.at(pool)) {
      this.remind(nodePools.ofCluster.parent(pool), this.#backoffUntil.at(pool));
      return [];
    }
    const missing = Math.max(0, size - nodePools.count(pool));
    return [{ pool, size, slots: this.#unmade(pool).slice(missing, missing + room) }];
  }

  /** One uniform number among equals, as the expanders end in a random one. */
  #tie(cluster: ClusterId, count: number): number {
    const { sim, clusters } = this.world;
    return Math.floor(sim.streams.stream('autoscaler-expander', clusters.key(cluster)).uniform() * count);
  }

  /** What machines of the pool offer: similar pools are those in which it is the same. */
  #offers(pool: PoolId): string {
    const { machines, nodePools } = this.world;
    const slot = nodePools.slots.first(pool) as NodeId;
    return [machines.cpuMillis.at(slot), machines.memoryMib.at(slot), machines.maxPods.at(slot)].join();
  }
}
