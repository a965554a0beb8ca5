import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId, SetId } from '../ids.ts';
import type { HostedPods, PodTarget } from '../plan/faults.ts';
import type { Hit } from './effect.ts';

function findSet(fleet: BuiltFleet, hostedCluster: string, component: string): SetId | undefined {
  const { sets } = fleet.world;
  return sets.ofServed
    .list(fleet.hostedClusters.get(hostedCluster)!)
    .find((set) => sets.names[set] === component);
}

/** The living pod that a target names, or undefined while there is none. */
export function findPod(fleet: BuiltFleet, target: PodTarget): PodId | undefined {
  const set = findSet(fleet, target.hostedCluster, target.component);
  const pod = set === undefined ? NONE : fleet.world.pods.find(set, target.ordinal);
  return pod === NONE ? undefined : (pod as PodId);
}

/** The living pods that are meant: one replica, or all of a component. */
export function findPods(fleet: BuiltFleet, target: HostedPods): PodId[] {
  const set = findSet(fleet, target.hostedCluster, target.component);
  if (set === undefined) return [];
  const { pods } = fleet.world;
  return pods.ofSet
    .list(set)
    .filter(
      (pod) =>
        !pods.terminating(pod) && (target.ordinal === undefined || pods.ordinal.at(pod) === target.ordinal),
    );
}

/** Pods and which life of its row each is, so that a fault does not follow a row to its next owner. */
export function remember(fleet: BuiltFleet, pods: readonly PodId[]): Hit {
  return { ids: pods, lives: pods.map((pod) => fleet.world.pods.table.lifetime.at(pod)) };
}

/** The remembered pods that still exist. */
export function recall(fleet: BuiltFleet, hit: Hit): PodId[] {
  const pods = hit.ids as readonly PodId[];
  return pods.filter((pod, i) => fleet.world.pods.table.lifetime.at(pod) === hit.lives![i]);
}
