/**
 * Pods: created, bound, started, ready, stopped, deleted. Two truths are kept apart, because outages live between them: what the
 * process does (`phase`) and what the API believes (`apiReady`, kept by `endpoints.ts`).
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, ReleaseId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import { ContainerRestarts } from './container-restarts.ts';
import { PHASE } from './pod-phases.ts';
import { reconcileSet } from './reconcile.ts';
import { type Sets, WAITS_FOR } from './sets.ts';

/** Tells whether what a pod's init containers wait for is there. Given by the hosted control plane model. */
export type DependencyCheck = (pod: PodId) => boolean;

export class Pods {
  readonly table: Table<PodId>;
  readonly set: I32Column<PodId, SetId>;
  readonly ordinal: I32Column<PodId>;
  readonly node: I32Column<PodId, NodeId>;
  readonly ofSet: Membership<SetId, PodId>;
  readonly ofNode: Membership<NodeId, PodId>;
  /** Pods that their set does not count: of a virtual machine that moves, the one that comes, then the one that goes. */
  readonly extra: U8Column<PodId>;
  /** The release of the template that it was made from. */
  readonly template: I32Column<PodId, ReleaseId>;
  /** How many pods of a set do their work. */
  readonly runningOf: I32Column<SetId>;
  /** Containers that fail, and when they are tried again. */
  readonly restarts: ContainerRestarts;
  readonly #phase: U8Column<PodId>;
  readonly #terminating: U8Column<PodId>;
  /** Some container of it has started, init containers aside. */
  readonly #begun: U8Column<PodId>;
  readonly #outlived: U8Column<PodId>;
  /** Faults that keep the pod's containers down. */
  readonly #holds: I32Column<PodId>;
  /** The kubelet knows its pods: after a boot it has to ask the API first. */
  readonly #synced: U8Column<NodeId>;
  /** The kubelet was out of contact and has not asked the API since: there may be pods to end and to start. */
  readonly #behind: U8Column<NodeId>;
  /** What its process last stopped for, or is told to stop for. */
  readonly #stoppedFor: I32Column<PodId, CauseId>;
  /** What a set was scaled to 0 for. */
  readonly #scaledFor: I32Column<SetId, CauseId>;
  /** The set whose controller is at work, which looks again afterwards when a pod of it went meanwhile. */
  #reconciled: SetId | typeof NONE = NONE;
  #again = false;
  readonly #start: Timer<PodId>;
  readonly #ready: Timer<PodId>;
  /** The next step of a process that was told to stop. */
  readonly #exit: Timer<PodId>;
  readonly #evictedFact: FactKind;
  readonly #readyFact: FactKind;
  readonly #boundFact: FactKind;

  /** A new pod wants a node. */
  readonly created = new Signal<[pod: PodId]>();
  /** The pod has a node from now on. */
  readonly assigned = new Signal<[pod: PodId]>();
  /** The pod got on (or back) in its life without starting or ceasing to do its work. */
  readonly progressed = new Signal<[pod: PodId]>();
  /** The process began to do its work. */
  readonly running = new Signal<[pod: PodId]>();
  /** The process that did its work stopped. */
  readonly stopped = new Signal<[pod: PodId]>();
  /** The pod is being deleted. */
  readonly terminated = new Signal<[pod: PodId]>();
  /** The pod object goes without word from its kubelet, its volume is still attached there. */
  readonly orphaned = new Signal<[pod: PodId]>();
  /** The pod object is about to go; it still knows its node and set. */
  readonly removing = new Signal<[pod: PodId]>();

