/**
 * Nodes that are updated where they are: pools with upgradeType InPlace. The in-place upgrader of hosted-cluster-config-operator takes a few
 * nodes at a time; each is cordoned and drained, its machine-config-daemon writes the new operating system, it reboots, and takes pods
 * again (openshift/hypershift control-plane-operator/hostedclusterconfigoperator/controllers/inplaceupgrader and drainer).
 *
 * Nobody looks whether a node is Ready before it is chosen, and one that does not come back keeps its turn: its annotations are neither old nor
 * new (getCapacity). The upgrader gives up on the whole pool only where a daemon says of itself that it is Degraded; one whose machine is dead
 * says nothing, and no daemon here fails at its work (a bad release is a kubelet that is never heard, bad-releases.ts). The drain has no end but an
 * empty node: nodeDrainTimeout is that of machines that are deleted.
 */
import { NONE, type U8Column } from '../../../sim/entities.ts';
import { Timer } from '../../../sim/timer.ts';
import { inPlaceAtOnce } from '../../hosted/machine-rollout.ts';
import type { ClusterId, NodeId, PoolId } from '../../ids.ts';
import { Signal } from '../../signal.ts';
import type { World } from '../../world.ts';

/** The models that it works with. */
export type InPlaceWorld = Pick<
  World,
  | 'sim'
  | 'clusters'
  | 'pauses'
  | 'leadership'
  | 'machines'
  | 'contact'
  | 'lifecycle'
  | 'drains'
  | 'nodePools'
  | 'parameters'
>;

const STAGE = {
  none: 0,
  draining: 1,
  /** Its daemon is to be told that the node is drained. */
  drained: 2,
  /** The new operating system is written. */
  updating: 3,
  rebooting: 4,
  /** It has booted what it is to run, and is to be uncordoned. */
  returned: 5,
} as const;

export class InPlaceUpdates {
  readonly #stage: U8Column<NodeId>;
  readonly #written: Timer<NodeId>;

  /** A node of a pool began its update, got on in it, or is done. */
  readonly changed = new Signal<[node: NodeId]>();

