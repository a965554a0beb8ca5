/** How many machines there can be in a node pool at one time: so many slots it gets. */
import { countOf } from './count-or-share.ts';
import type { Upgrade, UpgradeSubject } from './faults.ts';
import type { FleetPlan, NodePoolPlan } from './fleet.ts';
import type { ScenarioPlan } from './scenario.ts';

/** Names a pool of a fleet, as campaigns do. */
export const poolKey = (hostedCluster: string, nodePool: string): string => `${hostedCluster}/${nodePool}`;

/** A machine of the Agent platform is a host that there is (openshift/cluster-api-provider-agent controllers/agentmachine_controller.go findAgent). */
const bounded = ({ agents }: NodePoolPlan, machines: number): number =>
  Math.min(machines, agents ?? Number.POSITIVE_INFINITY);

/** The most machines that a pool may be given by its plan. */
export const largest = (pool: NodePoolPlan): number =>
  bounded(pool, Math.max(pool.replicas, pool.autoScaling?.max ?? 0));

/** Machines beyond those wanted, while they are replaced. */
const surge = ({ upgradeType, strategy, maxSurge }: NodePoolPlan, replicas: number): number =>
  upgradeType === 'Replace' && strategy === 'RollingUpdate' ? countOf(maxSurge, replicas, Math.ceil) : 0;

/** Node pools that get other machines by an upgrade: those that are asked, or all of a hosted cluster that is changed. */
function rolledOut(
  kind: UpgradeSubject,
  names: readonly string[],
  { change }: Pick<Upgrade, 'change'>,
  { hostedClusters }: FleetPlan,
): readonly string[] {
  if (kind === 'nodePool') return names;
  if (kind !== 'hostedCluster' || change === undefined) return [];
  const changed = new Set(names);
  return hostedClusters
    .filter(({ name }) => changed.has(name))
    .flatMap(({ name, nodePools }) => nodePools.map((pool) => poolKey(name, pool.name)));
}

/**
 * The pools that ever have more machines than their plan alone says, and how many these are. Machines that are being deleted count as machines,
 * so a pool never has more of them than were ever wanted of it, and its surge while it is upgraded.
 */
export function machinesAtOnce({
  fleet,
  faults,
  campaigns = [],
}: Pick<ScenarioPlan, 'fleet' | 'faults' | 'campaigns'>): ReadonlyMap<string, number> {
  const scaled = new Map<string, number>();
  const stages = campaigns.flatMap((campaign) => campaign.stages);
  const upgraded = new Set(
    stages.flatMap((stage) => rolledOut(stage.kind, stage.waves.flat(), stage, fleet)),
  );
  for (const fault of faults) {
    if (fault.kind === 'scale')
      for (const { hostedCluster, nodePool } of fault.pools) {
        const key = poolKey(hostedCluster, nodePool);
        scaled.set(key, Math.max(scaled.get(key) ?? 0, fault.replicas));
      }
    if (fault.kind === 'upgrade')
      for (const name of rolledOut(fault.subject, fault.names, fault, fleet)) upgraded.add(name);
  }
  const most = new Map<string, number>();
  if (scaled.size === 0 && upgraded.size === 0) return most;
  for (const { name, nodePools } of fleet.hostedClusters)
    for (const pool of nodePools) {
      const key = poolKey(name, pool.name);
      if (!scaled.has(key) && !upgraded.has(key)) continue;
      const wanted = Math.max(largest(pool), scaled.get(key) ?? 0);
      most.set(key, bounded(pool, wanted + (upgraded.has(key) ? surge(pool, wanted) : 0)));
    }
  return most;
}
