import type { MoveHostedCluster } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** Somebody begins to move hosted clusters to another management cluster; it ends when they are there. */
export const moveHostedCluster: Effect<MoveHostedCluster> = {
  begin({ world, hostedClusters, managementClusters }, fault) {
    const clusters = fault.hostedClusters.map((name) => hostedClusters.get(name)!);
    const to = managementClusters.get(fault.to)!;
    for (const cluster of clusters) world.moves.begin(cluster, to, fault.snapshot);
    return { ids: clusters };
  },
  end() {},
};