  constructor(readonly world: InPlaceWorld) {
    const { sim, clusters, pauses, leadership, machines, contact, drains, nodePools } = world;
    this.#stage = machines.table.u8('inPlaceStage');
    this.#written = new Timer(sim, machines.table, 'operating-system-written', 'control', (node) => {
      this.#enter(node, STAGE.rebooting);
      machines.reboot(node, 'orderly');
    });
    drains.drained.subscribe((node) => {
      if (this.#at(node, STAGE.draining)) this.#enter(node, STAGE.drained);
      this.#goOn(node);
    });
    machines.lost.subscribe((node) => this.#interrupt(node));
    machines.started.subscribe((node) => this.#booted(node));
    contact.made.subscribe((node) => this.#goOn(node));
    nodePools.life.leaving.subscribe((node) => this.#leaves(node));
    nodePools.reconciled.subscribe((pool) => this.#look(pool));
    leadership.changed.subscribe((cluster, leader, held) => {
      if (held && leader === 'hosted-cluster-config-operator') this.#lookAll(cluster);
    });
    pauses.resumed.subscribe((cluster) => this.#lookAll(cluster));
    clusters.apiChanged.subscribe((changed, up) => {
      if (!up) return;
      this.#lookAll(changed);
      for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++)
        if (clusters.host.at(cluster) === changed) this.#lookAll(cluster);
    });
  }

  /** The node is being updated. */
  atWork(node: NodeId): boolean {
    return !this.#at(node, STAGE.none);
  }
  /** It reboots into what it is to run. */
  isRebooting(node: NodeId): boolean {
    return this.#at(node, STAGE.rebooting);
  }
  /** It is drained, or has rebooted, and waits for somebody to go on. */
  waits(node: NodeId): boolean {
    return this.#at(node, STAGE.drained) || this.#at(node, STAGE.returned);
  }
  /** hosted-cluster-config-operator leads, reaches both APIs, and its cluster is not paused. */
  canAct(cluster: ClusterId): boolean {
    const { clusters, pauses, leadership } = this.world;
    if (pauses.paused(cluster)) return false;
    if (clusters.heldUp(cluster)) return true;
    const apis = clusters.apiUp(cluster) && clusters.apiUp(clusters.host.at(cluster));
    return apis && leadership.heldIfAny(cluster, 'hosted-cluster-config-operator');
  }
  /** Every node of the pool is what its template says; machines without a node are not waited for. */
  isDone(pool: PoolId): boolean {
    const { slots } = this.world.nodePools;
    for (let node = slots.first(pool); node !== NONE; node = slots.next(node))
      if (this.#isNode(node) && (this.atWork(node) || !this.#isUpdated(pool, node))) return false;
    return true;
  }

  #at(node: NodeId, stage: number): boolean {
    return this.#stage.at(node) === stage;
  }
  #enter(node: NodeId, stage: number): void {
    this.#stage.set(node, stage);
    this.changed.emit(node);
  }
  #isNode(node: NodeId): boolean {
    return this.world.nodePools.life.wanted(node) && this.world.lifecycle.registered(node);
  }
  #isUpdated(pool: PoolId, node: NodeId): boolean {
    const { nodePools } = this.world;
    return nodePools.life.isLike(node, nodePools.template(pool));
  }

  #lookAll(cluster: ClusterId): void {
    for (const pool of this.world.nodePools.ofCluster.list(cluster)) this.#look(pool);
  }
  /** Has nodes of the pool go on, and further ones begin, as many as may be updated at a time. */
  #look(pool: PoolId): void {
    const { nodePools } = this.world;
    const rollout = nodePools.rollout(pool);
    if (rollout.upgradeType !== 'InPlace' || this.isDone(pool)) return;
    if (!this.canAct(nodePools.ofCluster.parent(pool))) return;
    const nodes = nodePools.slots.list(pool).filter((node) => this.#isNode(node));
    for (const node of nodes) this.#goOn(node);
    let room = inPlaceAtOnce(rollout, nodePools.wishes.of(pool));
    for (const node of nodes) if (this.atWork(node)) room--;
    for (const node of nodes) {
      if (room <= 0) return;
      if (this.atWork(node) || !nodePools.stays(node) || this.#isUpdated(pool, node)) continue;
      room--;
      this.#begin(node);
    }
  }

  #begin(node: NodeId): void {
    const { drains, parameters } = this.world;
    const { inPlaceDrainRetry, inPlaceDrainSkipUnreachable } = parameters.nodePool;
    this.#enter(node, STAGE.draining);
    drains.begin(node, {
      by: 'inPlaceUpgrader',
      retry: inPlaceDrainRetry,
      timeout: 0,
      skipUnreachable: inPlaceDrainSkipUnreachable,
    });
  }

  /** What a drained node, or one that has rebooted, needs: who tells it so, and a kubelet that hears it. */
  #goOn(node: NodeId): void {
    if (!this.waits(node)) return;
    const { contact, machines, lifecycle, parameters } = this.world;
    if (!contact.present(node) || !this.canAct(machines.cluster.at(node))) return;
    if (this.#at(node, STAGE.drained)) {
      this.#written.after(node, parameters.nodePool.inPlaceUpdate);
      this.#enter(node, STAGE.updating);
    } else if (lifecycle.registered(node) && lifecycle.ready(node)) this.#finish(node);
  }

  #booted(node: NodeId): void {
    if (!this.#at(node, STAGE.rebooting)) return;
    const { nodePools } = this.world;
    nodePools.life.becomes(node, nodePools.template(nodePools.slots.parent(node)));
    this.#enter(node, STAGE.returned);
    this.#goOn(node);
  }

  #finish(node: NodeId): void {
    this.world.drains.uncordon(node);
    this.#enter(node, STAGE.none);
    this.#look(this.world.nodePools.slots.parent(node));
  }

  /** What was written so far is lost with the power. */
  #interrupt(node: NodeId): void {
    if (!this.#at(node, STAGE.updating)) return;
    this.#written.cancel(node);
    this.#enter(node, STAGE.drained);
  }

  /** The machine is deleted: it is drained for that now, and updated no more. */
  #leaves(node: NodeId): void {
    if (!this.atWork(node)) return;
    this.#written.cancel(node);
    if (this.#at(node, STAGE.draining)) this.world.drains.stop(node);
    this.#enter(node, STAGE.none);
  }
}
