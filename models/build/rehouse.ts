/** A hosted cluster that is moved: what its control plane finds on another management cluster. */
import { componentsOf } from '../hosted/components.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import { etcdStorageClass, type FleetPlan } from '../plan/fleet.ts';
import type { World } from '../world.ts';
import { placementOf } from './components.ts';
import { dedicatedNodes } from './hosted.ts';

/**
 * Gives sets, volumes, disks, leases and the entry of a hosted cluster their place on another management cluster.
 * Its control plane has no pod at that time.
 * @param nodes management nodes by name
 */
export function rehouse(
  world: World,
  plan: FleetPlan,
  nodes: ReadonlyMap<string, NodeId>,
  cluster: ClusterId,
  to: ClusterId,
): void {
  const { sets, clusters, volumes, hosted } = world;
  const from = clusters.host.at(cluster);
  const hostPlan = plan.managementClusters.find(({ name }) => name === clusters.names[to])!;
  const own = plan.hostedClusters.find(({ name }) => name === clusters.names[cluster])!;
  const moved = { ...own, managementCluster: hostPlan.name };
  const storage = etcdStorageClass(moved, plan);
  const components = componentsOf(moved);
  for (const set of sets.ofServed.list(cluster)) {
    const component = components.find(({ name }) => name === sets.names[set]);
    if (sets.cluster.at(set) !== from || component === undefined) continue;
    sets.rehouse(set, to, world.placements[to]!.classOf(placementOf(moved, component)));
    if (component.role === 'etcd') volumes.rebind(set, component.wanted, storage?.binding ?? 'zone');
  }
  world.disks.rehouse(hosted.ensemble.at(cluster), storage?.performance ?? 'cloud-ssd');
  world.leadership.rehouse(cluster, from, to);
  world.etcdRecovery.forget(cluster);
  clusters.host.set(cluster, to);
  world.entry.rehouse(
    cluster,
    dedicatedNodes(moved, hostPlan).map((name) => nodes.get(name)!),
  );
}
