import { COMPONENT_NAMES, componentsOf } from '../../models/hosted/components.ts';
import type { HostedPods } from '../../models/plan/faults.ts';
import type { HostedClusterPlan } from '../../models/plan/fleet.ts';
import { PLATFORMS } from '../../models/plan/platforms.ts';
import { oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Group } from './numbered-targets.ts';
import { byName } from './targets.ts';

export const componentKey = {
  component: oneOrMany(
    'Components of the control plane by name, such as kube-apiserver; `*` stands for any letters.',
  ),
};

/** Describes ordinals of pods. */
export const WHICH_PODS =
  'Which pods of those that there are when it happens, counted from 0 in the order of their numbers: after a rollout a Deployment has pods of other ' +
  'numbers than before. Members of etcd keep theirs. Default all that there are.';

const NAMED = COMPONENT_NAMES.map((name) => ({ name }));

/** The names of components that a key `component` means. */
export function components(written: string | readonly string[], cursor: Cursor): readonly string[] {
  const found = byName(written, NAMED, cursor.to('component'), 'component', 'unknown-component');
  return found.map((component) => component.name);
}

/** Reports that none of these hosted clusters runs any of these components, and what it takes to. */
export function reportNotRun(
  clusters: readonly HostedClusterPlan[],
  names: readonly string[],
  cursor: Cursor,
): void {
  const [cluster] = clusters;
  const [name] = names;
  if (cluster === undefined || name === undefined) return;
  const others = clusters.length > 1 ? ` and ${clusters.length - 1} more` : '';
  cursor.to('component').report('selector-matches-nothing', {
    found: `hosted cluster ${cluster.name}${others} runs no ${names.join(', no ')}`,
    expected: 'a component that it runs',
    hint: conditionOf(cluster, name),
  });
}

/** What would have to be different of a hosted cluster for it to run a component; empty where no single change does. */
function conditionOf(cluster: HostedClusterPlan, name: string): string {
  const runs = (change: Partial<HostedClusterPlan>): boolean =>
    componentsOf({ ...cluster, ...change }).some((component) => component.name === name);
  const platforms = PLATFORMS.filter((platform) => runs({ platform }));
  const ways = [
    platforms.length > 0 ? `on platform ${platforms.join(', ')}` : '',
    runs({ router: true }) ? 'with services that are published by Route through routers of their own' : '',
    runs({ etcd: { ...cluster.etcd, management: 'Managed' } }) ? 'with a managed etcd' : '',
    runs({ secretEncryption: true }) ? 'with secretEncryption' : '',
    runs({ olmCatalogPlacement: 'management' }) ? 'with olmCatalogPlacement: management' : '',
  ].filter((way) => way !== '');
  return ways.length === 0 ? '' : `${name} runs ${ways.join(', or ')}`;
}

/** These components of these hosted clusters, cluster by cluster; none where a cluster does not run one. */
export function podGroups(
  clusters: readonly HostedClusterPlan[],
  names: readonly string[],
): readonly Group<HostedPods>[] {
  return clusters.flatMap((cluster) =>
    componentsOf(cluster)
      .filter(({ name, wanted }) => names.includes(name) && wanted > 0)
      .map(({ name: component, wanted }) => ({
        target: { hostedCluster: cluster.name, component },
        name: `${cluster.name}/${component}`,
        count: wanted,
      })),
  );
}

/** The members of the etcd of these hosted clusters, which keep their ordinals; those of an etcd that is not managed are no part of the fleet. */
export function etcdMembers(
  clusters: readonly HostedClusterPlan[],
): readonly { readonly hostedCluster: string; readonly ordinal: number }[] {
  return podGroups(clusters, ['etcd']).flatMap(({ target: { hostedCluster }, count }) =>
    Array.from({ length: count }, (_, ordinal) => ({ hostedCluster, ordinal })),
  );
}
