/**
 * Nodes whose object is deleted, by a cloud controller that finds no machine behind it or by whoever replaces machines. Their pods are
 * orphans, which pod garbage collection removes after a quarantine, whatever their kubelet says
 * (kubernetes/kubernetes pkg/controller/podgc/gc_controller.go).
 */
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { Clusters } from './clusters.ts';
import type { NodeLifecycle } from './node-lifecycle.ts';
import type { Pods } from './pods.ts';

export class Orphans {
  readonly #deletion: Timer<NodeId>;
  readonly #collection: Timer<NodeId>;
  readonly #deletedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly lifecycle: NodeLifecycle,
    readonly parameters: ParameterValues,
  ) {
    this.#deletion = new Timer(sim, machines.table, 'node-deleted', 'control', (node) => this.#delete(node));
    this.#collection = new Timer(sim, machines.table, 'orphans-collected', 'control', (node) =>
      this.#collect(node),
    );
    this.#deletedFact = sim.factKind('node-deleted');
    machines.started.subscribe((node) => this.#deletion.cancel(node));
  }

  /** Has a node's object deleted later, unless its machine is back by then. */
  deleteAfter(node: NodeId, delay: number): void {
    this.#deletion.after(node, delay);
  }

  #delete(node: NodeId): void {
    if (!this.lifecycle.registered(node) || this.machines.running(node)) return;
    if (!this.clusters.apiUp(this.machines.cluster.at(node))) {
      this.#deletion.after(node, this.parameters.node.monitorPeriod);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#deletedFact, node));
    this.lifecycle.deregister(node);
    this.#quarantine(node);
    this.sim.leave(outer);
  }

  #quarantine(node: NodeId): void {
    const { orphanQuarantine, collectionPeriod } = this.parameters.pod;
    const u = this.sim.streams.stream('pod-gc', this.machines.key(node)).uniform();
    this.#collection.after(node, Math.round(orphanQuarantine + u * collectionPeriod));
  }

  #collect(node: NodeId): void {
    if (this.lifecycle.registered(node)) return;
    if (!this.clusters.controlled(this.machines.cluster.at(node))) this.#quarantine(node);
    else for (const pod of this.pods.ofNode.list(node)) this.pods.forceDelete(pod);
  }
}
