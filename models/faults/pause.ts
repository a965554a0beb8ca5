import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId } from '../ids.ts';
import type { Pause } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** Hosted and management clusters that a pause names. */
function clustersOf({ hostedClusters, managementClusters }: BuiltFleet, fault: Pause): ClusterId[] {
  return [
    ...fault.hostedClusters.map((name) => hostedClusters.get(name)!),
    ...fault.managementClusters.map((name) => managementClusters.get(name)!),
  ];
}

/** Node pools that a pause names, by their cluster and their number in it. */
function poolsOf({ plan, hostedClusters }: BuiltFleet, fault: Pause) {
  return fault.nodePools.map(({ hostedCluster, nodePool }) => {
    const { nodePools } = plan.hostedClusters.find(({ name }) => name === hostedCluster)!;
    return {
      cluster: hostedClusters.get(hostedCluster)!,
      pool: nodePools.findIndex(({ name }) => name === nodePool),
    };
  });
}

/** Nobody reconciles, repairs or remediates what is paused; everything else goes on. */
export const pause: Effect<Pause> = {
  begin(fleet, fault) {
    const { pauses, machineHealthChecks } = fleet.world;
    const clusters = clustersOf(fleet, fault);
    const pools = poolsOf(fleet, fault);
    for (const cluster of clusters) pauses.pause(cluster);
    for (const { cluster, pool } of pools) machineHealthChecks.pausePool(cluster, pool);
    return { ids: [...clusters, ...pools.map(({ cluster }) => cluster)] };
  },
  end(fleet, fault) {
    const { pauses, machineHealthChecks } = fleet.world;
    for (const cluster of clustersOf(fleet, fault)) pauses.resume(cluster);
    for (const { cluster, pool } of poolsOf(fleet, fault)) machineHealthChecks.resumePool(cluster, pool);
  },
};
