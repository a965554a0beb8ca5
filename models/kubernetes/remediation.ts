/**
 * Remediation of management nodes: a NodeHealthCheck watches their Ready condition and, while enough of them are healthy, hands a
 * node that has been unhealthy for long to a remediator. Self node remediation waits until the node must have rebooted itself, fencing
 * until its power is off for sure; then its pods are deleted and their volumes are free, which is what pods with an identity wait for
 * (medik8s defaults: Red Hat, workload availability talk, 2025).
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { RemediationMethod } from '../plan/fleet.ts';
import type { Clusters } from './clusters.ts';
import type { NodeLifecycle } from './node-lifecycle.ts';
import type { Pods } from './pods.ts';

const METHODS: readonly RemediationMethod[] = ['none', 'self-node-remediation', 'fence-agents'];

export class Remediation {
  readonly #method: U8Column<ClusterId>;
  readonly #watched: U8Column<NodeId>;
  readonly #unhealthy: Timer<NodeId>;
  readonly #down: Timer<NodeId>;
  readonly #startedFact: FactKind;
  readonly #doneFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly lifecycle: NodeLifecycle,
    readonly parameters: ParameterValues,
  ) {
    this.#method = clusters.table.u8('remediation', METHODS.indexOf('none'));
    this.#watched = machines.table.u8('healthChecked');
    this.#unhealthy = new Timer(sim, machines.table, 'unhealthy-for-long', 'control', (node) =>
      this.#begin(node),
    );
    this.#down = new Timer(sim, machines.table, 'surely-down', 'control', (node) => this.#finish(node));
    this.#startedFact = sim.factKind('remediation-started');
    this.#doneFact = sim.factKind('node-remediated');
    lifecycle.unready.subscribe((node) => this.#watch(node));
    lifecycle.schedulable.subscribe((node) => this.#forget(node));
  }

  /** Has a cluster's nodes watched; control-plane nodes are left to people. */
  enable(cluster: ClusterId, method: RemediationMethod, nodes: readonly NodeId[]): void {
    this.#method.set(cluster, METHODS.indexOf(method));
    for (const node of nodes) this.#watched.set(node, 1);
  }

  #methodOf(node: NodeId): RemediationMethod {
    return METHODS[this.#method.at(this.machines.cluster.at(node))]!;
  }

  #watch(node: NodeId): void {
    if (this.#watched.at(node) === 0 || this.#methodOf(node) === 'none') return;
    this.#unhealthy.after(node, this.parameters.remediation.unhealthyAfter);
  }
  #forget(node: NodeId): void {
    this.#unhealthy.cancel(node);
    this.#down.cancel(node);
  }

  #begin(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    if (!this.clusters.apiUp(cluster) || !this.#enoughHealthy(cluster)) {
      this.#unhealthy.after(node, this.parameters.remediation.recheck);
      return;
    }
    const { rebootWait, fencing } = this.parameters.remediation;
    const outer = this.sim.enter(this.sim.emit(this.#startedFact, node));
    this.#down.after(node, this.#methodOf(node) === 'fence-agents' ? fencing : rebootWait);
    this.sim.leave(outer);
  }

  /** A cluster that is mostly sick is not cured by rebooting it. */
  #enoughHealthy(cluster: ClusterId): boolean {
    let watched = 0;
    let healthy = 0;
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      if (this.#watched.at(node) === 0) continue;
      watched++;
      if (this.lifecycle.ready(node)) healthy++;
    }
    return healthy >= watched * this.parameters.remediation.minHealthy;
  }

  #finish(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    if (!this.clusters.controlled(cluster)) {
      this.#down.after(node, this.parameters.remediation.recheck);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#doneFact, node));
    for (const pod of this.pods.ofNode.list(node)) this.pods.forceDelete(pod, 'detached');
    this.sim.leave(outer);
  }
}
