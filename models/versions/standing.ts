/**
 * Releases that stand in a fleet and that its operators do not take: nothing of such a hosted cluster, or node pool, is reconciled. Operators look
 * at a release in every reconcile, not at steps alone, so a fleet may begin like that: with an operator that is older than its clusters, or one that left
 * them behind.
 */
import type { FleetPlan } from '../plan/fleet.ts';
import { judgeHostedClusterUpgrade, judgeNodePoolUpgrade } from './judge.ts';
import { type Finding, stops, textOf } from './rule.ts';

/** One hosted cluster, or node pool, that is not reconciled, and why. */
export interface Unreconciled {
  readonly hostedCluster: string;
  readonly nodePool?: string;
  /** The first rule that is broken, cited. */
  readonly why: string;
}

const why = (found: readonly Finding[]): string => textOf(found.find((one) => stops([one]))!);

/** All of them, in the order of the fleet; hosted clusters without a management cluster are left out. */
export function unreconciled({
  managementClusters,
  hostedClusters,
}: Pick<FleetPlan, 'managementClusters' | 'hostedClusters'>): readonly Unreconciled[] {
  const hosts = new Map(managementClusters.map((cluster) => [cluster.name, cluster]));
  return hostedClusters.flatMap((cluster) => {
    const operator = hosts.get(cluster.managementCluster)?.operator;
    if (operator === undefined) return [];
    const { platform, payload, release } = cluster;
    const pools = cluster.nodePools.map((pool) => pool.release);
    const found = judgeHostedClusterUpgrade({
      from: '',
      to: release,
      platform,
      policy: cluster,
      operator,
      pools,
    });
    const refused: Unreconciled[] = stops(found) ? [{ hostedCluster: cluster.name, why: why(found) }] : [];
    for (const { name, release: own, arch } of cluster.nodePools) {
      const hosted = { hostedCluster: release, payload, platform, operator };
      const broken = judgeNodePoolUpgrade({ from: own, to: own, arch, ...hosted });
      if (stops(broken)) refused.push({ hostedCluster: cluster.name, nodePool: name, why: why(broken) });
    }
    return refused;
  });
}
