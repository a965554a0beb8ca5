/**
 * Machine health checks of node pools with autoRepair: a worker whose Ready condition has been False or Unknown for long is deleted and
 * a new machine takes its place, unless too many of the pool are sick at once (openshift/hypershift
 * hypershift-operator/controllers/nodepool/capi.go). The work of Cluster API beside the hosted control plane: it needs the management
 * API, its own pods, and the hosted API to read conditions from. A pause of the hosted cluster pauses its Cluster API objects too, one
 * of the pool its machine sets.
 */
import { type F64Column, type I32Column, NONE } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Orphans } from '../kubernetes/orphans.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import { Retries } from '../kubernetes/retries.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';

/** Machines that no health check watches. */
const UNCHECKED = -1;

export class MachineHealthChecks {
  /** Number of the pool that checks the machine, within its cluster. */
  readonly #pool: I32Column<NodeId>;
  readonly #timeout: F64Column<NodeId>;
  readonly #unhealthy: Retries;
  readonly #replacedFact: FactKind;

  /** Tells whether the machine's pool stands still: its machine sets do not act then, whatever the health check finds. */
  poolPaused: (node: NodeId) => boolean = () => false;
  /** Tells whether the pods that act on machines run. Given by the hosted control plane model. */
  canAct: (cluster: ClusterId) => boolean = () => true;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly orphans: Orphans,
    readonly pauses: Pauses,
    readonly parameters: ParameterValues,
  ) {
    this.#pool = machines.table.i32('checkedPool', UNCHECKED);
    this.#timeout = machines.table.f64('checkTimeout');
    const { recheck } = parameters.machineHealthCheck;
    this.#unhealthy = new Retries(sim, clusters, machines, 'machine-unhealthy', recheck, (node) =>
      this.#remediate(node),
    );
    this.#replacedFact = sim.factKind('machine-replaced');
    lifecycle.unready.subscribe((node) => {
      if (this.#pool.at(node) !== UNCHECKED) this.#unhealthy.after(node, this.#timeout.at(node));
    });
    lifecycle.schedulable.subscribe((node) => {
      this.#unhealthy.cancel(node);
      this.review(machines.cluster.at(node));
    });
    clusters.apiChanged.subscribe((cluster, up) => up && this.#apiBack(cluster));
    pauses.resumed.subscribe((cluster) => this.review(cluster));
  }

  /** @param timeout microseconds of ill health after which a machine is replaced */
  watch(node: NodeId, pool: number, timeout: number): void {
    this.#pool.set(node, pool);
    this.#timeout.set(node, timeout);
  }

  /** A worker got well, or what acts on machines came back: those that could not be replaced are looked at again. */
  review(cluster: ClusterId): void {
    this.#unhealthy.wake(cluster);
  }

  /** The API of a hosted cluster, or of the management cluster that hosts some. */
  #apiBack(changed: ClusterId): void {
    this.review(changed);
    if (this.clusters.isHosted(changed)) return;
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++)
      if (this.clusters.host.at(cluster) === changed) this.review(cluster);
  }

  /** Replaces a machine, if that can be done and is not forbidden now. */
  #remediate(node: NodeId): boolean {
    const cluster = this.machines.cluster.at(node);
    const { maxUnhealthy, provision } = this.parameters.machineHealthCheck;
    const able =
      !this.pauses.paused(cluster) &&
      !this.poolPaused(node) &&
      this.clusters.apiUp(cluster) &&
      this.clusters.apiUp(this.clusters.host.at(cluster)) &&
      this.canAct(cluster);
    if (!able || this.#unhealthyIn(cluster, this.#pool.at(node)) > maxUnhealthy) return false;
    const outer = this.sim.enter(this.sim.emit(this.#replacedFact, node));
    this.orphans.deleteAfter(node, 0);
    this.machines.replace(node, provision);
    this.sim.leave(outer);
    return true;
  }

  #unhealthyIn(cluster: ClusterId, pool: number): number {
    let count = 0;
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      if (this.#pool.at(node) === pool && !this.lifecycle.ready(node)) count++;
    }
    return count;
  }
}
