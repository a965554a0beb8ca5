/**
 * MachineConfigPools of management clusters: nodes that are brought to a release together, as many at a time as may be unavailable. A
 * node that is not Ready, is cordoned, or is being updated counts as unavailable, whatever its release; others wait for it, in the order
 * of their zones and, within one, of their age (openshift/machine-config-operator pkg/controller/node/node_controller.go
 * getAllCandidateMachines, sortNodeList; status.go getUnavailableMachines).
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../../sim/entities.ts';
import { Membership } from '../../../sim/membership.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, MachineConfigPoolId, NodeId, ReleaseId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { Drains } from '../../kubernetes/drain.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { ParameterValues } from '../../parameters.ts';
import type { Machines } from '../../places/machines.ts';
import type { MachineConfigPoolPlan, NodePlan } from '../../plan/fleet.ts';
import { Signal } from '../../signal.ts';
import type { MachineConfigNodes } from './machine-config-nodes.ts';
import type { ManagementReleases } from './releases.ts';

export class MachineConfigPools {
  readonly table: Table<MachineConfigPoolId>;
  readonly names: string[] = [];
  readonly ofCluster: Membership<ClusterId, MachineConfigPoolId>;
  /** Nodes of a pool, in the order in which they are updated. */
  readonly nodes: Membership<MachineConfigPoolId, NodeId>;
  readonly #target: I32Column<MachineConfigPoolId, ReleaseId>;
  /** maxUnavailable: nodes, or with `relative` a share of those of the pool. */
  readonly #amount: F64Column<MachineConfigPoolId>;
  readonly #relative: U8Column<MachineConfigPoolId>;
  readonly #paused: U8Column<MachineConfigPoolId>;
  /** Cordoned in the plan: nothing in a run takes that back, not even a Node object that registers anew (the scheduler's view of a node is fixed). */
  readonly #keptCordoned: U8Column<NodeId>;
  /** Some node is not of the pool's release. */
  readonly #open: U8Column<MachineConfigPoolId>;
  readonly #look: Timer<MachineConfigPoolId>;

  /** All nodes of the pool that have an object are of its release. */
  readonly updated = new Signal<[pool: MachineConfigPoolId]>();
  /** No node of the pool can be updated now, for a reason in words. */
  readonly waits = new Signal<[pool: MachineConfigPoolId, why: string]>();
  /** Some can. */
  readonly goesOn = new Signal<[pool: MachineConfigPoolId]>();

  constructor(
    sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly drains: Drains,
    readonly updates: MachineConfigNodes,
    readonly releases: ManagementReleases,
    readonly parameters: ParameterValues,
  ) {
    this.table = sim.table<MachineConfigPoolId>('machine config pool');
    this.ofCluster = new Membership('machine config pools of cluster', clusters.table, this.table);
    this.nodes = new Membership('nodes of machine config pool', this.table, machines.table);
    this.#target = this.table.i32('target', NONE);
    this.#amount = this.table.f64('maxUnavailable');
    this.#relative = this.table.u8('maxUnavailableRelative');
    this.#paused = this.table.u8('paused');
    this.#open = this.table.u8('open');
    this.#keptCordoned = machines.table.u8('keptCordoned');
    this.#look = new Timer(sim, this.table, 'machine-config-pool', 'control', (pool) => this.#review(pool));
    lifecycle.unready.subscribe((node) => this.#changed(node));
    lifecycle.schedulable.subscribe((node) => this.#changed(node));
    drains.uncordoned.subscribe((node) => this.#changed(node));
    machines.lost.subscribe((node) => this.#changed(node));
    updates.ends.subscribe((node) => this.#changed(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#lookAtAll(cluster));
  }

  /**
   * Gives a management cluster a pool whose nodes are of a release.
   * @param nodes oldest first
   */
  add(
    cluster: ClusterId,
    plan: MachineConfigPoolPlan,
    release: ReleaseId,
    nodes: readonly NodeId[],
    planOf: (node: NodeId) => Pick<NodePlan, 'zone' | 'unschedulable'>,
  ): void {
    const pool = this.table.add();
    this.names[pool] = plan.name;
    this.ofCluster.join(cluster, pool);
    this.#target.set(pool, release);
    this.#amount.set(pool, plan.maxUnavailable.amount);
    this.#relative.set(pool, plan.maxUnavailable.relative ? 1 : 0);
    this.#paused.set(pool, plan.paused ? 1 : 0);
    const zoneOf = (node: NodeId): string => planOf(node).zone;
    const zones = [...new Set(nodes.map(zoneOf))].sort((a, b) => (a === '' ? 1 : b === '' || a < b ? -1 : 1));
    for (const zone of zones)
      for (const node of nodes) if (zoneOf(node) === zone) this.nodes.join(pool, node);
    for (const node of nodes) this.#keptCordoned.set(node, planOf(node).unschedulable ? 1 : 0);
  }

  paused(pool: MachineConfigPoolId): boolean {
    return this.#paused.at(pool) === 1;
  }
  /** Its nodes stay as they are; those that are being updated are finished (openshift/api machineconfiguration/v1 types.go, paused). */
  pause(pool: MachineConfigPoolId): void {
    this.#paused.set(pool, 1);
    this.#lookAt(pool);
  }
  /** Its nodes follow what the pool is told, also what it was told meanwhile. */
  resume(pool: MachineConfigPoolId): void {
    this.#paused.set(pool, 0);
    this.#open.set(pool, 1);
    this.#lookAt(pool);
  }
  /** The release that its nodes are to have. */
  target(pool: MachineConfigPoolId): ReleaseId {
    return this.#target.at(pool);
  }
  cluster(pool: MachineConfigPoolId): ClusterId {
    return this.ofCluster.parent(pool);
  }
  /** The pool of the control-plane nodes, without which no update is complete. */
  required(pool: MachineConfigPoolId): boolean {
    return pool === this.ofCluster.first(this.cluster(pool));
  }
  /** An update of the cluster is complete without it: it is paused. */
  leftBehind(pool: MachineConfigPoolId): boolean {
    return this.paused(pool) && !this.required(pool);
  }
  /** Some node with an object is not of its release, or is not yet back from being brought to it. */
  outstanding(pool: MachineConfigPoolId): boolean {
    for (let node = this.nodes.first(pool); node !== NONE; node = this.nodes.next(node))
      if (this.lifecycle.registered(node) && (this.#behind(node, pool) || this.updates.updating(node)))
        return true;
    return false;
  }

  /** Names of the pools of a cluster that bring nodes to their release. */
  updating(cluster: ClusterId): string[] {
    return this.ofCluster
      .list(cluster)
      .filter((pool) => !this.paused(pool) && this.outstanding(pool))
      .map((pool) => this.names[pool]!);
  }

  /** The nodes of a pool are to have another release; those of a paused one stay as they are. */
  aim(pool: MachineConfigPoolId, release: ReleaseId): void {
    this.#target.set(pool, release);
    this.#open.set(pool, 1);
    this.#lookAt(pool);
  }

  #behind(node: NodeId, pool: MachineConfigPoolId): boolean {
    return this.releases.kubelet(node) !== this.#target.at(pool);
  }

  // --- looking ------------------------------------------------------------------------------------------------------

  #changed(node: NodeId): void {
    const pool = this.nodes.parent(node);
    if (pool === NONE || this.paused(pool)) return;
    // A node that was away while its pool was updated.
    if (this.#behind(node, pool)) this.#open.set(pool, 1);
    this.#lookAt(pool);
  }
  /** A Node object is gone: one that others waited for, perhaps. */
  forget(node: NodeId): void {
    this.updates.forget(node);
    const pool = this.nodes.parent(node);
    if (pool !== NONE) this.#lookAt(pool);
  }
  #lookAtAll(cluster: ClusterId): void {
    for (let pool = this.ofCluster.first(cluster); pool !== NONE; pool = this.ofCluster.next(pool))
      this.#lookAt(pool);
  }
  #lookAt(pool: MachineConfigPoolId): void {
    if (this.#open.at(pool) === 1 && !this.#look.armed(pool))
      this.#look.after(pool, this.parameters.managementUpdate.poolSync);
  }

  #review(pool: MachineConfigPoolId): void {
    if (!this.clusters.apiUp(this.cluster(pool))) return;
    if (!this.outstanding(pool)) {
      this.#open.set(pool, 0);
      this.goesOn.emit(pool);
      this.updated.emit(pool);
      return;
    }
    if (this.paused(pool)) {
      this.waits.emit(pool, 'the pool is paused');
      return;
    }
    let free = this.#maxUnavailable(pool) - this.#unavailable(pool);
    for (let node = this.nodes.first(pool); free > 0 && node !== NONE; node = this.nodes.next(node)) {
      if (!this.#behind(node, pool) || !this.#available(node)) continue;
      this.updates.begin(node, this.#target.at(pool));
      free--;
    }
    if (this.#moving(pool)) this.goesOn.emit(pool);
    else this.waits.emit(pool, this.#hindrance(pool));
  }

  #available(node: NodeId): boolean {
    return this.lifecycle.ready(node) && !this.#cordoned(node) && !this.updates.updating(node);
  }
  #cordoned(node: NodeId): boolean {
    return this.drains.cordoned(node) || this.#keptCordoned.at(node) === 1;
  }
  /** Shares are rounded down, and no pool stands still for a maxUnavailable of 0. */
  #maxUnavailable(pool: MachineConfigPoolId): number {
    let nodes = 0;
    for (let node = this.nodes.first(pool); node !== NONE; node = this.nodes.next(node))
      if (this.lifecycle.registered(node)) nodes++;
    const amount = this.#amount.at(pool);
    return Math.max(1, this.#relative.at(pool) === 1 ? Math.floor(amount * nodes) : amount);
  }
  #unavailable(pool: MachineConfigPoolId): number {
    let unavailable = 0;
    for (let node = this.nodes.first(pool); node !== NONE; node = this.nodes.next(node))
      if (this.lifecycle.registered(node) && !this.#available(node)) unavailable++;
    return unavailable;
  }

  /** Some node is being updated that nothing keeps down. */
  #moving(pool: MachineConfigPoolId): boolean {
    for (let node = this.nodes.first(pool); node !== NONE; node = this.nodes.next(node))
      if (this.updates.updating(node) && this.machines.powered(node)) return true;
    return false;
  }
  #hindrance(pool: MachineConfigPoolId): string {
    const registered = this.nodes.list(pool).filter((node) => this.lifecycle.registered(node));
    const names = (some: readonly NodeId[], is: string): string =>
      some.length === 0 ? '' : `${some.map((node) => this.machines.names[node]).join(', ')} ${is}`;
    const silent = registered.filter((node) => !this.lifecycle.ready(node));
    const cordoned = registered.filter((node) => this.lifecycle.ready(node) && this.#cordoned(node));
    return [names(silent, 'not Ready'), names(cordoned, 'cordoned')].filter((part) => part !== '').join('; ');
  }
}
