/** Pods that waited for a node, told once per kind of refusal. */
import type { PendingPod } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { groupBy, groupReadably, keyOf, owner } from './labels.ts';
import { compareNames } from './names.ts';
import { range } from './outages.ts';

export interface PendingGroup {
  /** Names without their namespace. */
  readonly pods: readonly string[];
  readonly owners: readonly string[];
  readonly count: number;
  readonly since: readonly [earliest: Micros, latest: Micros];
  /** Until when the longest one waited; undefined when one still waits at the end. */
  readonly until: Micros | undefined;
  readonly message: string;
  /** Reasons of the nodes, those of most nodes first. */
  readonly reasons: readonly { readonly reason: string; readonly nodes: readonly string[] }[];
}

/** Groups pods by refusal and times; when that leaves more than `most` groups, by refusal; then by the message alone. */
export function groupPending(pods: readonly PendingPod[], most = 12): PendingGroup[] {
  const keys = [
    (p: PendingPod) => keyOf(p.message, reasonsOf(p), p.since, p.until),
    (p: PendingPod) => keyOf(p.message, reasonsOf(p), p.until === undefined),
    (p: PendingPod) => keyOf(p.message, p.until === undefined),
  ];
  return groupReadably(pods, keys, most)
    .map(toGroup)
    .sort((a, b) => Number(b.until === undefined) - Number(a.until === undefined) || b.count - a.count);
}

/** Pod `clusters-tenant-0/etcd-2` is `etcd-2` for a reader who is told the hosted cluster anyway. */
export function podName(pod: string): string {
  return pod.slice(pod.lastIndexOf('/') + 1);
}

const reasonsOf = (p: PendingPod): readonly (readonly [string, string])[] =>
  p.nodes.map((n) => [n.node, n.reason] as const);

function toGroup(pods: readonly PendingPod[]): PendingGroup {
  const ends = pods.flatMap((p) => p.until ?? []);
  return {
    pods: [...new Set(pods.map((p) => podName(p.pod)))].sort(compareNames),
    owners: [...new Set(pods.map((p) => owner(p.labels)))].sort(compareNames),
    count: pods.length,
    since: range(pods.map((p) => p.since)),
    until: ends.length === pods.length ? range(ends)[1] : undefined,
    message: pods[0]!.message,
    reasons: groupBy(pods[0]!.nodes, (n) => n.reason)
      .map((nodes) => ({ reason: nodes[0]!.reason, nodes: nodes.map((n) => n.node).sort(compareNames) }))
      .sort((a, b) => b.nodes.length - a.nodes.length || (a.reason < b.reason ? -1 : 1)),
  };
}
