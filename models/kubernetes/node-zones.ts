/**
 * How the node lifecycle controller groups the nodes of one cluster: per zone a state and a limiter for the NoExecute taint. Nodes that
 * carry the label node.kubernetes.io/exclude-disruption are tainted like others but do not count for the state.
 * Rules of kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId, NodeZoneId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Clusters } from './clusters.ts';

export const ZONE_STATE = { normal: 0, partial: 1, full: 2 } as const;

/**
 * State of a zone: Full when nobody is ready, Partial when more than two are not and they are the given share, else Normal.
 * @param threshold share of the zone, 0 to 1
 */
export function zoneState(ready: number, notReady: number, threshold: number): number {
  if (ready === 0 && notReady > 0) return ZONE_STATE.full;
  if (notReady > 2 && notReady / (ready + notReady) >= threshold) return ZONE_STATE.partial;
  return ZONE_STATE.normal;
}

/** Taints per second that a zone's limiter lets through. */
export function evictionRate(
  state: number,
  size: number,
  allFull: boolean,
  p: ParameterValues['node'],
): number {
  if (allFull) return 0;
  if (state !== ZONE_STATE.partial) return p.evictionRate;
  return size > p.largeZone ? p.secondaryEvictionRate : 0;
}

export class NodeZones {
  readonly table: Table<NodeZoneId>;
  readonly cluster: I32Column<NodeZoneId, ClusterId>;
  readonly notReady: I32Column<NodeZoneId>;
  readonly state: U8Column<NodeZoneId>;
  /** Earliest instant at which the limiter lets the next taint through. */
  readonly nextTaint: F64Column<NodeZoneId>;
  readonly nodes: Membership<NodeZoneId, NodeId>;
  /** Number of nodes that count for the state. */
  readonly size: I32Column<NodeZoneId>;
  readonly #excluded: U8Column<NodeId>;
  /** Nodes that wait for their taint, in order of detection. */
  readonly waiting: Membership<NodeZoneId, NodeId>;
  readonly ofCluster: Membership<ClusterId, NodeZoneId>;
  readonly #byKey = new Map<string, NodeZoneId>();

  constructor(sim: Simulation, clusters: Clusters, nodes: Table<NodeId>) {
    this.table = sim.table<NodeZoneId>('node zone');
    this.cluster = this.table.i32('cluster', NONE);
    this.notReady = this.table.i32('notReady');
    this.state = this.table.u8('state', ZONE_STATE.normal);
    this.nextTaint = this.table.f64('nextTaint');
    this.nodes = new Membership('nodes of zone', this.table, nodes);
    this.size = this.table.i32('size');
    this.#excluded = nodes.u8('excludedFromDisruption');
    this.waiting = new Membership('nodes waiting for a taint', this.table, nodes);
    this.ofCluster = new Membership('zones of cluster', clusters.table, this.table);
  }

  /** Enters a node under its zone label; nodes without one form a zone of their own. */
  enter(node: NodeId, cluster: ClusterId, zone: number): void {
    const key = `${cluster}/${zone}`;
    let group = this.#byKey.get(key);
    if (group === undefined) {
      group = this.table.add();
      this.cluster.set(group, cluster);
      this.ofCluster.join(cluster, group);
      this.#byKey.set(key, group);
    }
    this.nodes.join(group, node);
    if (this.counts(node)) this.size.add(group, 1);
  }

  /** Before it enters: the node is not to count for the state of its zone. */
  exclude(node: NodeId): void {
    this.#excluded.set(node, 1);
  }
  counts(node: NodeId): boolean {
    return this.#excluded.at(node) === 0;
  }
  /** One node more or less that is not ready. */
  addNotReady(node: NodeId, difference: 1 | -1): void {
    if (this.counts(node)) this.notReady.add(this.nodes.parent(node), difference);
  }

  /** Takes a node whose object is gone out of the count. */
  leave(node: NodeId): void {
    this.waiting.leave(node);
    if (this.counts(node)) this.size.add(this.nodes.parent(node), -1);
    this.nodes.leave(node);
  }

  /** True when no zone of the cluster has a ready node. */
  allFull(cluster: ClusterId): boolean {
    for (let zone = this.ofCluster.first(cluster); zone !== NONE; zone = this.ofCluster.next(zone)) {
      if (this.size.at(zone) > 0 && this.state.at(zone) !== ZONE_STATE.full) return false;
    }
    return true;
  }
}
