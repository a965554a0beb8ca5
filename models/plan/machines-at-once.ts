/** How many machines there can be in a node pool at one time: so many slots it gets. */
import { countOf } from './count-or-share.ts';
import type { NodePoolPlan } from './fleet.ts';
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
  const stages = campaigns.flatMap((campaign) => campaign.stages).filter(({ kind }) => kind === 'nodePool');
  const upgraded = new Set(stages.flatMap(({ waves }) => waves.flat()));
  for (const fault of faults) {
    if (fault.kind === 'scale')
      for (const { hostedCluster, nodePool } of fault.pools) {
        const key = poolKey(hostedCluster, nodePool);
        scaled.set(key, Math.max(scaled.get(key) ?? 0, fault.replicas));
      }
    if (fault.kind === 'upgrade' && fault.subject === 'nodePool')
      for (const name of fault.names) upgraded.add(name);
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
