/** Whom the machines of node pools hang on: who has to be there before they are wanted, made, deleted, and let into their cluster. */
import type { Health } from '../health.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import type { Machines } from '../places/machines.ts';
import type { ApiPath } from './api-path.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import type { PoolAuthority } from './node-pools.ts';

/** Who is asked. */
interface Authorities {
  readonly clusters: Clusters;
  readonly machines: Machines;
  readonly leadership: Leadership;
  readonly hosted: HostedControlPlanes;
  readonly pauses: Pauses;
  readonly health: Health;
  readonly path: ApiPath;
}

/** Of a fleet as it is; control planes that are held up refuse nothing but what is paused. */
export function poolAuthority(authorities: Authorities): PoolAuthority {
  const { clusters, machines, leadership, hosted, pauses, health, path } = authorities;
  const managementUp = (cluster: ClusterId): boolean => clusters.apiUp(clusters.host.at(cluster));
  const operates = (cluster: ClusterId): boolean => leadership.held(clusters.host.at(cluster), 'operator');
  const joins = (machine: NodeId): boolean =>
    health.compute(machines.cluster.at(machine), 'join') > 0 && path.admits(machine);
  return {
    canSpecify: (cluster) =>
      !pauses.paused(cluster) && (clusters.hostedHeldUp || (managementUp(cluster) && operates(cluster))),
    canScale: (cluster) =>
      !pauses.paused(cluster) &&
      (clusters.hostedHeldUp || (managementUp(cluster) && hosted.managesMachines(cluster))),
    canJoin: (machine) => clusters.hostedHeldUp || joins(machine),
  };
}
