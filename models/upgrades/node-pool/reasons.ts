/** Why a node pool, or one of its machines, does not get on, in words. */
import { NONE } from '../../../sim/entities.ts';
import { ROLE } from '../../hosted/roles.ts';
import type { ClusterId, NodeId, PodId, PoolId } from '../../ids.ts';
import type { World } from '../../world.ts';
import type { InPlaceUpdates } from './in-place.ts';

/** The models that it looks at. */
export type ReasonWorld = Pick<
  World,
  | 'clusters'
  | 'contact'
  | 'drains'
  | 'lifecycle'
  | 'machines'
  | 'nodePools'
  | 'pods'
  | 'scheduler'
  | 'workers'
>;

export const PAUSED = 'the node pool is paused';
export const NO_OPERATOR = 'the HyperShift operator cannot act';
const NO_CLUSTER_API = 'Cluster API cannot act';
const NO_CONFIG_OPERATOR = 'hosted-cluster-config-operator cannot act';
const NO_API = 'the hosted API does not answer';
const NO_KUBELET = 'its kubelet is not heard';
const NO_POWER = 'its machine has no power';
const NO_ROOM = 'no node has room for its virtual machine';
const NO_IGNITION = 'it cannot get its ignition configuration and certificate';
const NO_AGENT = 'no Agent is free for another machine';
const ON_DELETE = 'OnDelete: old machines stay until they are deleted';

export class PoolReasons {
  constructor(
    readonly world: ReasonWorld,
    readonly inPlace: InPlaceUpdates,
  ) {}

  /** What keeps a machine from coming, going, or being updated; undefined when it takes its time. */
  ofMachine(node: NodeId): string | undefined {
    const { clusters, machines, nodePools, contact } = this.world;
    const { life } = nodePools;
    const cluster = machines.cluster.at(node);
    if (life.isProvisioning(node)) return this.#isUnplaced(node) ? NO_ROOM : undefined;
    if (life.isJoining(node)) return clusters.apiUp(cluster) ? NO_IGNITION : NO_API;
    if (life.isLeaving(node)) return NO_CLUSTER_API;
    if (life.isTerminating(node)) return undefined;
    if (this.world.drains.draining(node)) return this.#ofDrain(node, cluster);
    if (this.inPlace.isRebooting(node) && !machines.powered(node)) return NO_POWER;
    if (this.inPlace.atWork(node) && !this.inPlace.waits(node)) return undefined;
    const booted = machines.running(node) || this.world.lifecycle.registered(node);
    if (booted && !contact.present(node)) return NO_KUBELET;
    return this.inPlace.waits(node) && !this.inPlace.canAct(cluster) ? NO_CONFIG_OPERATOR : undefined;
  }

  /**
   * What keeps the pool from going on with further machines.
   * @param told machines that are told by themselves
   */
  ofPool(pool: PoolId, told: (node: NodeId) => boolean): string | undefined {
    const { nodePools } = this.world;
    const cluster = nodePools.ofCluster.parent(pool);
    const { upgradeType, strategy } = nodePools.rollout(pool);
    if (upgradeType === 'InPlace')
      return this.inPlace.isDone(pool) || this.inPlace.canAct(cluster) ? undefined : NO_CONFIG_OPERATOR;
    if (nodePools.paused(pool)) return PAUSED;
    if (!nodePools.authority.canScale(cluster)) return NO_CLUSTER_API;
    if (strategy === 'OnDelete' && nodePools.sets.isRolling(pool)) return ON_DELETE;
    if (nodePools.lacksHost(pool)) return NO_AGENT;
    if (this.#outlived(pool) && !this.world.clusters.apiUp(cluster)) return NO_API;
    const sick = nodePools.slots.list(pool).filter((node) => this.#isSick(node) && !told(node));
    return sick.length === 0 ? undefined : `not Ready: ${this.#named(sick)}`;
  }

  #ofDrain(node: NodeId, cluster: ClusterId): string | undefined {
    const { clusters, contact, drains, pods } = this.world;
    const refused = drains.refused(node);
    if (refused.length > 0) {
      if (!clusters.apiUp(cluster)) return NO_API;
      const names = [...new Set(refused.map((pod) => pods.sets.names[pods.set.at(pod)]!))];
      return `the disruption budget of ${names.join(', ')} refuses evictions`;
    }
    return contact.present(node) ? undefined : NO_KUBELET;
  }

  /** A machine of the pool is gone and its Node object is not, which keeps the next one of that name from coming. */
  #outlived(pool: PoolId): boolean {
    const { lifecycle, nodePools } = this.world;
    return nodePools.slots
      .list(pool)
      .some((node) => !nodePools.life.wanted(node) && lifecycle.registered(node));
  }
  /** The machine stays, and its node is not Ready. */
  #isSick(node: NodeId): boolean {
    const { lifecycle, nodePools } = this.world;
    return nodePools.stays(node) && lifecycle.registered(node) && !lifecycle.ready(node);
  }
  #named(nodes: readonly NodeId[]): string {
    return nodes.map((node) => this.world.machines.names[node]).join(', ');
  }

  #isUnplaced(node: NodeId): boolean {
    const pod = this.world.workers.hostOf(node);
    if (pod === NONE) return false;
    return this.world.pods.node.at(pod as PodId) === NONE && this.world.scheduler.refused(pod as PodId);
  }
  /** The worker that a pod is the virtual machine of; undefined for other pods. */
  virtualWorker(pod: PodId): NodeId | undefined {
    const { pods, workers } = this.world;
    return pods.sets.role.at(pods.set.at(pod)) === ROLE['virtual-machine']
      ? workers.machineOf(pod)
      : undefined;
  }
}
