/**
 * The filters of kube-scheduler that matter for the pods of a fleet, in the order of its default plugins: unschedulable, taints, node
 * affinity, resources, volumes, topology spread, inter-pod anti-affinity. The first that refuses a node gives the reason.
 */
import { NONE } from '../../sim/entities.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Pods } from '../kubernetes/pods.ts';
import { SPREAD } from '../kubernetes/sets.ts';
import type { Machines } from '../places/machines.ts';
import type { PlacementTable } from './placement.ts';
import { REFUSED } from './refused.ts';
import type { Requested } from './requested.ts';
import type { Least, TopologySpread } from './topology-spread.ts';
import type { Volumes } from './volumes.ts';

const REASONS: Readonly<Record<number, string>> = {
  [REFUSED.unreachable]: 'node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
  [REFUSED.cpu]: 'Insufficient cpu',
  [REFUSED.memory]: 'Insufficient memory',
  [REFUSED.pods]: 'Too many pods',
  [REFUSED.volume]: 'node(s) had volume node affinity conflict',
  [REFUSED.affinity]: "node(s) didn't match pod anti-affinity rules",
  [REFUSED.cordoned]: 'node(s) were unschedulable',
  [REFUSED.spread]: "node(s) didn't match pod topology spread constraints",
};

/** Where the bound pods of a set are: what its own anti-affinity looks at. */
export interface Siblings {
  readonly nodes: NodeId[];
  readonly zones: number[];
  /** The same for those that are not Terminating: spreading does not count the others (pod_topology_spread, "Bypass terminating"). */
  readonly stayingNodes: NodeId[];
  readonly stayingZones: number[];
  /** Fewest of them in any domain; only for sets whose spread must hold. */
  readonly least?: Least | undefined;
}

/** Nodes that take no new pods because somebody said so. */
export interface Cordons {
  cordoned(node: NodeId): boolean;
}

export class Filters {
  constructor(
    readonly pods: Pods,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly requested: Requested,
    readonly volumes: Volumes,
    readonly cordons: Cordons,
    readonly spread: TopologySpread,
  ) {}

  /** Nodes and zones of the set's pods that have a node; Terminating ones count until their object is gone. */
  siblings(set: SetId, table: PlacementTable): Siblings {
    const nodes: NodeId[] = [];
    const zones: number[] = [];
    const stayingNodes: NodeId[] = [];
    const stayingZones: number[] = [];
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      const node = this.pods.node.at(pod);
      if (node === NONE) continue;
      nodes.push(node);
      zones.push(this.machines.zone.at(node));
      if (this.pods.terminating(pod)) continue;
      stayingNodes.push(node);
      stayingZones.push(this.machines.zone.at(node));
    }
    const hard = this.spread.hard(set);
    const least = hard ? this.spread.least(set, table, { stayingNodes, stayingZones }) : undefined;
    return { nodes, zones, stayingNodes, stayingZones, least };
  }

  /**
   * Looks for nodes that pass all filters, from a position on and round the list, until there are enough. What refuses most nodes is
   * asked first, so this says only which nodes pass; `check` says why another does not.
   * @param into receives their positions in the cluster's node list
   * @returns how many passed, and how many were tried for that
   */
  feasible(
    pod: PodId,
    table: PlacementTable,
    siblings: Siblings,
    start: number,
    enough: number,
    into: Int32Array,
  ): { readonly passed: number; readonly tried: number } {
    const set = this.pods.set.at(pod);
    const spread = this.pods.sets.spread.at(set);
    const { allowed } = table.classes[this.pods.sets.placement.at(set)]!;
    const { nodes } = table;
    let passed = 0;
    let tried = 0;
    for (let index = start; tried < nodes.length && passed < enough; tried++) {
      const isFree = allowed[index] === 1 && !this.#conflicts(spread, nodes[index]!, siblings);
      if (isFree && this.check(pod, table, index, siblings) === REFUSED.none) into[passed++] = index;
      index = index + 1 === nodes.length ? 0 : index + 1;
    }
    return { passed, tried };
  }

  /**
   * Tries one node.
   * @param index position of the node in the cluster's node list
   * @returns a REFUSED code; REFUSED.none when the pod fits
   */
  check(pod: PodId, table: PlacementTable, index: number, siblings: Siblings): number {
    const refused = this.checkAlone(pod, table, index);
    if (refused !== REFUSED.none) return refused;
    const set = this.pods.set.at(pod);
    const node = table.nodes[index]!;
    if (this.spread.refuses(set, node, siblings)) return REFUSED.spread;
    return this.#conflicts(this.pods.sets.spread.at(set), node, siblings) ? REFUSED.affinity : REFUSED.none;
  }
  /** The same as far as it does not hang on where the siblings of the pod are. */
  checkAlone(pod: PodId, table: PlacementTable, index: number): number {
    const set = this.pods.set.at(pod);
    const sets = this.pods.sets;
    const node = table.nodes[index]!;
    if (table.classes[sets.placement.at(set)]!.allowed[index] === 0) return REFUSED.placement;
    if (!this.lifecycle.registered(node)) return REFUSED.gone;
    if (this.cordons.cordoned(node)) return REFUSED.cordoned;
    if (!this.lifecycle.ready(node)) return REFUSED.unreachable;
    const resource = this.requested.lacking(node, sets.cpuMillis.at(set), sets.memoryMib.at(set));
    if (resource !== REFUSED.none) return resource;
    return this.volumes.attachable(set, this.pods.ordinal.at(pod), node) ? REFUSED.none : REFUSED.volume;
  }

  #conflicts(spread: number, node: NodeId, siblings: Siblings): boolean {
    if (spread < SPREAD.requiredHost) return false;
    if (includes(siblings.nodes, node)) return true;
    const zone = this.machines.zone.at(node);
    // A node without the zone label is in no topology domain, so the zone term cannot refuse it.
    return spread === SPREAD.requiredHostAndZone && zone !== NONE && includes(siblings.zones, zone);
  }

  /** The reason in the scheduler's words. */
  reason(code: number, pod: PodId, table: PlacementTable, index: number): string {
    if (code !== REFUSED.placement) return REASONS[code]!;
    return table.classes[this.pods.sets.placement.at(this.pods.set.at(pod))]!.reasons[index]!;
  }
}

/** Like the method of arrays, which costs more than the two or three comparisons that siblings need. */
function includes(list: readonly number[], value: number): boolean {
  for (const item of list) if (item === value) return true;
  return false;
}
