import type { BuiltFleet } from '../build/fleet.ts';
import { poolsOf } from '../build/named-pools.ts';
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

/** Nobody reconciles, repairs or remediates what is paused; everything else goes on. */
export const pause: Effect<Pause> = {
  begin(fleet, fault) {
    const { pauses, nodePools } = fleet.world;
    const clusters = clustersOf(fleet, fault);
    const pools = poolsOf(fleet, fault.nodePools);
    for (const cluster of clusters) pauses.pause(cluster);
    for (const pool of pools) nodePools.pause(pool);
    return { ids: [...clusters, ...pools] };
  },
  end(fleet, fault) {
    const { pauses, nodePools } = fleet.world;
    for (const cluster of clustersOf(fleet, fault)) pauses.resume(cluster);
    for (const pool of poolsOf(fleet, fault.nodePools)) nodePools.resume(pool);
  },
};
