/**
 * How pods get from one template to another: the rolling updates of Deployments and StatefulSets, step by step as their controllers take them
 * (kubernetes/kubernetes pkg/controller/deployment/rolling.go and recreate.go, pkg/controller/statefulset/stateful_set_control.go). Each
 * call does what can be done now; what it waits for is a pod that becomes Ready, or one that goes.
 *
 * A Deployment has a ReplicaSet per template. The new one grows while there is room above the replicas (maxSurge), the old ones shrink while enough
 * pods are available (maxUnavailable), sick pods of theirs first. A pod of an old ReplicaSet that is lost meanwhile comes again as it was.
 */
import { NONE } from '../../sim/entities.ts';
import type { PodId, SetId } from '../ids.ts';
import type { SetPods } from './reconcile.ts';
import type { Sets } from './sets.ts';

/** What a set has of pods, those that are being deleted not counted. */
interface Census {
  updated: number;
  former: number;
  availableUpdated: number;
  availableFormer: number;
}

/** Some pod of the set was made from another template than it has now, or is wanted to be. */
export function isUpdating(sets: Sets, pods: SetPods, set: SetId): boolean {
  if (sets.formerReplicas.at(set) > 0) return true;
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
    if (!pods.current(pod)) return true;
  return false;
}

function census(pods: SetPods, set: SetId): Census {
  const counted = { updated: 0, former: 0, availableUpdated: 0, availableFormer: 0 };
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
    if (pods.terminating(pod) || pods.extra.at(pod) === 1) continue;
    const available = pods.available(pod) ? 1 : 0;
    if (pods.current(pod)) {
      counted.updated++;
      counted.availableUpdated += available;
    } else {
      counted.former++;
      counted.availableFormer += available;
    }
  }
  return counted;
}

/** One step of a Deployment towards its template. */
export function updateDeployment(sets: Sets, pods: SetPods, set: SetId): void {
  if (sets.recreates.at(set) === 1) recreate(sets, pods, set);
  else {
    restoreFormer(sets, pods, set);
    growUpdated(sets, pods, set);
    shrinkFormer(sets, pods, set);
    growUpdated(sets, pods, set);
  }
}

/** The old ReplicaSets keep as many pods as they are to have. */
function restoreFormer(sets: Sets, pods: SetPods, set: SetId): void {
  const lacking = sets.formerReplicas.at(set) - census(pods, set).former;
  createPods(pods, set, lacking, 'former');
}

function growUpdated(sets: Sets, pods: SetPods, set: SetId): void {
  const replicas = sets.replicas.at(set);
  const { updated } = census(pods, set);
  const room = replicas + sets.maxSurge.at(set) - updated - sets.formerReplicas.at(set);
  createPods(pods, set, Math.min(replicas - updated, room), 'updated');
}

function shrinkFormer(sets: Sets, pods: SetPods, set: SetId): void {
  const now = census(pods, set);
  const former = sets.formerReplicas.at(set);
  const least = sets.replicas.at(set) - sets.maxUnavailable.at(set);
  const most = now.updated + former - least - (now.updated - now.availableUpdated);
  if (most <= 0) return;
  const sick = Math.min(most, now.former - now.availableFormer);
  const spare = now.availableUpdated + now.availableFormer - least;
  const going = sick + Math.max(0, Math.min(spare, now.availableFormer, former - sick));
  sets.formerReplicas.set(set, former - going);
  for (const pod of victims(pods, set).slice(0, going)) pods.delete(pod);
}

/** Old pods in the order in which they go: sick ones, then those of high ordinals. */
function victims(pods: SetPods, set: SetId): PodId[] {
  const key = (pod: PodId): number => (pods.available(pod) ? 1e6 : 0) - pods.ordinal.at(pod);
  return pods.ofSet
    .list(set)
    .filter((pod) => !pods.terminating(pod) && !pods.current(pod))
    .sort((a, b) => key(a) - key(b));
}

/** All old pods go; new ones come when the last of them is gone, for then nothing is being updated any more. */
function recreate(sets: Sets, pods: SetPods, set: SetId): void {
  sets.formerReplicas.set(set, 0);
  for (const pod of victims(pods, set)) pods.delete(pod);
}

/** Pods under the lowest free ordinals; those of pods that are being deleted are free. */
function createPods(pods: SetPods, set: SetId, count: number, of: 'updated' | 'former'): void {
  for (let created = 0, ordinal = 0; created < count; ordinal++) {
    if (takenOrdinal(pods, set, ordinal)) continue;
    pods.create(set, ordinal, of);
    created++;
  }
}
function takenOrdinal(pods: SetPods, set: SetId, ordinal: number): boolean {
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
    if (pods.ordinal.at(pod) === ordinal && !pods.terminating(pod)) return true;
  return false;
}

/**
 * One step of a StatefulSet with podManagementPolicy Parallel towards its template: the pod of the highest ordinal that has another one is
 * deleted, once all above it are well.
 * @param waitsForAll with MaxUnavailableStatefulSet (on by default in Kubernetes 1.36, off in OpenShift) any pod that is not well holds up the update;
 * without, those below the next one are not looked at, so that an etcd whose member of a lower ordinal is lost loses its quorum
 */
export function updateStatefulSet(sets: Sets, pods: SetPods, set: SetId, waitsForAll: boolean): void {
  const replicas = sets.replicas.at(set);
  let next: PodId | typeof NONE = NONE;
  for (let ordinal = replicas - 1; ordinal >= 0; ordinal--) {
    const pod = podOf(pods, set, ordinal);
    const well = pod !== NONE && !pods.terminating(pod) && pods.available(pod);
    const old = pod !== NONE && !pods.terminating(pod) && !pods.current(pod);
    if (!well && waitsForAll) {
      if (old) pods.delete(pod);
      return;
    }
    if (old && next === NONE) next = pod;
    if (!waitsForAll && (old || !well)) break;
  }
  if (next !== NONE) pods.delete(next);
}

function podOf(pods: SetPods, set: SetId, ordinal: number): PodId | typeof NONE {
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
    if (pods.ordinal.at(pod) === ordinal && pods.extra.at(pod) === 0 && !pods.outlived(pod)) return pod;
  return NONE;
}
