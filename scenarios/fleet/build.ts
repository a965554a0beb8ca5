/** From a fleet's document and the manifests it names to the plan that models run. */

import { fsyncTimes } from '../../models/etcd/fsync.ts';
import type { ParameterValues } from '../../models/parameters.ts';
import {
  etcdStorageClass,
  type FleetPlan,
  type HostedClusterPlan,
  type ManagementClusterPlan,
  type NodePlan,
  type StorageClassPlan,
} from '../../models/plan/fleet.ts';
import { usualOperator } from '../../models/versions/operators.ts';
import { formatSpan } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { joinHostedClusters, joinNodes, versionOfNodes } from '../manifests/join.ts';
import type { ManifestFile } from '../manifests/objects.ts';
import { platformOfNodes } from '../manifests/platform.ts';
import { noteUnknownReleases } from '../manifests/release.ts';
import type { FleetSpec } from '../schema/fleet.ts';
import type { Cursor } from '../source/cursor.ts';
import {
  DEFAULT_STORAGE_CLASS,
  MANAGEMENT_CLUSTER,
  MANAGEMENT_VERSION,
  OPERATOR_REPLICAS,
} from './defaults.ts';
import { checkDuplicates, FleetDraft } from './draft.ts';
import { addHostedClusters } from './hosted.ts';
import { assignDedicatedNodes } from './isolation.ts';
import { MACHINE_CONFIG_POOLS } from './machine-config-pools.ts';
import { addZones, awaitsNodes, managementCluster } from './management.ts';
import { noteOwnReleases, noteUnreconciled } from './unreconciled.ts';

/**
 * Builds the plan of a fleet, reporting every mistake. The plan is meaningful only when nothing was reported.
 * @param cursor points to the fleet's spec.
 */
export function buildFleet(
  name: string,
  spec: FleetSpec,
  cursor: Cursor,
  manifests: readonly ManifestFile[],
  parameters: ParameterValues,
): FleetPlan {
  const draft = new FleetDraft(parameters);
  addPlaces(spec, cursor, draft);
  const nodes = joinNodes(manifests, draft);
  noteSkipped(manifests, draft);
  checkDuplicates(
    spec.managementClusters.map((one) => one.name),
    'management cluster',
    (i) => cursor.to('managementClusters', i, 'name'),
  );
  const entries = new Map<HostedClusterPlan, Cursor>();
  spec.hostedClusters.forEach((one, i) => {
    const before = draft.hostedClusters.length;
    const place = cursor.to('hostedClusters', i);
    addHostedClusters(one, spec, place, draft);
    for (const plan of draft.hostedClusters.slice(before)) entries.set(plan, place);
  });
  const receiver = spec.managementClusters.find(awaitsNodes);
  const ownCluster = receiver === undefined && nodes.length > 0 ? nameOfNodes(spec) : undefined;
  const host = receiver?.name ?? ownCluster ?? spec.managementClusters[0]?.name ?? MANAGEMENT_CLUSTER;
  joinHostedClusters(manifests, host, draft);
  addManagementClusters(spec, cursor, nodes, manifests, draft);
  addUnknownStorageClasses(draft);
  assignDedicatedNodes(draft, (cluster) => entries.get(cluster));
  checkNodeSelectors(draft, entries);
  noteHomelessMachines(draft);
  noteSlowStorage(draft);
  noteUnknownReleases(draft);
  noteUnreconciled(draft);
  noteOwnReleases(draft);
  return {
    name,
    places: draft.places.plan(),
    managementClusters: draft.managementClusters,
    hostedClusters: draft.hostedClusters,
    notes: draft.notes,
  };
}

function addPlaces(spec: FleetSpec, cursor: Cursor, draft: FleetDraft): void {
  const zones = spec.zones ?? [];
  checkDuplicates(
    zones.map((zone) => zone.name),
    'zone',
    (i) => cursor.to('zones', i, 'name'),
  );
  for (const zone of zones) draft.places.addZone(zone.name, zone.region);
  draft.zonesAreListed = spec.zones !== undefined;
  for (const cluster of spec.managementClusters) addZones(cluster, draft);
}

function noteSkipped(manifests: readonly ManifestFile[], draft: FleetDraft): void {
  for (const { file, skipped, emptyLists } of manifests) {
    if (emptyLists.length > 0) draft.note(`${file}: holds a List without items.`);
    if (skipped.size === 0) continue;
    const kinds = [...skipped].map(([kind, count]) => `${count} ${kind}`);
    draft.note(`${file}: not used: ${kinds.join(', ')}.`);
  }
}

function addManagementClusters(
  spec: FleetSpec,
  cursor: Cursor,
  nodes: readonly NodePlan[],
  manifests: readonly ManifestFile[],
  draft: FleetDraft,
): void {
  const receiver = spec.managementClusters.find(awaitsNodes);
  spec.managementClusters.forEach((one, i) => {
    const joining = one === receiver ? nodes : [];
    const place = cursor.to('managementClusters', i);
    const listed = (key: 'version' | 'platform'): boolean =>
      joining.length > 0 && place.to(key).node === undefined;
    const version = listed('version') ? (versionOfNodes(manifests) ?? one.version) : one.version;
    const platform = listed('platform') ? platformOfNodes(manifests, draft) : one.platform;
    draft.repeatsCluster = spec.managementClusters.findIndex(({ name }) => name === one.name) < i;
    draft.managementClusters.push(managementCluster({ ...one, version, platform }, place, draft, joining));
  });
  const nowhere = spec.managementClusters.length === 0 && draft.hostedClusters.length > 0;
  if (receiver === undefined && (nodes.length > 0 || nowhere)) {
    draft.managementClusters.push(clusterOfNodes(nameOfNodes(spec), nodes, manifests, draft));
  }
}

