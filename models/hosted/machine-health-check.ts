/**
 * Machine health checks of node pools with autoRepair: a machine whose node's Ready condition has been False or Unknown for long, or that
 * has no node long after it was made, is deleted, unless too many of the pool are unhealthy at once, those that are still being made
 * among them (openshift/hypershift hypershift-operator/controllers/nodepool/capi.go, kubernetes-sigs/cluster-api
 * internal/controllers/machinehealthcheck). The pool makes another machine then, as it makes any. The work of Cluster API beside the hosted control plane: it needs the management
 * API, its own pods, and the hosted API to read conditions from. A pause of the hosted cluster pauses its Cluster API objects too, one
 * of the pool its machine sets.
 */
import type { F64Column, U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import { Retries } from '../kubernetes/retries.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { NodePools } from './node-pools.ts';

/** Of machines that no health check watches. */
const UNCHECKED = 0;

export class MachineHealthChecks {
  readonly #timeout: F64Column<NodeId>;
  /** The machine has no node yet. */
  readonly #starting: U8Column<NodeId>;
  readonly #unhealthy: Retries;
  readonly #replacedFact: FactKind;

  /** Tells whether the pods that act on machines run. Given by the hosted control plane model. */
  canAct: (cluster: ClusterId) => boolean = () => true;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly pools: NodePools,
    readonly pauses: Pauses,
    readonly parameters: ParameterValues,
  ) {
    this.#timeout = machines.table.f64('checkTimeout', UNCHECKED);
    this.#starting = machines.table.u8('checkedStart');
    const { recheck, startupTimeout } = parameters.machineHealthCheck;
    this.#unhealthy = new Retries(sim, clusters, machines, 'machine-unhealthy', recheck, (node) =>
      this.#remediate(node),
    );
    this.#replacedFact = sim.factKind('machine-replaced');
    lifecycle.unready.subscribe((node) => this.#sickFrom(node));
    lifecycle.schedulable.subscribe((node) => {
      this.#unhealthy.cancel(node);
      this.review(machines.cluster.at(node));
    });
    lifecycle.contact.made.subscribe((node) => this.#joined(node));
    pools.created.subscribe((node) => this.#startsFrom(node, startupTimeout));
    pools.life.provisioned.subscribe((node) => this.#startsFrom(node, startupTimeout));
    pools.deleted.subscribe((node) => this.#gone(node));
    pools.resumed.subscribe((pool) => this.review(pools.ofCluster.parent(pool)));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#apiBack(cluster));
    pauses.resumed.subscribe((cluster) => this.review(cluster));
  }

  /** @param timeout microseconds of ill health after which a machine is replaced, more than 0 */
  watch(node: NodeId, timeout: number): void {
    this.#timeout.set(node, timeout);
  }
  #watched(node: NodeId): boolean {
    return this.#timeout.at(node) !== UNCHECKED;
  }

  #sickFrom(node: NodeId): void {
    if (this.#watched(node)) this.#unhealthy.after(node, this.#timeout.at(node));
  }
  /** A new machine has so long for a node from its creation, and then again from when its infrastructure is ready. */
  #startsFrom(node: NodeId, timeout: number): void {
    if (!this.#watched(node)) return;
    this.#starting.set(node, 1);
    this.#unhealthy.after(node, timeout);
  }
  /** The machine has a node from now on, which is not Ready before somebody looks at it. */
  #joined(node: NodeId): void {
    if (this.#starting.at(node) === 0) return;
    this.#starting.set(node, 0);
    this.#sickFrom(node);
  }
  #gone(node: NodeId): void {
    this.#starting.set(node, 0);
    this.#unhealthy.cancel(node);
    this.review(this.machines.cluster.at(node));
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

  /** Has a machine deleted, if that can be done and is not forbidden now. */
  #remediate(node: NodeId): boolean {
    if (!this.pools.stays(node)) return true;
    const cluster = this.machines.cluster.at(node);
    const pool = this.pools.slots.parent(node);
    const able =
      !this.pauses.paused(cluster) &&
      !this.pools.paused(pool) &&
      this.clusters.apiUp(cluster) &&
      this.clusters.apiUp(this.clusters.host.at(cluster)) &&
      this.canAct(cluster);
    if (!able || this.pools.unhealthy(pool) > this.parameters.machineHealthCheck.maxUnhealthy) return false;
    const outer = this.sim.enter(this.sim.emit(this.#replacedFact, node));
    this.pools.remediate(node);
    this.sim.leave(outer);
    return true;
  }
}
