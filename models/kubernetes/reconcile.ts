/**
 * What the controllers of Deployments and StatefulSets do about their pods: create those that lack, delete those that are too many
 * (kubernetes/kubernetes pkg/controller/replicaset and pkg/controller/statefulset).
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { Membership } from '../../sim/membership.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Clusters } from './clusters.ts';
import { isUpdating, updateDeployment, updateStatefulSet } from './rolling-update.ts';
import type { Sets } from './sets.ts';

/** What reconciling needs to know of pods. */
export interface SetPods {
  readonly ofSet: Membership<SetId, PodId>;
  readonly ordinal: I32Column<PodId>;
  readonly node: I32Column<PodId, NodeId>;
  /** Pods beside those that the set counts; their names are taken all the same. */
  readonly extra: U8Column<PodId>;
  /** Made from the template that its set has now. */
  current(pod: PodId): boolean;
  terminating(pod: PodId): boolean;
  /** It keeps its ordinal from nobody. */
  outlived(pod: PodId): boolean;
  isRunning(pod: PodId): boolean;
  /** The API believes it Ready. */
  available(pod: PodId): boolean;
  /** The controllers of a cluster wait for every pod of a StatefulSet before they update the next one. */
  updatesWaitForAll(cluster: ClusterId): boolean;
  /** Whether a pod of that ordinal is wanted, beyond the number of replicas. */
  wants(set: SetId, ordinal: number): boolean;
  create(set: SetId, ordinal: number, of?: 'updated' | 'former'): PodId;
  delete(pod: PodId): void;
}

/** Creates the pods that a set lacks, deletes those beyond its replicas; only while its controller manager has a leader and an API. */
export function reconcileSet(sets: Sets, pods: SetPods, clusters: Clusters, set: SetId): void {
  const cluster = sets.cluster.at(set);
  if (!clusters.controlled(cluster)) return;
  const stateful = sets.stateful.at(set) === 1;
  if (sets.replicas.at(set) === 0) sets.formerReplicas.set(set, 0);
  const updating = isUpdating(sets, pods, set);
  if (updating && !stateful && sets.replicas.at(set) > 0) {
    updateDeployment(sets, pods, set);
    return;
  }
  const replicas = sets.replicas.at(set);
  let counted = 0;
  let surplus = 0;
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
    if (pods.extra.at(pod) === 1 || pods.outlived(pod)) continue;
    if (stateful && pods.ordinal.at(pod) >= replicas) surplus++;
    else if (stateful || !pods.terminating(pod)) counted++;
  }
  if (!stateful) surplus = counted - replicas;
  if (counted < replicas) create(pods, set, replicas, replicas - counted, stateful);
  if (surplus > 0) remove(pods, set, replicas, surplus, stateful);
  if (updating && stateful) updateStatefulSet(sets, pods, set, pods.updatesWaitForAll(cluster));
}

function create(pods: SetPods, set: SetId, replicas: number, lacking: number, stateful: boolean): void {
  const taken = new Set<number>();
  for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
    if (pods.outlived(pod)) continue;
    if (stateful || !pods.terminating(pod)) taken.add(pods.ordinal.at(pod));
  }
  let left = lacking;
  for (let ordinal = 0; ordinal < replicas && left > 0; ordinal++) {
    if (taken.has(ordinal) || !pods.wants(set, ordinal)) continue;
    pods.create(set, ordinal);
    left--;
  }
}

function remove(pods: SetPods, set: SetId, replicas: number, surplus: number, stateful: boolean): void {
  const all = pods.ofSet.list(set).filter((pod) => !pods.terminating(pod));
  const victims = stateful ? all.filter((pod) => pods.ordinal.at(pod) >= replicas) : ranked(pods, all);
  for (const pod of victims.slice(0, surplus)) pods.delete(pod);
}

/** Whom a ReplicaSet deletes first: pods without a node, pods that do no work, pods that share their node with most others, the youngest. */
function ranked(pods: SetPods, all: readonly PodId[]): PodId[] {
  const sharing = (pod: PodId): number =>
    all.filter((other) => pods.node.at(other) === pods.node.at(pod)).length;
  const key = (pod: PodId): readonly number[] => [
    pods.node.at(pod) === NONE ? 0 : 1,
    pods.isRunning(pod) ? 1 : 0,
    -sharing(pod),
    -all.indexOf(pod),
  ];
  return all
    .map((pod) => ({ pod, key: key(pod) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ pod }) => pod);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
