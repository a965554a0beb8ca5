/** What the pods bound to a node request of it. Terminating pods count until their object is gone, as they do for kube-scheduler. */
import { type F64Column, type I32Column, NONE } from '../../sim/entities.ts';
import type { NodeId, PodId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Machines } from '../places/machines.ts';
import { REFUSED } from './refused.ts';

export class Requested {
  readonly cpuMillis: I32Column<NodeId>;
  readonly memoryMib: F64Column<NodeId>;
  readonly pods: I32Column<NodeId>;
  readonly #machines: Machines;
  readonly #pods: Pods;

  constructor(machines: Machines, pods: Pods) {
    this.#machines = machines;
    this.#pods = pods;
    this.cpuMillis = machines.table.i32('requestedCpuMillis');
    this.memoryMib = machines.table.f64('requestedMemoryMib');
    this.pods = machines.table.i32('requestedPods');
    pods.assigned.subscribe((pod) => this.#account(pod, 1));
    pods.removing.subscribe((pod) => this.#account(pod, -1));
  }

  /** Requests that are there from the beginning: daemons of the cluster. */
  reserve(node: NodeId, cpuMillis: number, memoryMib: number, pods: number): void {
    this.cpuMillis.add(node, cpuMillis);
    this.memoryMib.set(node, this.memoryMib.at(node) + memoryMib);
    this.pods.add(node, pods);
  }

  #account(pod: PodId, sign: 1 | -1): void {
    const node = this.#pods.node.at(pod);
    if (node === NONE) return;
    const set = this.#pods.set.at(pod);
    this.cpuMillis.add(node, sign * this.#pods.sets.cpuMillis.at(set));
    this.memoryMib.set(node, this.memoryMib.at(node) + sign * this.#pods.sets.memoryMib.at(set));
    this.pods.add(node, sign);
  }

  /** Which resource a further pod of that size would lack. */
  lacking(node: NodeId, cpuMillis: number, memoryMib: number): number {
    if (this.pods.at(node) + 1 > this.#machines.maxPods.at(node)) return REFUSED.pods;
    if (this.cpuMillis.at(node) + cpuMillis > this.#machines.cpuMillis.at(node)) return REFUSED.cpu;
    if (this.memoryMib.at(node) + memoryMib > this.#machines.memoryMib.at(node)) return REFUSED.memory;
    return REFUSED.none;
  }
}
