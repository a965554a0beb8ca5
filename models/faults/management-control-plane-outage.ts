import type { ClusterId } from '../ids.ts';
import type { ManagementControlPlaneOutage } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** etcd, kube-apiserver, controller manager and scheduler of a management cluster stop; every other pod goes on. */
export const managementControlPlaneOutage: Effect<ManagementControlPlaneOutage> = {
  begin(fleet, fault) {
    const clusters = fault.managementClusters.map((name) => fleet.managementClusters.get(name)!);
    for (const cluster of clusters) fleet.world.management.hold(cluster);
    return { ids: clusters };
  },
  end(fleet, _fault, hit) {
    for (const cluster of hit.ids) fleet.world.management.release(cluster as ClusterId);
  },
};
