/**
 * Workers of hosted clusters: machines with a Konnectivity agent each. On KubeVirt a worker is a virtual machine, a pod of the
 * management cluster, and has power while that pod runs.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { AgentId, ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Machines } from '../places/machines.ts';
import type { Konnectivity } from './konnectivity.ts';
import { ROLE } from './roles.ts';

export class Workers {
  readonly #agent: I32Column<NodeId, AgentId>;
  /** First worker of a set of virtual machines; the others follow by ordinal. */
  readonly #ofVirtualMachines: I32Column<SetId, NodeId>;

  constructor(
    readonly machines: Machines,
    readonly pods: Pods,
    readonly konnectivity: Konnectivity,
    readonly lifecycle: NodeLifecycle,
  ) {
    this.#agent = machines.table.i32('agent', NONE);
    this.#ofVirtualMachines = pods.sets.table.i32('workers', NONE);
    pods.running.subscribe((pod) => this.#power(pod, true));
    pods.stopped.subscribe((pod) => this.#power(pod, false));
    machines.lost.subscribe((node) => {
      if (this.#agent.at(node) !== NONE) konnectivity.agentDown(this.#agent.at(node), false);
    });
    machines.started.subscribe((node) => {
      if (this.#agent.at(node) !== NONE) konnectivity.agentUp(this.#agent.at(node));
    });
  }

  /** Gives a worker its agent; one without power has none that runs. */
  enter(node: NodeId, cluster: ClusterId): void {
    const agent = this.konnectivity.add(cluster, this.machines.key(node));
    this.#agent.set(node, agent);
    if (!this.machines.running(node)) this.konnectivity.agentDown(agent, true);
  }

  /** Makes a set of virtual machines the hosts of consecutive workers. */
  hostedBy(set: SetId, first: NodeId): void {
    this.#ofVirtualMachines.set(set, first);
  }

  /** At the beginning of a run: the worker in that virtual machine has been running for long. */
  settle(pod: PodId): void {
    const set = this.pods.set.at(pod);
    if (this.pods.sets.role.at(set) !== ROLE['virtual-machine']) return;
    const worker = this.#worker(pod);
    this.machines.settle(worker);
    this.lifecycle.settle(worker);
    this.konnectivity.agentUp(this.#agent.at(worker));
  }

  #worker(pod: PodId): NodeId {
    return (this.#ofVirtualMachines.at(this.pods.set.at(pod)) + this.pods.ordinal.at(pod)) as NodeId;
  }

  #power(pod: PodId, on: boolean): void {
    if (this.pods.sets.role.at(this.pods.set.at(pod)) !== ROLE['virtual-machine']) return;
    if (on) this.machines.repair(this.#worker(pod));
    else this.machines.fail(this.#worker(pod));
  }
}
