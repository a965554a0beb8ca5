/** Gives hosted clusters with request serving nodes of their own those nodes, and checks that isolation has what it needs. */
import { controlPlaneNamespace, type HostedClusterPlan, type NodePlan } from '../../models/plan/fleet.ts';
import type { Cursor } from '../source/cursor.ts';
import type { FleetDraft } from './draft.ts';
import { DEDICATED, REQUEST_SERVING } from './labels.ts';

/** Nodes for request serving of one hosted cluster, each in a zone of its own. */
const PAIR = 2;

/**
 * Pairs free request-serving nodes with hosted clusters in the order of the fleet, as the scheduler of the HyperShift
 * operator does (openshift/hypershift hypershift-operator/controllers/scheduler/aws: two nodes in two zones).
 * @param placeOf where the compact entry of a hosted cluster stands; undefined for those from manifests, which get a note.
 */
export function assignDedicatedNodes(
  draft: FleetDraft,
  placeOf: (cluster: HostedClusterPlan) => Cursor | undefined,
): void {
  const clusters = draft.managementClusters.map((cluster) => ({ ...cluster, nodes: [...cluster.nodes] }));
  for (const hosted of draft.hostedClusters) {
    const host = clusters.find((cluster) => cluster.name === hosted.managementCluster);
    if (host === undefined || host.nodes.length === 0) continue;
    const missing =
      hosted.isolation === 'DedicatedRequestServing'
        ? pair(hosted, host.nodes)
        : missingOwn(hosted, host.nodes);
    if (missing !== undefined) reportMissing(hosted, missing, draft, placeOf(hosted));
  }
  draft.managementClusters.splice(0, clusters.length, ...clusters);
}

/** @returns what is missing, or undefined. */
function pair(hosted: HostedClusterPlan, nodes: NodePlan[]): string | undefined {
  const namespace = controlPlaneNamespace(hosted);
  const serving = (node: NodePlan) => node.labels[REQUEST_SERVING] === 'true' && !node.controlPlane;
  if (nodes.some((node) => serving(node) && node.labels[DEDICATED] === namespace)) return undefined;
  const zones = new Set<string>();
  const taken: number[] = [];
  nodes.forEach((node, index) => {
    const free = serving(node) && node.labels[DEDICATED] === undefined;
    if (!free || taken.length === PAIR || zones.has(node.zone)) return;
    zones.add(node.zone);
    taken.push(index);
  });
  if (taken.length < PAIR) return 'two free request-serving nodes in two zones';
  for (const index of taken) nodes[index] = dedicate(nodes[index]!, namespace);
  return undefined;
}

function dedicate(node: NodePlan, namespace: string): NodePlan {
  return {
    ...node,
    labels: { ...node.labels, [DEDICATED]: namespace },
    taints: [...node.taints, { key: DEDICATED, value: namespace, effect: 'NoSchedule' }],
  };
}

/** What a hosted cluster with nodes of its own would lack among these; undefined when it has them, or needs none. */
export function missingOwnNodes(hosted: HostedClusterPlan, nodes: readonly NodePlan[]): string | undefined {
  if (hosted.isolation !== 'DedicatedRequestServing') return missingOwn(hosted, nodes);
  const namespace = controlPlaneNamespace(hosted);
  const own = (node: NodePlan): boolean =>
    node.labels[REQUEST_SERVING] === 'true' && node.labels[DEDICATED] === namespace && !node.controlPlane;
  return nodes.some(own) ? undefined : 'request-serving nodes';
}

function missingOwn(hosted: HostedClusterPlan, nodes: readonly NodePlan[]): string | undefined {
  if (hosted.isolation !== 'SharedNothing') return undefined;
  const namespace = controlPlaneNamespace(hosted);
  return nodes.some((node) => node.labels[DEDICATED] === namespace) ? undefined : 'nodes dedicated to it';
}

function reportMissing(
  hosted: HostedClusterPlan,
  missing: string,
  draft: FleetDraft,
  place: Cursor | undefined,
): void {
  if (place === undefined) {
    draft.note(
      `Hosted cluster ${hosted.name} is isolated (${hosted.isolation}) but lacks ${missing}: pods will wait.`,
    );
    return;
  }
  const hint =
    hosted.isolation === 'SharedNothing'
      ? `give a node pool dedicatedTo: ${hosted.name}`
      : 'give a node pool requestServing: true, two replicas per hosted cluster, zones: two or more';
  place.to('isolation').report('no-dedicated-nodes', {
    found: `${hosted.isolation} for ${hosted.name} without ${missing}`,
    expected: missing,
    hint,
  });
}
