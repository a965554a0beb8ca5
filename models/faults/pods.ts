/** Pods of hosted control planes that faults mean. */
import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId, SetId } from '../ids.ts';
import type { HostedPods, PodTarget } from '../plan/faults.ts';
import type { Hit } from './effect.ts';
import type { Finding } from './finding.ts';

function findSet(fleet: BuiltFleet, hostedCluster: string, component: string): SetId | undefined {
  const { sets } = fleet.world;
  return sets.ofServed
    .list(fleet.hostedClusters.get(hostedCluster)!)
    .find((set) => sets.names[set] === component);
}

/** The living pod that has this number, or undefined while there is none. */
export function findPod(fleet: BuiltFleet, target: PodTarget): PodId | undefined {
  const set = findSet(fleet, target.hostedCluster, target.component);
  const pod = set === undefined ? NONE : fleet.world.pods.find(set, target.ordinal);
  return pod === NONE ? undefined : (pod as PodId);
}

/**
 * Finds the living pods that are meant: all of a component, or one. Those of a StatefulSet keep their ordinals when they are made anew. Those of a
 * Deployment have none, so that one is meant by its place among those that there are, in the order of their numbers.
 * @param as how names and the lack of one call them, where they are meant for what runs in them
 */
export function findPods(
  fleet: BuiltFleet,
  targets: readonly HostedPods[],
  finding: Finding<PodId>,
  as?: string,
): void {
  const { pods, sets } = fleet.world;
  for (const { hostedCluster, component, ordinal } of targets) {
    const set = findSet(fleet, hostedCluster, component);
    const of = `${hostedCluster}/${component}`;
    const name = (pod: PodId): string => `${hostedCluster}/${as ?? component}-${pods.ordinal.at(pod)}`;
    if (set !== undefined && sets.stateful.at(set) === 1 && ordinal !== undefined) {
      const pod = pods.find(set, ordinal);
      if (pod === NONE) finding.lack(`there is no pod ${of}-${ordinal}`);
      else finding.add(pod as PodId, name(pod as PodId));
    } else finding.choose(living(fleet, set), ordinal, name, { noun: 'pod', of });
  }
}

/** Pods of a set that nobody deletes, in the order of their numbers. */
function living({ world: { pods } }: BuiltFleet, set: SetId | undefined): PodId[] {
  if (set === undefined) return [];
  return pods.ofSet
    .list(set)
    .filter((pod) => !pods.terminating(pod) && pods.extra.at(pod) === 0)
    .sort((a, b) => pods.ordinal.at(a) - pods.ordinal.at(b));
}

/** A pod that comes now is one of those that are meant: of a component of which all are, or the same member of a StatefulSet. */
export function isMeant(fleet: BuiltFleet, targets: readonly HostedPods[], pod: PodId): boolean {
  const { pods, sets } = fleet.world;
  const set = pods.set.at(pod);
  return targets.some(({ hostedCluster, component, ordinal }) => {
    if (sets.names[set] !== component || sets.serves.at(set) !== fleet.hostedClusters.get(hostedCluster))
      return false;
    return ordinal === undefined || (sets.stateful.at(set) === 1 && ordinal === pods.ordinal.at(pod));
  });
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
