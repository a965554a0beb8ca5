/**
 * The taint node.kubernetes.io/out-of-service, which people or cloud controllers put on a node that is down for sure: no pod tolerates it,
 * pod garbage collection removes what is Terminating there at its next look, and volumes are detached at once instead of being forced
 * off after six minutes (kubernetes/website cluster-administration/node-shutdown.md, non-graceful node shutdown;
 * kubernetes/kubernetes pkg/controller/podgc/gc_controller.go). Whoever set it takes it off when the node is back.
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

export class OutOfService {
  readonly #taint: Timer<NodeId>;
  readonly #collection: Timer<NodeId>;
  readonly #taintedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly lifecycle: NodeLifecycle,
    readonly parameters: ParameterValues,
  ) {
    this.#taint = new Timer(sim, machines.table, 'out-of-service', 'control', (node) => this.#tainted(node));
    this.#collection = new Timer(sim, machines.table, 'out-of-service-collected', 'control', (node) =>
      this.#collect(node),
    );
    this.#taintedFact = sim.factKind('node-out-of-service');
    lifecycle.schedulable.subscribe((node) => this.#forget(node));
    machines.started.subscribe((node) => this.#forget(node));
  }

  /** Has a node tainted after `delay` microseconds, unless its machine is back by then. */
  taintAfter(node: NodeId, delay: number): void {
    this.#taint.after(node, delay);
  }

  #forget(node: NodeId): void {
    this.#taint.cancel(node);
    this.#collection.cancel(node);
  }

  #tainted(node: NodeId): void {
    if (this.machines.running(node)) return;
    if (!this.clusters.apiUp(this.machines.cluster.at(node))) {
      this.#taint.after(node, this.parameters.node.monitorPeriod);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#taintedFact, node));
    this.#look(node);
    this.sim.leave(outer);
  }

  #look(node: NodeId): void {
    const u = this.sim.streams.stream('pod-gc', this.machines.key(node)).uniform();
    this.#collection.after(node, Math.round(u * this.parameters.pod.collectionPeriod));
  }

  /** Garbage collection takes pods of nodes that are not Ready. */
  #collect(node: NodeId): void {
    const able = this.clusters.controlled(this.machines.cluster.at(node)) && !this.lifecycle.ready(node);
    if (!able) this.#look(node);
    else for (const pod of this.pods.ofNode.list(node)) this.pods.forceDelete(pod, 'detached');
  }
}
