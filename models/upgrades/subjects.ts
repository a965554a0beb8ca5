/** What is upgraded, by name and by whom it belongs to. */
import { invariant } from '../../sim/assert.ts';
import type { Labels } from '../../sim/result.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import { poolsOf } from '../build/named-pools.ts';
import type { ClusterId, MachineConfigPoolId, PoolId, UpgradeSubjectId } from '../ids.ts';
import type { UpgradeSubject } from '../plan/faults.ts';
import type { UpgradeRecord } from './ledger.ts';

type Subject = Pick<UpgradeRecord, 'kind' | 'subject'>;

/** The cluster that a subject is, or is part of. */
export function clusterOf({ world }: BuiltFleet, { kind, subject }: Subject): ClusterId {
  if (kind === 'nodePool') return world.nodePools.ofCluster.parent(subject as PoolId);
  if (kind === 'machineConfigPool')
    return world.managementUpdates.pools.cluster(subject as MachineConfigPoolId);
  return subject as ClusterId;
}

/** The name within its cluster of a pool; undefined for what is a cluster itself. */
function poolName({ world }: BuiltFleet, { kind, subject }: Subject): string | undefined {
  if (kind === 'nodePool') return world.nodePools.names[subject];
  return kind === 'machineConfigPool' ? world.managementUpdates.pools.names[subject] : undefined;
}

/** `tenant-0`, `tenant-0/workers`, `mgmt`, `mgmt/worker`: unique among the subjects of one kind. */
export function subjectName(fleet: BuiltFleet, one: Subject): string {
  const cluster = fleet.world.clusters.names[clusterOf(fleet, one)]!;
  const pool = poolName(fleet, one);
  return pool === undefined ? cluster : `${cluster}/${pool}`;
}

/** The subject that a plan names so. */
export function subjectOf(fleet: BuiltFleet, kind: UpgradeSubject, name: string): UpgradeSubjectId {
  const [clusterName, pool] = name.split('/') as [string, string];
  if (kind === 'nodePool') return poolsOf(fleet, [{ hostedCluster: clusterName, nodePool: pool }])[0]!;
  const clusters = kind === 'hostedCluster' ? fleet.hostedClusters : fleet.managementClusters;
  const cluster = clusters.get(clusterName);
  invariant(cluster !== undefined, () => `a plan names ${name}, which is not there`);
  if (kind !== 'machineConfigPool') return cluster!;
  const { pools } = fleet.world.managementUpdates;
  return pools.ofCluster.list(cluster!).find((one) => pools.names[one] === pool)!;
}

const NOUNS: Readonly<Record<UpgradeSubject, string>> = {
  hostedCluster: 'hosted cluster',
  nodePool: 'node pool',
  managementCluster: 'management cluster',
  machineConfigPool: 'machine config pool',
  operator: 'operator of',
};

/** `hosted cluster tenant-0`, `operator of mgmt`. */
export function subjectText(fleet: BuiltFleet, one: Subject): string {
  return `${NOUNS[one.kind]} ${subjectName(fleet, one)}`;
}

/** Labels of results about a subject: those of its cluster, and the pool. */
export function subjectLabels(fleet: BuiltFleet, one: Subject): Labels {
  const labels = fleet.labelsOf(clusterOf(fleet, one));
  const pool = poolName(fleet, one);
  return pool === undefined ? labels : { ...labels, [one.kind]: pool };
}

/** The hosted clusters that feel what happens to a subject: its own, or all that its management cluster hosts. */
export function tenantsOf(fleet: BuiltFleet, one: Subject): ClusterId[] {
  const { clusters } = fleet.world;
  const cluster = clusterOf(fleet, one);
  if (clusters.isHosted(cluster)) return [cluster];
  return [...fleet.hostedClusters.values()].filter((tenant) => clusters.host.at(tenant) === cluster);
}
