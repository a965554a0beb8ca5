/** What of a hosted control plane hangs on its release, and so changes as its components are updated. */
import { componentsOf, type PlacedComponent } from '../hosted/components.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { FleetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import type { World } from '../world.ts';
import { failsOverFast, redials, tolerationOf } from './components.ts';

/** Follows the updates of components of every hosted cluster. */
export function retuneOnUpdate(world: World, plan: FleetPlan): void {
  const plans = new Map(plan.hostedClusters.map((cluster) => [cluster.name, cluster]));
  // Which components there are does not hang on the release.
  const components = new Map<ClusterId, ReadonlyMap<string, PlacedComponent>>();
  world.hostedReleases.updated.subscribe((cluster, name, set, release) => {
    const own = plans.get(world.clusters.names[cluster]!)!;
    if (!components.has(cluster))
      components.set(cluster, new Map(componentsOf(own).map((one) => [one.name, one])));
    const updated = { ...own, release: world.upgrades.releases.name(release) };
    retune(world, cluster, components.get(cluster)!.get(name)!, set, updated);
  });
}

function retune(
  world: World,
  cluster: ClusterId,
  component: PlacedComponent,
  set: SetId,
  plan: HostedClusterPlan,
): void {
  world.sets.toleration.set(set, tolerationOf(world, plan, component));
  if (component.role === 'konnectivity-agent')
    world.konnectivity.tunnels.redials.set(cluster, redials(world, plan) ? 1 : 0);
  if (component.role !== 'kube-apiserver') return;
  const { readinessFailures, fastReadinessFailures } = world.parameters.kubeApiserver;
  const failures = failsOverFast(world, plan) ? fastReadinessFailures : readinessFailures;
  world.hosted.readinessFailures.set(cluster, failures);
}
