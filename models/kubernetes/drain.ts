/**
 * Drains of nodes: cordon, then every pod asked to leave through the Eviction API, again and again while its budget refuses, until the node
 * is empty or the patience of whoever drains is over (kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/drain). Pods of
 * DaemonSets stay; they are no pods here, only requests.
 *
 * Refused evictions are tried again on the beat of the first try, but only after something changed that could let them through. Who runs
 * `kubectl drain`, or empties a node to make the pool smaller, waits for each pod that leaves. The machine config operator and the in-place upgrader do so in attempts
 * (drain-attempts.ts), and find a node empty only while one goes on. Cluster API waits for nobody: it looks at the node once in a while.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Contact } from './contact.ts';
import type { DisruptionBudgets } from './disruption-budgets.ts';
import {
  type AttemptsOf,
  attemptAt,
  attemptsOf,
  DRAINERS,
  type DrainAttempts,
  type Drainer,
  nextTry,
} from './drain-attempts.ts';
import type { Pods } from './pods.ts';

/** How somebody drains. Times in microseconds. */
export interface DrainSpec {
  readonly by: Drainer;
  /** From a refused eviction to the next try; of Cluster API from one look at the node to the next, whatever it finds. */
  readonly retry: number;
  /** After so long, or at the next look, the node counts as drained whatever is left on it; 0 waits for ever. */
  readonly timeout: number;
  /** So long after its eviction a pod on a node without a kubelet is no longer waited for, as far as anybody looks by then; 0 waits for ever. */
  readonly skipUnreachable: number;
}

export class Drains {
  readonly attempts: AttemptsOf;
  /** spec.unschedulable of the Node. */
  readonly #cordoned: U8Column<NodeId>;
  readonly #draining: U8Column<NodeId>;
  readonly #retry: F64Column<NodeId>;
  readonly #skipAfter: F64Column<NodeId>;
  readonly #begun: F64Column<NodeId>;
  /** Index into DRAINERS. */
  readonly #by: U8Column<NodeId>;
  readonly #why: I32Column<NodeId, CauseId>;
  /** How many want the node drained until they say otherwise. */
  readonly #orders: I32Column<NodeId>;
  /** Moves on when the Node object goes, and its cordon and every order with it. */
  readonly #object: I32Column<NodeId>;
  /** The eviction of the pod was tried and did not go through. */
  readonly #blocked: U8Column<PodId>;
  readonly #blockedOf: I32Column<SetId>;
  readonly #again: Timer<PodId>;
  readonly #skip: Timer<NodeId>;
  readonly #patience: Timer<NodeId>;
  readonly #empty: Timer<NodeId>;
  /** The first attempt has failed. */
  readonly #failed: Timer<NodeId>;
  readonly #beginsFact: FactKind;
  readonly #drainedFact: FactKind;
  /** The drain of a node is over and its pods have not left: by its own time, or by whoever wanted it. */
  readonly timeoutFact: FactKind;
  readonly endedFact: FactKind;

