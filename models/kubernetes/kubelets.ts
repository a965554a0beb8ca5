/**
 * What kubelets do about the pods of their nodes: start those that they hear of, end those that are being deleted, and, when they have
 * been out of contact, ask the API what they missed.
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Machines } from '../places/machines.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Containers } from './containers.ts';
import { PHASE } from './pod-phases.ts';
import type { Sets } from './sets.ts';

/** What a kubelet knows of pod objects, and does to them. */
export interface PodsOfNodes {
  readonly table: Table<PodId>;
  readonly sets: Sets;
  readonly set: I32Column<PodId, SetId>;
  readonly node: I32Column<PodId, NodeId>;
  readonly ofNode: Membership<NodeId, PodId>;
  terminating(pod: PodId): boolean;
  /** Its object goes. */
  remove(pod: PodId): void;
}

export class Kubelets {
  /** The kubelet knows its pods: after a boot it has to ask the API first. */
  readonly #synced: U8Column<NodeId>;
  /** The kubelet was out of contact and has not asked the API since: there may be pods to end and to start. */
  readonly #behind: U8Column<NodeId>;
  /** The next step of a process that was told to stop. */
  readonly #exit: Timer<PodId>;

  constructor(
    sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly contact: Contact,
    readonly pods: PodsOfNodes,
    readonly containers: Containers,
    /** Tells the controller of a set that a pod of it is on its way out. */
    readonly ending: (set: SetId) => void,
  ) {
    this.#synced = machines.table.u8('podsSynced', 1);
    this.#behind = machines.table.u8('behind');
    this.#exit = new Timer(sim, pods.table, 'process-exits', 'control', (pod) => this.#exited(pod));
    machines.lost.subscribe((node) => this.#nodeLost(node));
    contact.lost.subscribe((node) => this.#behind.set(node, 1));
    contact.made.subscribe((node) => this.#sync(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#syncAll(cluster));
  }

  /** The pod was bound to its node. A kubelet that does not run or does not hear of it does nothing until it does. */
  bound(pod: PodId): void {
    const node = this.pods.node.at(pod);
    if (this.#synced.at(node) === 1 && this.contact.present(node)) this.containers.create(pod);
    else this.containers.keepDown(pod);
  }

  /** The process of the pod is told to stop; it answers on until it has ended what it is about. */
  stopping(pod: PodId): boolean {
    return this.containers.isRunning(pod) && this.#exit.armed(pod);
  }

  /** A fault makes the containers fail, now and at every try until `release`; nobody restarts those of a pod that is to go anyway. */
  hold(pod: PodId): void {
    if (this.#exit.armed(pod)) this.pods.remove(pod);
    else this.containers.hold(pod);
  }
  /**
   * One reason less to fail; the last one leaves the containers to the next try of their kubelet.
   * @param failsAfter microseconds that each try lasted; by default as long as that of any process that fails
   */
  release(pod: PodId, failsAfter?: number): void {
    if (this.containers.release(pod, failsAfter) && this.#synced.at(this.pods.node.at(pod)) === 1)
      this.containers.create(pod);
  }

  /** The kubelet hears that the pod is being deleted, and ends one that may have something to finish. */
  end(pod: PodId): void {
    if (this.#exit.armed(pod)) return;
    if (!this.containers.isRunning(pod)) {
      this.pods.remove(pod);
      return;
    }
    const set = this.pods.set.at(pod);
    const shutdown = this.pods.sets.shutdown.at(set);
    if (shutdown === 0) this.#exited(pod);
    else {
      this.#exit.after(pod, shutdown);
      this.containers.progressed.emit(pod);
    }
    this.ending(set);
  }
  /** Its process answers no more, and the object goes when all is cleared away. */
  #exited(pod: PodId): void {
    if (!this.containers.isRunning(pod)) this.pods.remove(pod);
    else {
      this.containers.stop(pod);
      this.#exit.after(pod, this.pods.sets.exit.at(this.pods.set.at(pod)));
    }
  }
  /** The object goes, whatever the kubelet is about. */
  forget(pod: PodId): void {
    this.#exit.cancel(pod);
    this.containers.stop(pod);
  }

  #nodeLost(node: NodeId): void {
    this.#synced.set(node, 0);
    const { ofNode } = this.pods;
    for (let pod = ofNode.first(node); pod !== NONE; pod = ofNode.next(pod)) {
      this.#exit.cancel(pod);
      this.containers.restarts.forget(pod);
      this.containers.stop(pod);
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
    const { containers } = this;
    for (const pod of this.pods.ofNode.list(node)) {
      if (this.pods.terminating(pod)) this.end(pod);
      else if (containers.phase(pod) === PHASE.down && !containers.restarts.backingOff(pod))
        containers.create(pod);
    }
  }

  #syncAll(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (this.contact.present(node) && this.#behind.at(node) === 1) this.#sync(node);
    }
  }
}
