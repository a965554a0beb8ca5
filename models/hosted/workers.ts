/**
 * Workers of hosted clusters: machines with a Konnectivity agent each. On KubeVirt a worker is a virtual machine, a pod of the
 * management cluster, and has power while that pod runs.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../sim/facts.ts';
import type { AgentId, ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Contact } from '../kubernetes/contact.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Machines } from '../places/machines.ts';
import type { Refusals } from '../scheduler/refused.ts';
import type { Konnectivity } from './konnectivity.ts';
import type { NodePools } from './node-pools.ts';
import { ROLE } from './roles.ts';

export class Workers {
  readonly #agent: I32Column<NodeId, AgentId>;
  readonly #workerOf: NodeId[] = [];
  /** Given once the scheduler exists. */
  refusals: Refusals = { refusal: () => BEGINNING };
  /** First worker of a set of virtual machines; the others follow by ordinal. */
  readonly #ofVirtualMachines: I32Column<SetId, NodeId>;

  constructor(
    readonly machines: Machines,
    readonly contact: Contact,
    readonly pods: Pods,
    readonly konnectivity: Konnectivity,
    readonly lifecycle: NodeLifecycle,
    readonly pools: NodePools,
  ) {
    this.#agent = machines.table.i32('agent', NONE);
    this.#ofVirtualMachines = pods.sets.table.i32('workers', NONE);
    pods.containers.running.subscribe((pod) => this.#power(pod, true));
    pods.containers.stopped.subscribe((pod) => this.#power(pod, false));
    pods.wants = (set, ordinal) => this.#wantsMachine(set, ordinal);
    pools.created.subscribe((node) => this.#created(node));
    pools.life.terminating.subscribe((node) => {
      const agent = this.#agent.at(node);
      if (konnectivity.belongs(agent)) konnectivity.leave(agent);
    });
    pools.deleted.subscribe((node) => this.#deleted(node));
    machines.lost.subscribe((node) => {
      const agent = this.#agent.at(node);
      if (agent !== NONE && konnectivity.belongs(agent))
        konnectivity.agentDown(agent, machines.closesConnections(node));
    });
    machines.started.subscribe((node) => this.#started(node));
  }

  /** Gives a worker its agent; one without power has none that runs, one that does not exist yet has none at all. */
  enter(node: NodeId, cluster: ClusterId): void {
    const agent = this.konnectivity.add(cluster, 'dataPlane', this.machines.key(node));
    this.#agent.set(node, agent);
    this.#workerOf[agent] = node;
    if (!this.machines.exists(node)) this.konnectivity.leave(agent);
    else if (!this.machines.running(node)) this.konnectivity.agentDown(agent, true);
  }

  /** A machine that boots for the first time brings its agent. */
  #started(node: NodeId): void {
    const agent = this.#agent.at(node);
    if (agent === NONE) return;
    if (!this.konnectivity.belongs(agent)) this.konnectivity.rejoin(agent, this.machines.cluster.at(node));
    this.konnectivity.agentUp(agent);
  }

  #created(node: NodeId): void {
    const set = this.#virtualMachinesOf(node);
    if (set !== NONE) this.pods.controllers.reconcile(set as SetId);
  }
  #deleted(node: NodeId): void {
    const pod = this.hostOf(node);
    if (pod !== NONE) this.pods.outlive(pod as PodId);
  }

  #wantsMachine(set: SetId, ordinal: number): boolean {
    const first = this.#ofVirtualMachines.at(set);
    return first === NONE || this.pools.life.wanted((first + ordinal) as NodeId);
  }

  /** Makes a set of virtual machines the hosts of consecutive workers. */
  hostedBy(set: SetId, first: NodeId): void {
    this.#ofVirtualMachines.set(set, first);
  }

  /** At the beginning of a run: the worker in that virtual machine has been running for long. */
  settle(pod: PodId): void {
    const set = this.pods.set.at(pod);
    if (this.pods.sets.role.at(set) !== ROLE['virtual-machine']) return;
    const worker = this.machineOf(pod);
    this.machines.settle(worker);
    this.contact.settle(worker);
    this.lifecycle.enter(worker);
    this.konnectivity.agentUp(this.#agent.at(worker));
  }

  /** The first worker of a cluster without power, and what it follows from: its loss, or that its virtual machine found no node. */
  lost(cluster: ClusterId): CauseId | undefined {
    const { machines } = this;
    for (let node = machines.ofCluster.first(cluster); node !== NONE; node = machines.ofCluster.next(node)) {
      if (!machines.running(node)) return this.causeOf(node);
    }
    return undefined;
  }
  causeOf(worker: NodeId): CauseId {
    const loss = this.machines.lastChange(worker);
    if (loss !== BEGINNING) return loss;
    const pod = this.hostOf(worker);
    return pod === NONE ? BEGINNING : this.refusals.refusal(pod as PodId);
  }
  agentOf(worker: NodeId): AgentId {
    return this.#agent.at(worker);
  }
  /** The worker that an agent runs on; undefined for those beside the control plane. */
  workerOf(agent: AgentId): NodeId | undefined {
    return this.#workerOf[agent];
  }

  /** The pod of the virtual machine that a worker is, or NONE. */
  hostOf(worker: NodeId): PodId | typeof NONE {
    const set = this.#virtualMachinesOf(worker);
    if (set === NONE) return NONE;
    const { ofSet } = this.pods;
    for (let pod = ofSet.first(set as SetId); pod !== NONE; pod = ofSet.next(pod))
      if (this.machineOf(pod) === worker && this.pods.extra.at(pod) === 0 && !this.pods.outlived(pod))
        return pod;
    return NONE;
  }

  /** The set of virtual machines that a worker is one of, or NONE. */
  #virtualMachinesOf(worker: NodeId): SetId | typeof NONE {
    const { sets } = this.pods;
    const cluster = this.machines.cluster.at(worker);
    for (let set = sets.ofServed.first(cluster); set !== NONE; set = sets.ofServed.next(set)) {
      const first = this.#ofVirtualMachines.at(set);
      if (first !== NONE && worker >= first && worker < first + sets.replicas.at(set)) return set;
    }
    return NONE;
  }

  /** The worker that runs in the pod of a virtual machine. */
  machineOf(pod: PodId): NodeId {
    return (this.#ofVirtualMachines.at(this.pods.set.at(pod)) + this.pods.ordinal.at(pod)) as NodeId;
  }

  #power(pod: PodId, on: boolean): void {
    if (this.pods.sets.role.at(this.pods.set.at(pod)) !== ROLE['virtual-machine']) return;
    // Of a machine that moves, the pod that counts has it in its hands; that of a deleted machine has none.
    if (this.pods.extra.at(pod) === 1 || this.pods.outlived(pod)) return;
    const worker = this.machineOf(pod);
    if (this.pools.life.hostChanged(worker, on)) return;
    if (on) this.machines.repair(worker);
    else this.machines.fail(worker);
  }
}
