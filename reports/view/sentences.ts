/** One-sentence accounts that text and page share. */
import type { RunResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatCount, formatRatio, formatSpan, plural } from './format.ts';
import { mergeNames } from './names.ts';
import type { OutageGroup } from './outages.ts';
import type { PendingGroup } from './pending.ts';

/** `api of tenant-0 … tenant-6 (7) at 66.6667% for 47.1s, from 1h to 1h0m47s`. */
export function outageText(group: OutageGroup, run: RunResult): string {
  const depth = group.lowest === 0 ? 'down' : `at ${formatRatio(group.lowest)}`;
  const more = group.outages.length > group.owners.length ? `, ${group.outages.length} times` : '';
  const where = run.replications > 1 ? `, in ${group.replications} of ${run.replications} replications` : '';
  return (
    `${group.service} of ${mergeNames(group.owners)} ${depth} for ${spanRange(group.length)}, ` +
    `from ${spanRange(group.from)} ${group.open ? 'on' : `to ${spanRange(group.to)}`}${more}${where}`
  );
}

/** `14 pods (etcd-0, kube-apiserver-0) of tenant-0 … tenant-6 (7) from 1h5m50s to 3h2m`. */
export function pendingText(group: PendingGroup): string {
  const end = group.until === undefined ? 'still Pending at the end' : `to ${formatSpan(group.until)}`;
  const pods = `${plural(group.count, 'pod')} (${mergeNames(group.pods, 4)})`;
  return `${pods} of ${mergeNames(group.owners)} from ${spanRange(group.since)}, ${end}`;
}

/** All it takes to get this very run again, and to see that it is the same. */
export function identity(run: RunResult): string {
  return (
    `seed ${run.seed}, ${plural(run.replications, 'replication')}, ${formatCount(run.events)} events, ` +
    `digest ${run.digest}, window ${formatSpan(run.duration)}`
  );
}

function spanRange([low, high]: readonly [Micros, Micros]): string {
  const [a, b] = [formatSpan(low), formatSpan(high)];
  return a === b ? a : `${a} … ${b}`;
}
