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
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { NodeLifecycle } from './node-lifecycle.ts';
import type { Pods } from './pods.ts';
import { Retries } from './retries.ts';

export class Orphans {
  readonly #deletion: Retries;
  readonly #collection: Timer<NodeId>;
  readonly #deletedFact: FactKind;

  /** The node's object is gone. */
  readonly deleted = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly lifecycle: NodeLifecycle,
    readonly parameters: ParameterValues,
  ) {
    const { monitorPeriod } = parameters.node;
    this.#deletion = new Retries(sim, clusters, machines, 'node-deleted', monitorPeriod, (node) =>
      this.#delete(node),
    );
    this.#collection = new Timer(sim, machines.table, 'orphans-collected', 'control', (node) =>
      this.#collect(node),
    );
    this.#deletedFact = sim.factKind('node-deleted');
    machines.started.subscribe((node) => this.#deletion.cancel(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#deletion.wake(cluster));
  }

  /** Has a node's object deleted later, unless its machine is back by then. */
  deleteAfter(node: NodeId, delay: number): void {
    this.#deletion.after(node, delay);
  }

  /** False while there is no API to delete it from. */
  #delete(node: NodeId): boolean {
    if (!this.lifecycle.registered(node) || this.machines.running(node)) return true;
    if (!this.clusters.apiUp(this.machines.cluster.at(node))) return false;
    const outer = this.sim.enter(this.sim.emit(this.#deletedFact, node));
    this.lifecycle.deregister(node);
    this.deleted.emit(node);
    this.#quarantine(node);
    this.sim.leave(outer);
    return true;
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
