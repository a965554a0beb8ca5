/**
 * Remediation of management nodes: a NodeHealthCheck watches their Ready condition and, while enough of them are healthy, hands a
 * node that has been unhealthy for long to a remediator. Self node remediation waits until the node must have rebooted itself, fencing
 * until its power is off for sure (one that was only cut off has been made to reboot by then); then its pods are deleted and their volumes are free, which is what pods with an identity wait for
 * (medik8s defaults: Red Hat, workload availability talk, 2025).
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { RemediationMethod } from '../plan/fleet.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { NodeLifecycle } from './node-lifecycle.ts';
import type { Pauses } from './pauses.ts';
import type { Pods } from './pods.ts';
import { Retries } from './retries.ts';

const METHODS: readonly RemediationMethod[] = ['none', 'self-node-remediation', 'fence-agents'];

export class Remediation {
  readonly #method: U8Column<ClusterId>;
  readonly #watched: U8Column<NodeId>;
  readonly #unhealthy: Retries;
  readonly #down: Retries;
  readonly #startedFact: FactKind;
  readonly #doneFact: FactKind;

  /** A node is handed to a remediator. */
  readonly started = new Signal<[node: NodeId]>();

  /** Whether a NodeHealthCheck leaves a node alone for now. Given by the model of updates. */
  spared: (node: NodeId) => boolean = () => false;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly lifecycle: NodeLifecycle,
    readonly pauses: Pauses,
    readonly parameters: ParameterValues,
  ) {
    this.#method = clusters.table.u8('remediation', METHODS.indexOf('none'));
    this.#watched = machines.table.u8('healthChecked');
    const { recheck } = parameters.remediation;
    this.#unhealthy = new Retries(sim, clusters, machines, 'unhealthy-for-long', recheck, (node) =>
      this.#begin(node),
    );
    this.#down = new Retries(sim, clusters, machines, 'surely-down', recheck, (node) => this.#finish(node));
    this.#startedFact = sim.factKind('remediation-started');
    this.#doneFact = sim.factKind('node-remediated');
    lifecycle.unready.subscribe((node) => this.#watch(node));
    lifecycle.schedulable.subscribe((node) => this.#forget(node));
    pauses.resumed.subscribe((cluster) => this.wake(cluster));
    clusters.apiChanged.subscribe((cluster, up) => up && this.wake(cluster));
    clusters.controllersChanged.subscribe((cluster, live) => live && this.wake(cluster));
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
  /** A node that is well again needs nothing, and may be the one for want of which the others were left alone. */
  #forget(node: NodeId): void {
    this.#unhealthy.cancel(node);
    this.#down.cancel(node);
    this.#unhealthy.wake(this.machines.cluster.at(node));
  }
  /** Something that remediation on a cluster's nodes may have waited for has come. */
  wake(cluster: ClusterId): void {
    this.#unhealthy.wake(cluster);
    this.#down.wake(cluster);
  }

  /** A pause keeps new remediations from starting; what has started goes on (medik8s NodeHealthCheck pauseRequests). */
  #begin(node: NodeId): boolean {
    const cluster = this.machines.cluster.at(node);
    if (this.pauses.paused(cluster) || this.spared(node)) return false;
    if (!this.clusters.apiUp(cluster) || !this.#enoughHealthy(cluster)) return false;
    const { rebootWait, fencing } = this.parameters.remediation;
    const outer = this.sim.enter(this.sim.emit(this.#startedFact, node));
    this.#down.after(node, this.#methodOf(node) === 'fence-agents' ? fencing : rebootWait);
    this.started.emit(node);
    this.sim.leave(outer);
    return true;
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

  #finish(node: NodeId): boolean {
    if (!this.clusters.controlled(this.machines.cluster.at(node))) return false;
    const outer = this.sim.enter(this.sim.emit(this.#doneFact, node));
    if (this.#methodOf(node) === 'fence-agents') this.machines.powerCycle(node);
    else this.machines.reboot(node, 'abrupt');
    for (const pod of this.pods.ofNode.list(node)) this.pods.forceDelete(pod, 'detached');
    this.sim.leave(outer);
    return true;
  }
}
