/** What is said by the rules on versions to a release that somebody writes into a HostedCluster, and to a version of an operator. */
import { NONE } from '../../sim/entities.ts';
import type { ClusterId } from '../ids.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import type { ReleaseCheck } from '../upgrades/hosted/release-requests.ts';
import type { OperatorCheck } from '../upgrades/operator.ts';
import { judgeHostedClusterUpgrade, judgeOperatorUpgrade, verdictOf } from '../versions/judge.ts';
import type { World } from '../world.ts';

/** Every finding in a sentence, and whether one of them stops the reconcile of the HostedCluster. */
export function releaseCheck(world: World, plan: FleetPlan): ReleaseCheck {
  const plans = new Map(plan.hostedClusters.map((cluster) => [cluster.name, cluster]));
  const { releases } = world.upgrades;
  return (cluster, before, after, { force }) => {
    const own = plans.get(world.clusters.names[cluster]!)!;
    const to = releases.name(after);
    const found = judgeHostedClusterUpgrade({
      // What stands there and was taken before is judged as if there had been nothing before it.
      from: before === after ? '' : releases.name(before),
      to,
      platform: own.platform,
      policy: force ? { ...own, forceUpgradeTo: to } : own,
      operator: world.operators.version(world.clusters.host.at(cluster)),
      pools: world.nodePools.ofCluster
        .list(cluster)
        .map((pool) => releases.name(world.upgrades.release('nodePool', pool))),
    });
    return verdictOf(found, ({ where }) => where === 'reconcile');
  };
}

/** What the Operator Lifecycle Manager does not install, and what breaks a documented rule. */
export function operatorCheck(world: World, plan: FleetPlan): OperatorCheck {
  const platforms = new Map(plan.hostedClusters.map(({ name, platform }) => [name, platform]));
  const { clusters, upgrades } = world;
  const releaseOf = (kind: 'hostedCluster' | 'managementCluster', cluster: ClusterId): string =>
    upgrades.releases.name(upgrades.release(kind, cluster));
  return (cluster, from, to) => {
    const hosted = clusters.names.flatMap((name, id) =>
      clusters.host.at(id as ClusterId) === cluster &&
      upgrades.release('hostedCluster', id as ClusterId) !== NONE
        ? [{ release: releaseOf('hostedCluster', id as ClusterId), platform: platforms.get(name)! }]
        : [],
    );
    const found = judgeOperatorUpgrade({
      from,
      to,
      management: releaseOf('managementCluster', cluster),
      hostedClusters: hosted,
    });
    return verdictOf(found, ({ where }) => where === 'reconcile' || where === 'cli');
  };
}
