/** What a run is to tell when many hosted clusters of one management cluster are upgraded at once: what that costs their operator is left out. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId } from '../ids.ts';
import { isAside } from '../upgrades/ledger.ts';

/**
 * Hosted clusters that the HyperShift operator reconciles at one time (openshift/hypershift pull 1181, which made ten of one since that one was "a
 * bottleneck if more than one hostedcluster is changed at a time"). How long a reconcile takes is published nowhere, so the others do not wait here. The one
 * figure of a large fleet, 10 minutes for a rollout beside 100 hosted clusters and 17.5 beside 200 (issue 559), is older: of an operator with one.
 */
const RECONCILED_AT_ONCE = 10;

/** One line per management cluster with more. */
export function crowdedUpgrades({ world, hostedClusters }: BuiltFleet): string[] {
  const { clusters, upgrades, sim } = world;
  const steps = new Map<ClusterId, { readonly at: number; readonly by: 1 | -1 }[]>();
  for (const cluster of hostedClusters.values()) steps.set(clusters.host.at(cluster) as ClusterId, []);
  for (const record of upgrades.ledger.records) {
    if (record.kind !== 'hostedCluster' || isAside(record) || record.end === 'refused') continue;
    steps
      .get(clusters.host.at(record.subject as ClusterId) as ClusterId)!
      .push({ at: record.from, by: 1 }, { at: record.to ?? sim.now, by: -1 });
  }
  return [...steps].flatMap(([host, ofHost]) => {
    // Of one instant those that end go first.
    ofHost.sort((one, other) => one.at - other.at || one.by - other.by);
    let [now, most] = [0, 0];
    for (const { by } of ofHost) {
      now += by;
      most = Math.max(most, now);
    }
    return most <= RECONCILED_AT_ONCE
      ? []
      : `${most} hosted clusters of ${clusters.names[host]} were upgraded at one time: that its operator reconciles ${RECONCILED_AT_ONCE} at once, that images ` +
          'are pulled and that its API limits requests makes none of them slower here';
  });
}