/** Name of the cluster that listed nodes form when no entry of the fleet waits for them. */
function nameOfNodes(spec: FleetSpec): string {
  const taken = spec.managementClusters.some((one) => one.name === MANAGEMENT_CLUSTER);
  return taken ? `${MANAGEMENT_CLUSTER}-nodes` : MANAGEMENT_CLUSTER;
}

function clusterOfNodes(
  name: string,
  nodes: readonly NodePlan[],
  manifests: readonly ManifestFile[],
  draft: FleetDraft,
): ManagementClusterPlan {
  const version = versionOfNodes(manifests) ?? MANAGEMENT_VERSION;
  return {
    name,
    version,
    platform: nodes.length === 0 ? 'AWS' : platformOfNodes(manifests, draft),
    nodes,
    storageClasses: [DEFAULT_STORAGE_CLASS],
    defaultStorageClass: DEFAULT_STORAGE_CLASS.name,
    remediation: 'none',
    machineConfigPools: MACHINE_CONFIG_POOLS,
    operator: usualOperator(version),
    operatorReplicas: OPERATOR_REPLICAS,
  };
}

/** Classes that only manifests name are taken as bound to zones, like the disks of clouds. */
function addUnknownStorageClasses(draft: FleetDraft): void {
  draft.managementClusters.forEach((cluster, index) => {
    const classes: StorageClassPlan[] = [...cluster.storageClasses];
    for (const hosted of draft.hostedClusters) {
      const wanted = hosted.etcd.storageClass;
      if (hosted.managementCluster !== cluster.name || wanted === '') continue;
      if (classes.some((one) => one.name === wanted)) continue;
      classes.push({ ...DEFAULT_STORAGE_CLASS, name: wanted });
      draft.note(
        `Storage class ${wanted} is not described by the fleet: volumes taken as bound to their zone.`,
      );
    }
    draft.managementClusters[index] = { ...cluster, storageClasses: classes };
  });
}

/** A node selector that no node meets leaves a whole control plane Pending: an error in the compact form, else a note. */
function checkNodeSelectors(draft: FleetDraft, entries: ReadonlyMap<HostedClusterPlan, Cursor>): void {
  const checked = new Set<string>();
  for (const hosted of draft.hostedClusters) {
    const wanted = Object.entries(hosted.nodeSelector);
    const nodes = draft.managementClusters.find((one) => one.name === hosted.managementCluster)?.nodes ?? [];
    const key = JSON.stringify([hosted.managementCluster, wanted]);
    if (wanted.length === 0 || nodes.length === 0 || checked.has(key)) continue;
    checked.add(key);
    if (nodes.some((node) => wanted.every(([label, value]) => node.labels[label] === value))) continue;
    const place = entries.get(hosted)?.to('nodeSelector');
    if (place === undefined) {
      draft.note(
        `Hosted cluster ${hosted.name}: no management node carries its nodeSelector; its pods will wait.`,
      );
    } else if (place.node !== undefined) {
      place.report('selector-matches-nothing', {
        found: `no node of ${hosted.managementCluster} carries the nodeSelector of ${hosted.name}`,
        expected: 'labels of at least one node',
      });
    }
  }
}

/** Virtual machines of a KubeVirt pool wait for ever when no management node carries the labels they ask for. */
function noteHomelessMachines(draft: FleetDraft): void {
  for (const hosted of draft.hostedClusters) {
    const nodes = draft.managementClusters.find((one) => one.name === hosted.managementCluster)?.nodes ?? [];
    for (const pool of hosted.platform === 'KubeVirt' ? hosted.nodePools : []) {
      const wanted = Object.entries(pool.nodeSelector);
      if (
        nodes.length === 0 ||
        nodes.some((node) => wanted.every(([label, value]) => node.labels[label] === value))
      )
        continue;
      draft.note(
        `Node pool ${hosted.name}/${pool.name}: no management node carries its nodeSelector; its machines will wait.`,
      );
    }
  }
}

/** Storage under etcd that is slower than etcd wants gets a remark; what comes of it is for the run to show. */
function noteSlowStorage(draft: FleetDraft): void {
  const { fsyncLimit, commitLimit } = draft.parameters.disk;
  for (const hosted of draft.hostedClusters) {
    const storage = etcdStorageClass(hosted, draft);
    if (storage === undefined) continue;
    const { p99 } = fsyncTimes(storage.performance, draft.parameters);
    if (p99 <= fsyncLimit) continue;
    const commit = p99 > commitLimit ? `, and ${formatSpan(commitLimit as Micros)} for a commit` : '';
    draft.note(
      `Storage class ${storage.name} of ${hosted.managementCluster}: 99th percentile of fsync ${formatSpan(p99 as Micros)}; etcd wants ` +
        `${formatSpan(fsyncLimit as Micros)}${commit}.`,
    );
  }
}
