import type { BuiltFleet } from '../build/fleet.ts';
import { poolsOf } from '../build/named-pools.ts';
import type { SetId } from '../ids.ts';
import type { WishId } from '../kubernetes/wishes.ts';
import type { Scale } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** The sets of the workloads; a hosted cluster that can have no worker has none. */
function setsOf({ hostedClusters, world: { sets } }: BuiltFleet, fault: Scale): SetId[] {
  return fault.workloads.flatMap(({ hostedCluster, workload }) =>
    sets.ofCluster.list(hostedClusters.get(hostedCluster)!).filter((set) => sets.names[set] === workload),
  );
}

/** Another number of machines or replicas is wanted; how soon there are as many is up to the control planes. */
export const scale: Effect<Scale> = {
  begin(fleet, fault) {
    const { nodePools, scaling } = fleet.world;
    const pools = poolsOf(fleet, fault.pools).map((pool) => nodePools.scale(pool, fault.replicas));
    const sets = setsOf(fleet, fault).map((set) => scaling.scale(set, fault.replicas));
    return { ids: [...pools, ...sets] };
  },
  end({ world: { nodePools, scaling } }, fault, { ids }) {
    const wishes = ids as readonly WishId[];
    for (const wish of wishes.slice(0, fault.pools.length)) nodePools.withdraw(wish);
    for (const wish of wishes.slice(fault.pools.length)) scaling.withdraw(wish);
  },
};
