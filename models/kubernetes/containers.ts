/**
 * The containers of a pod as one process: created, its init containers waiting for what it needs, started, at work, down. Who starts and
 * ends them is their kubelet (`kubelets.ts`); what a kubelet does when they fail is in `container-restarts.ts`.
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import { ContainerRestarts } from './container-restarts.ts';
import { PHASE } from './pod-phases.ts';
import { type Sets, WAITS_FOR } from './sets.ts';

/** Tells whether what a pod's init containers wait for is there. Given by the hosted control plane model. */
export type DependencyCheck = (pod: PodId) => boolean;

/** What containers need to know of their pod. */
export interface PodOfContainers {
  readonly table: Table<PodId>;
  readonly sets: Sets;
  readonly set: I32Column<PodId, SetId>;
  readonly node: I32Column<PodId, NodeId>;
  tell(kind: FactKind, pod: PodId): CauseId;
}

export class Containers {
  /** How many pods of a set do their work. */
  readonly runningOf: I32Column<SetId>;
  /** The fact for which the process last stopped, or is told to stop; BEGINNING when it never was. */
  readonly stoppedFor: I32Column<PodId, CauseId>;
  /** Containers that fail, and when they are tried again. */
  readonly restarts: ContainerRestarts;
  readonly #phase: U8Column<PodId>;
  /** Some container of it has started, init containers aside. */
  readonly #begun: U8Column<PodId>;
  /** Faults that keep the pod's containers down. */
  readonly #holds: I32Column<PodId>;
  readonly #start: Timer<PodId>;
  readonly #ready: Timer<PodId>;
  readonly #readyFact: FactKind;

  /** The pod got on (or back) in its life without starting or ceasing to do its work. */
  readonly progressed = new Signal<[pod: PodId]>();
  /** The process began to do its work. */
  readonly running = new Signal<[pod: PodId]>();
  /** The process that did its work stopped. */
  readonly stopped = new Signal<[pod: PodId]>();

  dependencyMet: DependencyCheck = () => true;
  /** How much longer than its set's usual time the process takes to be ready, microseconds. */
  catchUp: (pod: PodId) => number = () => 0;
  /** How long the pod's volume takes to become attachable to its node. */
  attachDelay: (pod: PodId) => number = () => 0;

  constructor(
    readonly sim: Simulation,
    readonly pods: PodOfContainers,
    readonly parameters: ParameterValues,
  ) {
    const { table, sets } = pods;
    this.#phase = table.u8('phase', PHASE.pending);
    this.#begun = table.u8('begun');
    this.#holds = table.i32('holds');
    this.stoppedFor = table.i32('stoppedFor', BEGINNING);
    this.runningOf = sets.table.i32('running');
    this.restarts = new ContainerRestarts(sim, table, parameters, (pod) => this.create(pod));
    this.#start = new Timer(sim, table, 'containers-started', 'recover', (pod) => this.#started(pod));
    this.#ready = new Timer(sim, table, 'pod-ready', 'recover', (pod) => this.#becomeRunning(pod));
    this.#readyFact = sim.factKind('pod-ready');
  }

  phase(pod: PodId): number {
    return this.#phase.at(pod);
  }
  isRunning(pod: PodId): boolean {
    return this.#phase.at(pod) === PHASE.running;
  }
  /**
   * What the pod's status.phase says is Pending: it has no node, or none of its containers has ever started, init containers aside. One
   * whose containers are made again is not (kubernetes/kubernetes pkg/kubelet/kubelet_pods.go getPhase).
   */
  pending(pod: PodId): boolean {
    return this.#begun.at(pod) === 0;
  }

