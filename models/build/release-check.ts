/** What the HyperShift operator says to a release that somebody writes into a HostedCluster, by the rules on versions. */
import type { FleetPlan } from '../plan/fleet.ts';
import type { ReleaseCheck } from '../upgrades/hosted/release-requests.ts';
import { judgeHostedClusterUpgrade } from '../versions/judge.ts';
import type { World } from '../world.ts';

/** Every finding in a sentence, and whether one of them stops the reconcile of the HostedCluster. */
export function releaseCheck(world: World, plan: FleetPlan): ReleaseCheck {
  const plans = new Map(plan.hostedClusters.map((cluster) => [cluster.name, cluster]));
  const { releases } = world.upgrades;
  return (cluster, before, after, { force }) => {
    const own = plans.get(world.clusters.names[cluster]!)!;
    const to = releases.name(after);
    const found = judgeHostedClusterUpgrade({
      from: releases.name(before),
      to,
      platform: own.platform,
      policy: force ? { ...own, forceUpgradeTo: to } : own,
      operator: world.operators.version(world.clusters.host.at(cluster)),
      pools: world.nodePools.ofCluster
        .list(cluster)
        .map((pool) => releases.name(world.upgrades.release('nodePool', pool))),
    });
    const told = found.map((one) => ({
      stops: one.rule.where === 'reconcile',
      text: `${one.found} (${one.rule.id})`,
    }));
    return {
      refusal: told.find(({ stops }) => stops)?.text,
      remarks: told.filter(({ stops }) => !stops).map(({ text }) => text),
    };
  };
}