  dependencyMet: DependencyCheck = () => true;
  /** The API believes the pod Ready. Given by the endpoints. */
  available: (pod: PodId) => boolean = () => true;
  /** Whether the controllers of a cluster wait for every pod of a StatefulSet before they update the next one; by their version. */
  updatesWaitForAll: (cluster: ClusterId) => boolean = () => false;
  /** Whether the set wants a pod of that ordinal; virtual machines of workers that do not exist are not wanted. */
  wants: (set: SetId, ordinal: number) => boolean = () => true;
  /** How much longer than its set's usual time the process takes to be ready, microseconds. */
  catchUp: (pod: PodId) => number = () => 0;
  /** How long the pod's volume takes to become attachable to its node. */
  attachDelay: (pod: PodId) => number = () => 0;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly contact: Contact,
    readonly sets: Sets,
    readonly parameters: ParameterValues,
  ) {
    this.table = sim.table<PodId>('pod', 256);
    this.set = this.table.i32('set', NONE);
    this.ordinal = this.table.i32('ordinal');
    this.node = this.table.i32('node', NONE);
    this.extra = this.table.u8('extra');
    this.template = this.table.i32('template', NONE);
    this.#phase = this.table.u8('phase', PHASE.pending);
    this.#terminating = this.table.u8('terminating');
    this.#begun = this.table.u8('begun');
    this.#outlived = this.table.u8('outlived');
    this.#holds = this.table.i32('holds');
    this.#stoppedFor = this.table.i32('stoppedFor', BEGINNING);
    this.#scaledFor = sets.table.i32('scaledFor', BEGINNING);
    this.#synced = machines.table.u8('podsSynced', 1);
    this.#behind = machines.table.u8('behind');
    this.runningOf = sets.table.i32('running');
    this.ofSet = new Membership('pods of set', sets.table, this.table);
    this.ofNode = new Membership('pods of node', machines.table, this.table);
    this.restarts = new ContainerRestarts(sim, this.table, parameters, (pod) => this.#create(pod));
    this.#start = new Timer(sim, this.table, 'containers-started', 'recover', (pod) =>
      this.#containersStarted(pod),
    );
    this.#ready = new Timer(sim, this.table, 'pod-ready', 'recover', (pod) => this.#becomeRunning(pod));
    this.#exit = new Timer(sim, this.table, 'process-exits', 'control', (pod) => this.#end(pod));
    this.#evictedFact = sim.factKind('pod-evicted');
    this.#readyFact = sim.factKind('pod-ready');
    this.#boundFact = sim.factKind('pod-bound');
    machines.lost.subscribe((node) => this.#nodeLost(node));
    contact.lost.subscribe((node) => this.#behind.set(node, 1));
    contact.made.subscribe((node) => this.#sync(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#syncAll(cluster));
    clusters.controllersChanged.subscribe((cluster, live) => this.#catchUp(cluster, live));
    clusters.apiChanged.subscribe((cluster, up) => this.#catchUp(cluster, up));
  }

  /** The fact for which its process last stopped, or is told to stop; BEGINNING when it never was. */
  stoppedFor(pod: PodId): CauseId {
    return this.#stoppedFor.at(pod);
  }
  phase(pod: PodId): number {
    return this.#phase.at(pod);
  }
  isRunning(pod: PodId): boolean {
    return this.#phase.at(pod) === PHASE.running;
  }
  /**
   * What its status.phase says is Pending: it has no node, or none of its containers has ever started, init containers aside. One whose
   * containers are made again is not (kubernetes/kubernetes pkg/kubelet/kubelet_pods.go getPhase).
   */
  pending(pod: PodId): boolean {
    return this.#begun.at(pod) === 0;
  }
  terminating(pod: PodId): boolean {
    return this.#terminating.at(pod) === 1;
  }
  /** Its kubelet has told the process to stop, which answers on until it has ended what it is about. */
  stopping(pod: PodId): boolean {
    return this.isRunning(pod) && this.#exit.armed(pod);
  }
  cluster(pod: PodId): ClusterId {
    return this.sets.cluster.at(this.set.at(pod));
  }
  /** `kube-apiserver-0`. */
  name(pod: PodId): string {
    return `${this.sets.names[this.set.at(pod)]}-${this.ordinal.at(pod)}`;
  }

  /** Records a fact about a pod by set and ordinal: those outlive the row. */
  tell(kind: FactKind, pod: PodId): CauseId {
    return this.sim.emit(kind, this.set.at(pod), this.ordinal.at(pod));
  }

  /** `hosted/tenant-0/kube-apiserver-0`: unique in a fleet, the key of the pod's own random streams. */
  identity(pod: PodId): string {
    const served = this.sets.serves.at(this.set.at(pod));
    return `${this.clusters.key(served)}/${this.name(pod)}`;
  }

  /** The live pod of a set with that ordinal, or NONE. */
  find(set: SetId, ordinal: number): PodId | typeof NONE {
    for (let pod = this.ofSet.first(set); pod !== NONE; pod = this.ofSet.next(pod)) {
      if (this.ordinal.at(pod) === ordinal && !this.terminating(pod) && this.extra.at(pod) === 0) return pod;
    }
    return NONE;
  }

  create(set: SetId, ordinal: number, template = this.sets.template.at(set)): PodId {
    const pod = this.table.add();
    this.set.set(pod, set);
    this.ordinal.set(pod, ordinal);
    this.template.set(pod, template);
    this.ofSet.join(set, pod);
    this.created.emit(pod);
    return pod;
  }

  /** The scheduler's decision. A kubelet that does not run or does not hear of it does nothing until it does. */
  bind(pod: PodId, node: NodeId): void {
    this.#assign(pod, node);
    const outer = this.sim.enter(this.tell(this.#boundFact, pod));
    if (this.#synced.at(node) === 1 && this.contact.present(node)) this.#create(pod);
    else this.#enter(pod, PHASE.down);
    this.sim.leave(outer);
  }

  /** Puts a pod in place at the beginning of a run, as if it had been running for long. */
  settle(pod: PodId, node: NodeId): void {
    this.#assign(pod, node);
    this.#begun.set(pod, 1);
    this.#phase.set(pod, PHASE.running);
    this.runningOf.add(this.set.at(pod), 1);
  }

  /** At the beginning of a run: what the pod waits for never came, so its init containers wait. */
  settleWaiting(pod: PodId): void {
    this.#begun.set(pod, 0);
    this.#phase.set(pod, PHASE.waiting);
    this.runningOf.add(this.set.at(pod), -1);
  }

  /** What the pod's init containers wait for may be there now. */
  recheck(pod: PodId): void {
    if (this.#phase.at(pod) === PHASE.waiting && this.dependencyMet(pod)) this.#startProcess(pod);
  }

  /** A fault makes the containers fail, now and at every try until `release`; nobody restarts those of a pod that is to go anyway. */
  hold(pod: PodId): void {
    this.#holds.add(pod, 1);
    if (this.#exit.armed(pod)) {
      this.#remove(pod);
      return;
    }
    const down = this.node.at(pod) === NONE || this.#phase.at(pod) === PHASE.down;
    if (!down || this.restarts.failing(pod)) this.restarts.fail(pod, this.sim.now);
    if (down) return;
    this.#begun.set(pod, 1);
    const worked = this.isRunning(pod);
    this.#stop(pod);
    if (!worked) this.progressed.emit(pod);
  }
  /**
   * One reason less to fail; the last one leaves the containers to the next try of their kubelet.
   * @param failsAfter microseconds that each try lasted; by default as long as that of any process that fails
   */
  release(pod: PodId, failsAfter?: number): void {
    if (this.#holds.add(pod, -1) > 0 || this.#phase.at(pod) !== PHASE.down) return;
    if (this.restarts.failing(pod)) {
      this.restarts.mend(pod, failsAfter);
      if (this.restarts.backingOff(pod)) this.progressed.emit(pod);
    } else if (this.#synced.at(this.node.at(pod)) === 1) this.#create(pod);
  }

  /**
   * Deletes a pod by the API (eviction, rollout). Where the kubelet hears of it, the process is told to stop and the object goes when it has
   * exited: a server of an API goes on answering until no proxy sends it anything any more. Else the object stays, Terminating,
   * until the kubelet is back, and so does the process of one that was only cut off.
   */
  delete(pod: PodId): void {
    if (this.terminating(pod)) return;
    this.#terminating.set(pod, 1);
    const told = this.tell(this.#evictedFact, pod);
    this.#stoppedFor.set(pod, told);
    const outer = this.sim.enter(told);
    this.terminated.emit(pod);
    const node = this.node.at(pod);
    if (node === NONE || this.contact.present(node)) this.#terminate(pod);
    else this.reconcile(this.set.at(pod));
    this.sim.leave(outer);
  }

  /**
   * Deletes a pod whose ordinal is free from now on: what it was for is gone, and the next to have the ordinal is something new with a
   * pod of another name, which waits for no kubelet.
   */
  outlive(pod: PodId): void {
    this.#outlived.set(pod, 1);
    this.delete(pod);
  }
  /** Its ordinal is free for another, or taken by one. */
  outlived(pod: PodId): boolean {
    return this.#outlived.at(pod) === 1;
  }

  /**
   * Removes a pod's object although its kubelet does not answer.
   * @param volume attached: it stays where it is until it is forced off; detached: the node is out of service, its volumes are free
   */
  forceDelete(pod: PodId, volume: 'attached' | 'detached' = 'attached'): void {
    const outer = this.sim.enter(this.sim.cause);
    if (!this.terminating(pod)) {
      this.#terminating.set(pod, 1);
      this.sim.enter(this.tell(this.#evictedFact, pod));
      this.terminated.emit(pod);
    }
    if (volume === 'attached') this.orphaned.emit(pod);
    this.#remove(pod);
    this.sim.leave(outer);
  }

  /** Gives a set another template: its pods are made anew from it, as its strategy says. */
  update(set: SetId, template: ReleaseId): void {
    const { sets } = this;
    if (sets.template.at(set) === template) return;
    sets.formerTemplate.set(set, sets.template.at(set));
    sets.template.set(set, template);
    if (sets.stateful.at(set) === 0) sets.formerReplicas.set(set, this.#formerPods(set));
    this.reconcile(set);
  }
  #formerPods(set: SetId): number {
    let former = 0;
    for (let pod = this.ofSet.first(set); pod !== NONE; pod = this.ofSet.next(pod))
      if (!this.terminating(pod) && this.template.at(pod) !== this.sets.template.at(set)) former++;
    return former;
  }

  /** Gives a set other replicas; its controller creates what lacks and deletes what is too much. */
  scale(set: SetId, replicas: number): void {
    this.sets.replicas.set(set, replicas);
    if (replicas === 0) this.#scaledFor.set(set, this.sim.cause);
    this.reconcile(set);
  }
  /** Somebody took all its pods during the run. */
  scaledToZero(set: SetId): boolean {
    return this.sets.replicas.at(set) === 0 && this.#scaledFor.at(set) !== BEGINNING;
  }
  /** The fact for which a set was last scaled to 0; BEGINNING when it never was. */
  scaledFor(set: SetId): CauseId {
    return this.#scaledFor.at(set);
  }

  #assign(pod: PodId, node: NodeId): void {
    this.node.set(pod, node);
    this.ofNode.join(node, pod);
    this.assigned.emit(pod);
  }

  #enter(pod: PodId, phase: number): void {
    this.#phase.set(pod, phase);
    this.progressed.emit(pod);
  }

  #create(pod: PodId): void {
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

  #containersStarted(pod: PodId): void {
    if (this.sets.waitsFor.at(this.set.at(pod)) === WAITS_FOR.nothing || this.dependencyMet(pod))
      this.#startProcess(pod);
    else this.#enter(pod, PHASE.waiting);
  }

  #startProcess(pod: PodId): void {
    this.#begun.set(pod, 1);
    this.#enter(pod, PHASE.starting);
    // Whoever hears that it starts may know that it fails at once.
    if (this.#phase.at(pod) !== PHASE.starting) return;
    this.#ready.after(pod, this.sets.ready.at(this.set.at(pod)) + this.catchUp(pod));
  }

  #becomeRunning(pod: PodId): void {
    this.#phase.set(pod, PHASE.running);
    this.runningOf.add(this.set.at(pod), 1);
    const outer = this.sim.enter(this.tell(this.#readyFact, pod));
    this.running.emit(pod);
    this.sim.leave(outer);
  }

  /** The kubelet ends a pod that may have something to finish. */
  #terminate(pod: PodId): void {
    if (this.#exit.armed(pod)) return;
    const set = this.set.at(pod);
    const shutdown = this.sets.shutdown.at(set);
    if (!this.isRunning(pod)) this.#remove(pod);
    else {
      if (shutdown === 0) this.#end(pod);
      else {
        this.#exit.after(pod, shutdown);
        this.progressed.emit(pod);
      }
      this.reconcile(set);
    }
  }
  /** Its process answers no more, and the object goes when all is cleared away. */
  #end(pod: PodId): void {
    if (!this.isRunning(pod)) this.#remove(pod);
    else {
      this.#stop(pod);
      this.#exit.after(pod, this.sets.exit.at(this.set.at(pod)));
    }
  }

  #stop(pod: PodId): void {
    if (this.#phase.at(pod) !== PHASE.down) this.#stoppedFor.set(pod, this.sim.cause);
    const worked = this.isRunning(pod);
    this.#start.cancel(pod);
    this.#ready.cancel(pod);
    this.#phase.set(pod, PHASE.down);
    if (!worked) return;
    this.runningOf.add(this.set.at(pod), -1);
    this.stopped.emit(pod);
  }

  #nodeLost(node: NodeId): void {
    this.#synced.set(node, 0);
    for (let pod = this.ofNode.first(node); pod !== NONE; pod = this.ofNode.next(pod)) {
      this.#exit.cancel(pod);
      this.restarts.forget(pod);
      this.#stop(pod);
    }
  }

  /**
   * A kubelet that comes into contact asks the API for its pods: it ends those that were deleted and starts those that it missed. One that
   * has booted starts none before it has an answer: nothing is kept over a reboot but static pods (kubernetes/kubernetes issue 30065).
   */
  #sync(node: NodeId): void {
    if (!this.clusters.apiUp(this.machines.cluster.at(node))) return;
    this.#synced.set(node, 1);
    this.#behind.set(node, 0);
    for (const pod of this.ofNode.list(node)) {
      if (this.terminating(pod)) this.#terminate(pod);
      else if (this.#phase.at(pod) === PHASE.down && !this.restarts.backingOff(pod)) this.#create(pod);
    }
  }

  #syncAll(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (this.contact.present(node) && this.#behind.at(node) === 1) this.#sync(node);
    }
  }

  #remove(pod: PodId): void {
    const set = this.set.at(pod);
    this.#exit.cancel(pod);
    this.#stop(pod);
    this.removing.emit(pod);
    this.ofNode.leave(pod);
    this.ofSet.leave(pod);
    this.table.remove(pod);
    this.reconcile(set);
  }

  /** The set's controller looks at it, if it can. */
  reconcile(set: SetId): void {
    if (this.#reconciled === set) {
      this.#again = true;
      return;
    }
    const outer = this.#reconciled;
    this.#reconciled = set;
    do {
      this.#again = false;
      reconcileSet(this.sets, this, this.clusters, set);
    } while (this.#again);
    this.#reconciled = outer;
  }

  /** Controllers that come back find what changed while they were away. */
  #catchUp(cluster: ClusterId, back: boolean): void {
    if (!back || !this.clusters.controlled(cluster)) return;
    for (let set = this.sets.ofCluster.first(cluster); set !== NONE; set = this.sets.ofCluster.next(set))
      this.reconcile(set);
  }
}