  /** At the beginning of a run: the process has been at work for long. */
  settle(pod: PodId): void {
    this.#begun.set(pod, 1);
    this.#phase.set(pod, PHASE.running);
    this.runningOf.add(this.pods.set.at(pod), 1);
  }
  /** At the beginning of a run: what the pod waits for never came, so its init containers wait. */
  settleWaiting(pod: PodId): void {
    this.#begun.set(pod, 0);
    this.#phase.set(pod, PHASE.waiting);
    this.runningOf.add(this.pods.set.at(pod), -1);
  }

  /** The kubelet sets about them. */
  create(pod: PodId): void {
    const start = this.attachDelay(pod) + this.parameters.pod.start;
    if (this.#holds.at(pod) > 0) {
      this.#begun.set(pod, 1);
      this.restarts.fail(pod, this.sim.now + start);
      this.#enter(pod, PHASE.down);
      return;
    }
    this.#enter(pod, PHASE.creating);
    this.#start.after(pod, start);
  }
  /** The pod has a node, whose kubelet does not set about them yet. */
  keepDown(pod: PodId): void {
    this.#enter(pod, PHASE.down);
  }
  /** What the pod's init containers wait for may be there now. */
  recheck(pod: PodId): void {
    if (this.#phase.at(pod) === PHASE.waiting && this.dependencyMet(pod)) this.#startProcess(pod);
  }

  /** A fault makes the containers fail, now and at every try until `release`. */
  hold(pod: PodId): void {
    this.#holds.add(pod, 1);
    const down = this.pods.node.at(pod) === NONE || this.#phase.at(pod) === PHASE.down;
    if (!down || this.restarts.failing(pod)) this.restarts.fail(pod, this.sim.now);
    if (down) return;
    this.#begun.set(pod, 1);
    const worked = this.isRunning(pod);
    this.stop(pod);
    if (!worked) this.progressed.emit(pod);
  }
  /**
   * One reason less to fail; after the last one, containers that failed are up again at the next try of their kubelet.
   * @param failsAfter microseconds that each try lasted; by default as long as that of any process that fails
   * @returns whether they are down without having failed, so that somebody has to create them
   */
  release(pod: PodId, failsAfter?: number): boolean {
    if (this.#holds.add(pod, -1) > 0 || this.#phase.at(pod) !== PHASE.down) return false;
    if (!this.restarts.failing(pod)) return true;
    this.restarts.mend(pod, failsAfter);
    if (this.restarts.backingOff(pod)) this.progressed.emit(pod);
    return false;
  }

  stop(pod: PodId): void {
    if (this.#phase.at(pod) !== PHASE.down) this.stoppedFor.set(pod, this.sim.cause);
    const worked = this.isRunning(pod);
    this.#start.cancel(pod);
    this.#ready.cancel(pod);
    this.#phase.set(pod, PHASE.down);
    if (!worked) return;
    this.runningOf.add(this.pods.set.at(pod), -1);
    this.stopped.emit(pod);
  }

  #enter(pod: PodId, phase: number): void {
    this.#phase.set(pod, phase);
    this.progressed.emit(pod);
  }

  #started(pod: PodId): void {
    const { set, sets } = this.pods;
    if (sets.waitsFor.at(set.at(pod)) === WAITS_FOR.nothing || this.dependencyMet(pod))
      this.#startProcess(pod);
    else this.#enter(pod, PHASE.waiting);
  }

  #startProcess(pod: PodId): void {
    const { set, sets } = this.pods;
    this.#begun.set(pod, 1);
    this.#enter(pod, PHASE.starting);
    // Whoever hears that it starts may know that it fails at once.
    if (this.#phase.at(pod) !== PHASE.starting) return;
    this.#ready.after(pod, sets.ready.at(set.at(pod)) + this.catchUp(pod));
  }

  #becomeRunning(pod: PodId): void {
    this.#phase.set(pod, PHASE.running);
    this.runningOf.add(this.pods.set.at(pod), 1);
    const outer = this.sim.enter(this.pods.tell(this.#readyFact, pod));
    this.running.emit(pod);
    this.sim.leave(outer);
  }
}
