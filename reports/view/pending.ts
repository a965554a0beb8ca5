/** Pods that waited for a node, told once per kind of refusal. */
import type { PendingPod, RunResult } from '../../sim/result.ts';
import { MINUTE, type Micros } from '../../sim/time.ts';
import { formatSpan, plural } from './format.ts';
import { groupBy, keyOf, owner } from './labels.ts';
import { compareNames } from './names.ts';
import { type Range, range } from './range.ts';

export interface PendingGroup {
  /** Names without their namespace. */
  readonly pods: readonly string[];
  readonly owners: readonly string[];
  readonly count: number;
  readonly since: Range;
  /** When the first and the last of them found a node; undefined when they still wait at the end. */
  readonly until: Range | undefined;
  /** The scheduler's line for the first pod whose nodes are known. */
  readonly message: string;
  /** Whose line it is, where those of others have other numbers; else empty. */
  readonly example: string;
  /** Reasons of the nodes for that pod, those of most nodes first. */
  readonly reasons: readonly { readonly reason: string; readonly nodes: readonly string[] }[];
}

/** Pods that wait no longer than this are told in one sentence: in rollouts most wait until the pod that they replace has gone. */
const SHORT = 5 * MINUTE;

/** What is told of pods that waited for a node. */
export interface PendingTexts {
  /** Those that waited long, or wait still. */
  readonly groups: readonly PendingGroup[];
  /** A sentence on the others; empty without any. */
  readonly short: string;
}

export function pendingTexts({ pending }: RunResult, most: number): PendingTexts {
  const isShort = ({ since, until }: PendingPod): boolean => until !== undefined && until - since <= SHORT;
  const short = pending.filter(isShort);
  const groups = groupPending(
    pending.filter((pod) => !isShort(pod)),
    most,
  );
  if (short.length === 0) return { groups, short: '' };
  const longest = Math.max(...short.map(({ since, until }) => until! - since)) as Micros;
  const which = plural(short.length, groups.length === 0 ? 'pod' : 'other pod');
  return { groups, short: `${which} waited for a node, none longer than ${formatSpan(longest)}` };
}

/**
 * Groups pods that are refused for the same set of reasons, on however many nodes each, and that began to wait within a minute;
 * when that leaves more than `most` groups, whenever they began. Pods that still wait at the end are never put together with others.
 */
export function groupPending(pods: readonly PendingPod[], most: number): PendingGroup[] {
  const alike = groupBy(pods, (pod) => keyOf(reasonsOf(pod), pod.until === undefined));
  const byMinute = alike.flatMap(withinMinutes);
  return (byMinute.length <= most ? byMinute : alike)
    .map(toGroup)
    .sort((a, b) => Number(b.until === undefined) - Number(a.until === undefined) || b.count - a.count);
}

/** Pod `clusters-tenant-0/etcd-2` is `etcd-2` for a reader who is told the hosted cluster anyway. */
function podName(pod: string): string {
  return pod.slice(pod.lastIndexOf('/') + 1);
}

/** The reasons of a pod's refusal without the numbers of nodes, in order. */
export function reasonsOf({ message }: PendingPod): string[] {
  const list = message.replace(/^\d+\/\d+ nodes are available: /, '').replace(/\.$/, '');
  const reasons = list.split(/, (?=\d+ )/).map((part) => part.replace(/^\d+ /, ''));
  return [...new Set(reasons)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function withinMinutes(pods: readonly PendingPod[]): PendingPod[][] {
  const parts: PendingPod[][] = [];
  for (const pod of [...pods].sort((a, b) => a.since - b.since)) {
    const part = parts.at(-1);
    if (part && pod.since - part[0]!.since <= MINUTE) part.push(pod);
    else parts.push([pod]);
  }
  return parts;
}

function toGroup(pods: readonly PendingPod[]): PendingGroup {
  const ends = pods.flatMap((p) => p.until ?? []);
  const shown = pods.find(({ nodes }) => nodes.length > 0) ?? pods[0]!;
  const alike = pods.every(({ message }) => message === shown.message);
  return {
    pods: [...new Set(pods.map((p) => podName(p.pod)))].sort(compareNames),
    owners: [...new Set(pods.map((p) => owner(p.labels)))].sort(compareNames),
    count: pods.length,
    since: range(pods.map((p) => p.since)),
    until: ends.length === pods.length ? range(ends) : undefined,
    message: shown.message,
    example: alike ? '' : `${podName(shown.pod)} of ${owner(shown.labels)}`,
    reasons: groupBy(shown.nodes, (n) => n.reason)
      .map((nodes) => ({ reason: nodes[0]!.reason, nodes: nodes.map((n) => n.node).sort(compareNames) }))
      .sort((a, b) => b.nodes.length - a.nodes.length || (a.reason < b.reason ? -1 : 1)),
  };
}

/** The scheduler's line, and for whom where not all have the same. */
export function refusalText({ example, message }: PendingGroup): string {
  return example === '' ? message : `for example ${example}: ${message}`;
}
