/** What is upgraded, by name and by whom it belongs to. */
import type { Labels } from '../../sim/result.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, PoolId } from '../ids.ts';
import type { UpgradeSubject } from '../plan/faults.ts';
import type { UpgradeRecord } from './ledger.ts';

type Subject = Pick<UpgradeRecord, 'kind' | 'subject'>;

/** The cluster that a subject is, or is part of. */
export function clusterOf({ world }: BuiltFleet, { kind, subject }: Subject): ClusterId {
  return kind === 'nodePool' ? world.nodePools.ofCluster.parent(subject as PoolId) : (subject as ClusterId);
}

/** `tenant-0`, `tenant-0/workers`, `mgmt`: unique among the subjects of one kind. */
export function subjectName(fleet: BuiltFleet, one: Subject): string {
  const { clusters, nodePools } = fleet.world;
  const cluster = clusters.names[clusterOf(fleet, one)]!;
  return one.kind === 'nodePool' ? `${cluster}/${nodePools.names[one.subject]}` : cluster;
}

const NOUNS: Readonly<Record<UpgradeSubject, string>> = {
  hostedCluster: 'hosted cluster',
  nodePool: 'node pool',
  managementCluster: 'management cluster',
  operator: 'operator of',
};

/** `hosted cluster tenant-0`, `operator of mgmt`. */
export function subjectText(fleet: BuiltFleet, one: Subject): string {
  return `${NOUNS[one.kind]} ${subjectName(fleet, one)}`;
}

/** Labels of results about a subject: those of its cluster, and the pool. */
export function subjectLabels(fleet: BuiltFleet, one: Subject): Labels {
  const labels = fleet.labelsOf(clusterOf(fleet, one));
  if (one.kind !== 'nodePool') return labels;
  return { ...labels, nodePool: fleet.world.nodePools.names[one.subject]! };
}

/** The hosted clusters that feel what happens to a subject: its own, or all that its management cluster hosts. */
export function tenantsOf(fleet: BuiltFleet, one: Subject): ClusterId[] {
  const { clusters } = fleet.world;
  const cluster = clusterOf(fleet, one);
  if (clusters.isHosted(cluster)) return [cluster];
  return [...fleet.hostedClusters.values()].filter((tenant) => clusters.host.at(tenant) === cluster);
}
