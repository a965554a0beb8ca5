import { COMPONENT_NAMES, componentsOf } from '../../models/hosted/components.ts';
import type { PodTarget } from '../../models/plan/faults.ts';
import type { HostedClusterPlan } from '../../models/plan/fleet.ts';
import { oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { byName } from './targets.ts';

export const componentKey = {
  component: oneOrMany(
    'Components of the control plane by name, such as kube-apiserver; `*` stands for any letters.',
  ),
};

const NAMED = COMPONENT_NAMES.map((name) => ({ name }));

/** The names of components that a key `component` means. */
export function components(written: string | readonly string[], cursor: Cursor): readonly string[] {
  const found = byName(written, NAMED, cursor.to('component'), 'component', 'unknown-component');
  return found.map((component) => component.name);
}

/** Every pod of these components in these hosted clusters, cluster by cluster; none where a cluster does not run one. */
export function podsOf(
  clusters: readonly HostedClusterPlan[],
  names: readonly string[],
): readonly PodTarget[] {
  return clusters.flatMap((cluster) => {
    const running = componentsOf(cluster).filter((component) => names.includes(component.name));
    return running.flatMap(({ name, wanted }) =>
      Array.from({ length: wanted }, (_, ordinal) => ({
        hostedCluster: cluster.name,
        component: name,
        ordinal,
      })),
    );
  });
}
