/**
 * The part of a pod's placement that does not change while a run goes on: taints of the nodes against tolerations, node selectors,
 * required and preferred node affinity. Computed once per class of pods and cluster, read as a table.
 */
import { NONE } from '../../sim/entities.ts';
import type { NodeId } from '../ids.ts';
import type { NodePlan, Taint, Toleration } from '../plan/fleet.ts';

/** Requirements on nodes that pods share; two sets with equal ones share a class. */
export interface PlacementSpec {
  readonly tolerations: readonly Toleration[];
  /** Labels that a node must carry: nodeSelector and required node affinity. */
  readonly required: Readonly<Record<string, string>>;
  /** Labels that a node should carry, with weights. */
  readonly preferred: readonly { readonly weight: number; readonly key: string; readonly value: string }[];
}

/** What of a node the scheduler looks at and that does not change. */
export type StaticNode = Pick<NodePlan, 'labels' | 'taints' | 'unschedulable'>;

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };
const NO_TOLERATIONS: readonly Toleration[] = [];

/** True when a toleration tolerates a taint (kubernetes/website taint-and-toleration.md). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.operator === 'Exists') return toleration.key === '' || toleration.key === taint.key;
  return toleration.key === taint.key && toleration.value === taint.value;
}

function hardTaint(node: StaticNode, tolerations: readonly Toleration[]): Taint | undefined {
  return node.taints.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** Why a node is out of the question for a class whatever else happens; empty when it is not. */
export function staticReason(node: StaticNode, spec: PlacementSpec): string {
  const tolerations = spec.tolerations ?? NO_TOLERATIONS;
  if (node.unschedulable && !tolerations.some((toleration) => tolerates(toleration, UNSCHEDULABLE))) {
    return 'node(s) were unschedulable';
  }
  const taint = hardTaint(node, tolerations);
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value}}`;
  const missing = Object.entries(spec.required).some(([key, value]) => node.labels[key] !== value);
  return missing ? "node(s) didn't match Pod's node affinity/selector" : '';
}

/** One placement class over all nodes of its cluster. */
export class Placement {
  /** Why the class may not go somewhere; empty where it may. */
  readonly reasons: readonly string[];
  /** 1 where the class may go. Indexed by position in the cluster's node list. */
  readonly allowed: Uint8Array;
  /** Sum of the weights of matching preferred terms. */
  readonly affinity: Int32Array;
  /** Number of PreferNoSchedule taints that are not tolerated. */
  readonly avoided: Int32Array;

  constructor(
    readonly spec: PlacementSpec,
    nodes: readonly StaticNode[],
  ) {
    this.reasons = nodes.map((node) => staticReason(node, spec));
    this.allowed = Uint8Array.from(this.reasons, (reason) => (reason === '' ? 1 : 0));
    this.affinity = Int32Array.from(nodes, (node) =>
      spec.preferred.reduce((sum, term) => sum + (node.labels[term.key] === term.value ? term.weight : 0), 0),
    );
    this.avoided = Int32Array.from(
      nodes,
      (node) =>
        node.taints.filter(
          (t) => t.effect === 'PreferNoSchedule' && !spec.tolerations.some((o) => tolerates(o, t)),
        ).length,
    );
  }
}

/** The schedulable nodes of one cluster in the scheduler's order, and the placement classes over them. */
export class PlacementTable {
  readonly classes: Placement[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #positions: ReadonlyMap<NodeId, number>;

  constructor(
    readonly nodes: readonly NodeId[],
    readonly statics: readonly StaticNode[],
  ) {
    this.#positions = new Map(nodes.map((node, position) => [node, position]));
  }

  /** Position of a node in the scheduler's order, or NONE. */
  position(node: NodeId): number {
    return this.#positions.get(node) ?? NONE;
  }

  /** Index of the class with these requirements. */
  classOf(spec: PlacementSpec): number {
    const key = JSON.stringify(spec);
    let index = this.#byKey.get(key);
    if (index === undefined) {
      index = this.classes.length;
      this.classes.push(new Placement(spec, this.statics));
      this.#byKey.set(key, index);
    }
    return index;
  }
}
