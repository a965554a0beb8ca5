/** Real objects join a fleet: nodes their management cluster, node pools their hosted cluster, names made unique. */
import {
  controlPlaneNamespace,
  type HostedClusterPlan,
  type NodePlan,
  type NodePoolPlan,
} from '../../models/plan/fleet.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import { DEFAULT_NAMESPACE, hostedClusterPlan } from './hosted-cluster.ts';
import { nodePlan } from './node.ts';
import { nodePoolPlan } from './node-pool.ts';
import type { Found, ManifestFile } from './objects.ts';
import { openshiftVersion } from './release.ts';
import type { HostedClusterManifest, NodePoolManifest } from './schema.ts';

/** The nodes of all files in their order, each name once. */
export function joinNodes(files: readonly ManifestFile[], draft: FleetDraft): readonly NodePlan[] {
  const nodes: NodePlan[] = [];
  for (const { object, cursor } of files.flatMap((file) => file.nodes)) {
    const plan = nodePlan(object, draft);
    if (draft.claimNode(plan, cursor.to('metadata', 'name'))) nodes.push(plan);
  }
  return nodes;
}

/** OpenShift version of the cluster that the nodes form, from the first kubelet that tells. */
export function versionOfNodes(files: readonly ManifestFile[]): string | undefined {
  for (const { object } of files.flatMap((file) => file.nodes)) {
    const version = openshiftVersion(object.status?.nodeInfo?.kubeletVersion ?? '');
    if (version !== undefined) return version;
  }
  return undefined;
}

interface Owned {
  readonly file: ManifestFile;
  readonly found: Found<HostedClusterManifest>;
  readonly pools: NodePoolPlan[];
}

/**
 * Adds the hosted clusters of all files with their node pools.
 * The same namespace and name in two files are two clusters that happen to be called alike (captures of different
 * installations): the later one is renamed, NAME-2, with a note. In one file it is a mistake.
 */
export function joinHostedClusters(
  files: readonly ManifestFile[],
  managementCluster: string,
  draft: FleetDraft,
): void {
  const owned = files.flatMap((file) => clustersOf(file));
  const complete = files.every((file) => file.complete);
  for (const file of files) for (const pool of poolsOf(file)) assign(pool, file, owned, complete, draft);
  const fileOf = new Map<string, string>();
  for (const { file, found, pools } of owned) {
    const name = freeName(found.object, file, fileOf, draft);
    fileOf.set(name, file.file);
    const plan = hostedClusterPlan(found.object, name, managementCluster, pools, draft);
    draft.addHostedCluster(plan, controlPlaneNamespace(plan), found.cursor.to('metadata', 'name'));
  }
}

function clustersOf(file: ManifestFile): readonly Owned[] {
  return unique(file.hostedClusters, 'HostedCluster').map((found) => ({ file, found, pools: [] }));
}

function poolsOf(file: ManifestFile): readonly Found<NodePoolManifest>[] {
  return unique(file.nodePools, 'NodePool');
}

interface Identified {
  readonly metadata: { readonly name: string; readonly namespace?: string | null | undefined };
}

function identity(object: Identified): string {
  return `${object.metadata.namespace ?? DEFAULT_NAMESPACE}/${object.metadata.name}`;
}

/** The objects of one file without those that repeat an earlier namespace and name, which are reported. */
function unique<T extends Identified>(found: readonly Found<T>[], kind: string): readonly Found<T>[] {
  const seen = new Set<string>();
  return found.filter(({ object, cursor }) => {
    const id = identity(object);
    if (seen.has(id)) {
      cursor.to('metadata', 'name').report('duplicate-name', {
        found: `${kind} ${id} a second time in this file`,
        expected: `each ${kind} once`,
      });
    }
    return !seen.has(id) && seen.add(id);
  });
}

/** Gives a pool to its cluster, one of the same file before one of another. */
function assign(
  { object, cursor }: Found<NodePoolManifest>,
  file: ManifestFile,
  owned: readonly Owned[],
  complete: boolean,
  draft: FleetDraft,
): void {
  const namespace = object.metadata.namespace ?? DEFAULT_NAMESPACE;
  const wanted = `${namespace}/${object.spec.clusterName}`;
  const candidates = owned.filter((one) => identity(one.found.object) === wanted);
  const owner = candidates.find((one) => one.file === file) ?? candidates[0];
  if (owner !== undefined) {
    owner.pools.push(nodePoolPlan(object, owner.found.object, cursor, draft));
    return;
  }
  if (!complete) return;
  const names = owned.map((one) => one.found.object.metadata.name);
  cursor.to('spec', 'clusterName').report('nodepool-without-cluster', {
    found: `no HostedCluster ${wanted}`,
    expected:
      names.length === 0
        ? 'a HostedCluster in the manifests'
        : `one of ${listed(owned.map((o) => identity(o.found.object)))}`,
    hint: didYouMean(object.spec.clusterName, names),
  });
}

/** @param fileOf files of the clusters that manifests have added so far, by their names in the fleet. */
function freeName(
  manifest: HostedClusterManifest,
  file: ManifestFile,
  fileOf: ReadonlyMap<string, string>,
  draft: FleetDraft,
): string {
  const { name } = manifest.metadata;
  if (isFree(manifest, name, draft)) return name;
  let number = 2;
  while (!isFree(manifest, `${name}-${number}`, draft)) number++;
  draft.note(
    `${file.file}: HostedCluster ${identity(manifest)} is called ${name}-${number} here; ${name} is the one of ${fileOf.get(name) ?? 'the fleet itself'}.`,
  );
  return `${name}-${number}`;
}

function isFree(manifest: HostedClusterManifest, name: string, draft: FleetDraft): boolean {
  const plan: Pick<HostedClusterPlan, 'name' | 'namespace'> = {
    name,
    namespace: manifest.metadata.namespace ?? DEFAULT_NAMESPACE,
  };
  return !draft.hasHostedCluster(name) && !draft.hasNamespace(controlPlaneNamespace(plan));
}
