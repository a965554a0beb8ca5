/** Whom the machines of node pools hang on: who has to be there before they are wanted, made, deleted, and let into their cluster. */
import type { Health } from '../health.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import type { Machines } from '../places/machines.ts';
import type { ApiPath } from './api-path.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import type { PoolAuthority } from './node-pools.ts';
import type { Reconciliation } from './reconciliation.ts';

/** Who is asked. */
interface Authorities {
  readonly clusters: Clusters;
  readonly machines: Machines;
  readonly reconciliation: Reconciliation;
  readonly hosted: HostedControlPlanes;
  readonly pauses: Pauses;
  readonly health: Health;
  readonly path: ApiPath;
}

/** Of a fleet as it is; control planes that are held up refuse nothing but what is paused. */
export function poolAuthority(authorities: Authorities): PoolAuthority {
  const { clusters, machines, reconciliation, hosted, pauses, health, path } = authorities;
  const managementUp = (cluster: ClusterId): boolean => clusters.apiUp(clusters.host.at(cluster));
  const joins = (machine: NodeId): boolean =>
    health.compute(machines.cluster.at(machine), 'join') > 0 && path.admits(machine);
  return {
    canSpecify: (cluster) =>
      clusters.hostedHeldUp ? !pauses.paused(cluster) : reconciliation.operatorAbsent(cluster) === undefined,
    canScale: (cluster) =>
      !pauses.paused(cluster) &&
      (clusters.hostedHeldUp || (managementUp(cluster) && hosted.managesMachines(cluster))),
    canJoin: (machine) => clusters.hostedHeldUp || joins(machine),
  };
}