  /** The drain is over: no pod is left that is waited for, or patience is. */
  readonly drained = new Signal<[node: NodeId]>();
  /** An attempt found pods that do not leave: those refused, or still terminating. */
  readonly stalled = new Signal<[node: NodeId]>();
  /** The node takes new pods again. */
  readonly uncordoned = new Signal<[node: NodeId]>();
  /** Evictions from the node were tried, or a pod of it is being deleted: who waits for what may have changed. */
  readonly tried = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    machines: Machines,
    readonly contact: Contact,
    readonly pods: Pods,
    readonly budgets: DisruptionBudgets,
    parameters: ParameterValues,
  ) {
    this.attempts = attemptsOf(parameters);
    const nodes = machines.table;
    this.#cordoned = nodes.u8('cordoned');
    this.#draining = nodes.u8('draining');
    this.#retry = nodes.f64('drainRetry');
    this.#skipAfter = nodes.f64('drainSkipAfter');
    this.#begun = nodes.f64('drainBegun');
    this.#by = nodes.u8('drainedBy');
    this.#why = nodes.i32('drainBecause', BEGINNING);
    this.#orders = nodes.i32('drainOrders');
    this.#object = nodes.i32('drainedObject');
    this.#blocked = pods.table.u8('evictionBlocked');
    this.#blockedOf = pods.sets.table.i32('evictionsBlocked');
    this.#again = new Timer(sim, pods.table, 'evict-again', 'control', (pod) => this.#tryAgain(pod));
    this.#skip = new Timer(sim, nodes, 'terminating-skipped', 'control', (node) =>
      this.#skipTerminating(node),
    );
    this.#patience = new Timer(sim, nodes, 'drain-timeout', 'control', (node) => this.#giveUp(node));
    this.#empty = new Timer(sim, nodes, 'drained', 'control', (node) => this.#checkEmpty(node));
    this.#failed = new Timer(sim, nodes, 'drain-attempt-failed', 'control', (node) =>
      this.stalled.emit(node),
    );
    this.#beginsFact = sim.factKind('drain-begins');
    this.#drainedFact = sim.factKind('node-drained');
    this.timeoutFact = sim.factKind('drain-timeout');
    this.endedFact = sim.factKind('drain-ended');
    budgets.loosened.subscribe((set) => this.#reconsider(set));
    pods.removing.subscribe((pod) => this.#leaves(pod));
    pods.terminated.subscribe((pod) => this.#terminates(pod));
    contact.lost.subscribe((node) => this.draining(node) && this.#awaitKubelet(node));
  }

  cordoned(node: NodeId): boolean {
    return this.#cordoned.at(node) === 1;
  }
  draining(node: NodeId): boolean {
    return this.#draining.at(node) === 1;
  }

  /** Keeps new pods off a node. */
  cordon(node: NodeId): void {
    this.#cordoned.set(node, 1);
  }
  /** Lets pods in again; a drain that goes on is over with that. */
  uncordon(node: NodeId): void {
    if (!this.cordoned(node)) return;
    if (this.draining(node)) this.sim.emit(this.endedFact, node);
    this.stop(node);
    this.#cordoned.set(node, 0);
    this.uncordoned.emit(node);
  }

  /** Cordons a node and has its pods leave; `drained` tells when they have. Does nothing while a drain of the node goes on. */
  begin(node: NodeId, spec: DrainSpec): void {
    if (this.draining(node)) return;
    this.cordon(node);
    this.#draining.set(node, 1);
    this.#retry.set(node, spec.retry);
    this.#skipAfter.set(node, spec.skipUnreachable);
    this.#begun.set(node, this.sim.now);
    this.#by.set(node, DRAINERS.indexOf(spec.by));
    const attempts = this.#attemptsOf(node);
    if (attempts !== undefined) this.#failed.after(node, attempts.length);
    if (spec.timeout > 0) this.#patience.at(node, this.#lookAt(node, this.sim.now + spec.timeout));
    this.#why.set(node, this.sim.emit(this.#beginsFact, node));
    const outer = this.sim.enter(this.#why.at(node));
    for (const pod of this.pods.ofNode.list(node)) this.#try(pod);
    this.#empty.after(node, 0);
    this.tried.emit(node);
    this.sim.leave(outer);
  }

  /**
   * Begins a drain of a node that several may want at once: it takes pods again when the last of them has withdrawn.
   * @returns which Node object of that name the order is for, to be given to `withdraw`
   */
  order(node: NodeId, spec: DrainSpec): number {
    this.#orders.add(node, 1);
    this.begin(node, spec);
    return this.#object.at(node);
  }
  withdraw(node: NodeId, object: number): void {
    if (this.#object.at(node) === object && this.#orders.add(node, -1) === 0) this.uncordon(node);
  }
  /** The Node object is gone; one that registers anew is neither cordoned nor drained. */
  forget(node: NodeId): void {
    if (this.#orders.at(node) === 0) return;
    this.#orders.set(node, 0);
    this.#object.add(node, 1);
    this.stop(node);
    this.#cordoned.set(node, 0);
  }

  /** Since when a drain goes on, microseconds. */
  begun(node: NodeId): number {
    return this.#begun.at(node);
  }
  /** Pods of a node whose eviction was refused and is going to be tried again. */
  refused(node: NodeId): PodId[] {
    return this.pods.ofNode.list(node).filter((pod) => this.#blocked.at(pod) === 1);
  }

  /** Ends a drain before its time; the node stays cordoned. */
  stop(node: NodeId): void {
    if (!this.draining(node)) return;
    this.#draining.set(node, 0);
    this.#patience.cancel(node);
    this.#skip.cancel(node);
    this.#empty.cancel(node);
    this.#failed.cancel(node);
    for (const pod of this.pods.ofNode.list(node)) this.#unblock(pod);
  }

  // --- one pod ------------------------------------------------------------------------------------------------------

  #try(pod: PodId): void {
    if (this.budgets.evict(pod) !== 'evicted') this.#block(pod);
    else if (this.pods.node.at(pod) !== NONE) this.#awaitKubelet(this.pods.node.at(pod));
  }

  #tryAgain(pod: PodId): void {
    const node = this.pods.node.at(pod);
    if (node === NONE || !this.draining(node)) return;
    const outer = this.sim.enter(this.#why.at(node));
    this.#unblock(pod);
    this.#try(pod);
    this.tried.emit(node);
    if (this.#blocked.at(pod) === 1 && this.#attemptsOf(node) !== undefined && !this.#failed.armed(node))
      this.stalled.emit(node);
    this.sim.leave(outer);
  }

  #block(pod: PodId): void {
    if (this.#blocked.at(pod) === 1) return;
    this.#blocked.set(pod, 1);
    this.#blockedOf.add(this.pods.set.at(pod), 1);
  }
  #unblock(pod: PodId): void {
    if (this.#blocked.at(pod) === 0) return;
    this.#again.cancel(pod);
    this.#blocked.set(pod, 0);
    this.#blockedOf.add(this.pods.set.at(pod), -1);
  }

  #reconsider(set: SetId): void {
    if (this.#blockedOf.at(set) === 0) return;
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (this.#blocked.at(pod) === 1 && !this.#again.armed(pod)) this.#rearm(pod, this.pods.node.at(pod));
    }
  }
  #rearm(pod: PodId, node: NodeId): void {
    this.#again.at(pod, this.#beatAfter(node, this.sim.now));
  }
  /** Whoever drains looks at the node when he begins, and then once in a period. */
  #beatAfter(node: NodeId, time: number): number {
    const begun = this.#begun.at(node);
    return nextTry(begun, time, this.#retry.at(node), this.#attemptsOf(node));
  }
  #attemptsOf(node: NodeId): DrainAttempts | undefined {
    return this.attempts[this.#drainer(node)];
  }
  #drainer(node: NodeId): Drainer {
    return DRAINERS[this.#by.at(node)]!;
  }
  /** The first look at the node at that time or after it. */
  #lookAt(node: NodeId, time: number): number {
    const attempts = this.#attemptsOf(node);
    if (attempts !== undefined) return attemptAt(this.begun(node), time, attempts);
    return this.#drainer(node) === 'clusterAPI' ? this.#beatAfter(node, time - 1) : time;
  }
  /** Somebody deletes the pod: it is waited for, and evicted no more. */
  #terminates(pod: PodId): void {
    const node = this.pods.node.at(pod);
    if (node === NONE || !this.draining(node)) return;
    this.#unblock(pod);
    this.#awaitKubelet(node);
    this.tried.emit(node);
  }

  #leaves(pod: PodId): void {
    this.#unblock(pod);
    const node = this.pods.node.at(pod);
    if (node === NONE || !this.draining(node)) return;
    this.#empty.after(node, 0);
    // Whoever drains in attempts tells at the end of each which pods it could not move.
    const attempts = this.#attemptsOf(node);
    if (attempts === undefined || this.#failed.armed(node)) return;
    this.#failed.at(node, attemptAt(this.begun(node), this.sim.now, attempts) + attempts.length);
  }

  // --- the node -----------------------------------------------------------------------------------------------------

  /** Nobody tells that the pod is gone while its kubelet is silent. */
  #awaitKubelet(node: NodeId): void {
    const after = this.#skipAfter.at(node);
    if (after > 0 && !this.contact.present(node))
      this.#skip.at(node, this.#beatAfter(node, this.sim.now + after));
  }

  #skipTerminating(node: NodeId): void {
    if (this.contact.present(node)) return;
    for (let pod = this.pods.ofNode.first(node); pod !== NONE; pod = this.pods.ofNode.next(pod))
      if (!this.pods.terminating(pod)) return;
    this.#finish(node, this.#drainedFact);
  }

  #checkEmpty(node: NodeId): void {
    if (this.pods.ofNode.count(node) > 0) return;
    const looks = this.#lookAt(node, this.sim.now);
    if (looks > this.sim.now) this.#empty.at(node, looks);
    else this.#finish(node, this.#drainedFact);
  }
  #giveUp(node: NodeId): void {
    this.#finish(node, this.timeoutFact);
  }

  #finish(node: NodeId, kind: FactKind): void {
    const outer = this.sim.enter(this.#why.at(node));
    // Told first: who hears of it may ask which evictions were refused.
    this.sim.enter(this.sim.emit(kind, node));
    this.stop(node);
    this.drained.emit(node);
    this.sim.leave(outer);
  }
}
