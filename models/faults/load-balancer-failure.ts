import type { ClusterId } from '../ids.ts';
import type { LoadBalancerFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** The load balancers in front of hosted APIs let nothing through; the control planes behind them are well. */
export const loadBalancerFailure: Effect<LoadBalancerFailure> = {
  begin(fleet, fault) {
    const clusters = fault.hostedClusters.map((name) => fleet.hostedClusters.get(name)!);
    for (const cluster of clusters) fleet.world.entry.fail(cluster);
    return { ids: clusters };
  },
  end(fleet, _fault, hit) {
    for (const cluster of hit.ids) fleet.world.entry.repair(cluster as ClusterId);
  },
};
