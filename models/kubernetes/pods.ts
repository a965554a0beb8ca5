/**
 * Pod objects, as the API knows them: created, bound, deleted, gone. What becomes of their processes is the kubelet's (`kubelets.ts`,
 * `containers.ts`), how many a set has its controller's (`set-controllers.ts`), and whether the API believes one Ready is kept by
 * `endpoints.ts`: outages live between what a process does and what the API believes.
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { CauseId, FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId, PodId, ReleaseId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import { Containers } from './containers.ts';
import { Kubelets } from './kubelets.ts';
import { SetControllers } from './set-controllers.ts';
import type { Sets } from './sets.ts';

export class Pods {
  readonly table: Table<PodId>;
  readonly set: I32Column<PodId, SetId>;
  readonly ordinal: I32Column<PodId>;
  readonly node: I32Column<PodId, NodeId>;
  readonly ofSet: Membership<SetId, PodId>;
  readonly ofNode: Membership<NodeId, PodId>;
  /** Pods that their set does not count: of a virtual machine that moves, the one that comes, then the one that goes. */
  readonly extra: U8Column<PodId>;
  /** The release of the template that it was made from, and how often that had been rendered anew. */
  readonly template: I32Column<PodId, ReleaseId>;
  readonly #revision: I32Column<PodId>;
  /** What their processes do. */
  readonly containers: Containers;
  /** Who starts and ends those. */
  readonly kubelets: Kubelets;
  /** Who creates and deletes pods for their sets. */
  readonly controllers: SetControllers;
  readonly #terminating: U8Column<PodId>;
  readonly #outlived: U8Column<PodId>;
  readonly #deletedFact: FactKind;
  readonly #evictedFact: FactKind;
  readonly #boundFact: FactKind;

  /** A new pod wants a node. */
  readonly created = new Signal<[pod: PodId]>();
  /** The pod has a node from now on. */
  readonly assigned = new Signal<[pod: PodId]>();
  /** The pod is being deleted. */
  readonly terminated = new Signal<[pod: PodId]>();
  /** The pod object goes without word from its kubelet, its volume is still attached there. */
  readonly orphaned = new Signal<[pod: PodId]>();
  /** The pod object is about to go; it still knows its node and set. */
  readonly removing = new Signal<[pod: PodId]>();

  /** The API believes the pod Ready. Given by the endpoints. */
  available: (pod: PodId) => boolean = () => true;
  /** Whether the controllers of a cluster wait for every pod of a StatefulSet before they update the next one; by their version. */
  updatesWaitForAll: (cluster: ClusterId) => boolean = () => false;
  /** Whether the set wants a pod of that ordinal; virtual machines of workers that do not exist are not wanted. */
  wants: (set: SetId, ordinal: number) => boolean = () => true;

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
    this.#revision = this.table.i32('revision');
    this.#terminating = this.table.u8('terminating');
    this.#outlived = this.table.u8('outlived');
    this.ofSet = new Membership('pods of set', sets.table, this.table);
    this.ofNode = new Membership('pods of node', machines.table, this.table);
    this.#deletedFact = sim.factKind('pod-deleted');
    this.#evictedFact = sim.factKind('pod-evicted');
    this.#boundFact = sim.factKind('pod-bound');
    this.containers = new Containers(sim, this, parameters);
    this.kubelets = new Kubelets(sim, clusters, machines, contact, this, this.containers, (set) =>
      this.controllers.reconcile(set),
    );
    this.controllers = new SetControllers(sim, clusters, sets, this);
  }

  /** Its process does its work. */
  isRunning(pod: PodId): boolean {
    return this.containers.isRunning(pod);
  }
  terminating(pod: PodId): boolean {
    return this.#terminating.at(pod) === 1;
  }
  /** Its ordinal is free for another, or taken by one. */
  outlived(pod: PodId): boolean {
    return this.#outlived.at(pod) === 1;
  }
  /** Made from the template that its set has now. */
  current(pod: PodId): boolean {
    const { template, revision } = this.sets;
    const set = this.set.at(pod);
    return this.template.at(pod) === template.at(set) && this.#revision.at(pod) === revision.at(set);
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

  /** @param of from which template: the one that the set has, or the one that it had before */
  create(set: SetId, ordinal: number, of: 'updated' | 'former' = 'updated'): PodId {
    const { template, revision, formerTemplate, formerRevision } = this.sets;
    const isNew = of === 'updated';
    const pod = this.table.add();
    this.set.set(pod, set);
    this.ordinal.set(pod, ordinal);
    this.template.set(pod, (isNew ? template : formerTemplate).at(set));
    this.#revision.set(pod, (isNew ? revision : formerRevision).at(set));
    this.ofSet.join(set, pod);
    this.created.emit(pod);
    return pod;
  }

  /** The scheduler's decision. */
  bind(pod: PodId, node: NodeId): void {
    this.#assign(pod, node);
    const outer = this.sim.enter(this.tell(this.#boundFact, pod));
    this.kubelets.bound(pod);
    this.sim.leave(outer);
  }

  /** Puts a pod in place at the beginning of a run, as if it had been running for long. */
  settle(pod: PodId, node: NodeId): void {
    this.#assign(pod, node);
    this.containers.settle(pod);
  }

  #assign(pod: PodId, node: NodeId): void {
    this.node.set(pod, node);
    this.ofNode.join(node, pod);
    this.assigned.emit(pod);
  }

  /**
   * Deletes a pod by the API: for a rollout or by hand, or because it is evicted from its node (Eviction API, taints). Where the kubelet hears of it, the process is told to stop and the object goes when it has
   * exited: a server of an API goes on answering until no proxy sends it anything any more. Else the object stays, Terminating,
   * until the kubelet is back, and so does the process of one that was only cut off.
   */
  delete(pod: PodId, why: 'deleted' | 'evicted' = 'deleted'): void {
    if (this.terminating(pod)) return;
    this.#terminating.set(pod, 1);
    const told = this.tell(why === 'evicted' ? this.#evictedFact : this.#deletedFact, pod);
    this.containers.stoppedFor.set(pod, told);
    const outer = this.sim.enter(told);
    this.terminated.emit(pod);
    const node = this.node.at(pod);
    if (node === NONE || this.contact.present(node)) this.kubelets.end(pod);
    else this.controllers.reconcile(this.set.at(pod));
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

  /**
   * Removes a pod's object although its kubelet does not answer.
   * @param volume attached: it stays where it is until it is forced off; detached: the node is out of service, its volumes are free
   */
  forceDelete(pod: PodId, volume: 'attached' | 'detached' = 'attached'): void {
    const outer = this.sim.enter(this.sim.cause);
    if (!this.terminating(pod)) {
      this.#terminating.set(pod, 1);
      this.sim.enter(this.tell(this.#deletedFact, pod));
      this.terminated.emit(pod);
    }
    if (volume === 'attached') this.orphaned.emit(pod);
    this.remove(pod);
    this.sim.leave(outer);
  }

  /** The object goes, and with it what is left of the process. */
  remove(pod: PodId): void {
    const set = this.set.at(pod);
    this.kubelets.forget(pod);
    this.removing.emit(pod);
    this.ofNode.leave(pod);
    this.ofSet.leave(pod);
    this.table.remove(pod);
    this.controllers.reconcile(set);
  }
}
