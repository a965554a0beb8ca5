import type { RestoreFromSnapshot } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** Somebody begins to restore the etcd of hosted clusters; it ends when it is done. */
export const restoreFromSnapshot: Effect<RestoreFromSnapshot> = {
  begin(fleet, fault) {
    const clusters = fault.hostedClusters.map((name) => fleet.hostedClusters.get(name)!);
    for (const cluster of clusters) fleet.world.restores.begin(cluster, fault.snapshot);
    return { ids: clusters };
  },
  end() {},
};
