/** One-sentence accounts that text and page share. */
import type { RunResult } from '../../sim/result.ts';
import { formatCount, formatSpan, plural, spanRange } from './format.ts';
import { depthText } from './levels.ts';
import { mergeNames } from './names.ts';
import type { OutageGroup } from './outages.ts';
import type { PendingGroup } from './pending.ts';
import type { Phase } from './phases.ts';

/** `api of tenant-0 … tenant-6 (7) down for 29s and at 50% for 1h2m22s, from 1h to 2h2m51s`. */
export function outageText(group: OutageGroup, run: RunResult): string {
  const more = group.outages.length > group.owners.length ? `, ${group.outages.length} times` : '';
  const where = run.replications > 1 ? `, in ${group.replications} of ${run.replications} replications` : '';
  return (
    `${group.services.join(', ')} of ${mergeNames(group.owners)} ${depthText(group.outages)}, ` +
    `from ${spanRange(group.from)} ${group.open ? 'on' : `to ${spanRange(group.to)}`}${more}${where}`
  );
}

/** What a phase waited for, and in how many outages of the group where that is not all. */
export function phaseText(phase: Phase, group: OutageGroup): string {
  const all = group.outages.length;
  return phase.outages === all ? phase.text : `${phase.text} (${phase.outages} of ${all})`;
}

/** `14 pods (etcd-0, kube-apiserver-0) of tenant-0 … tenant-6 (7) from 1h5m50s to 3h2m`. */
export function pendingText(group: PendingGroup): string {
  const pods = `${plural(group.count, 'pod')} (${mergeNames(group.pods, 4)})`;
  const from = `${pods} of ${mergeNames(group.owners)} from ${spanRange(group.since)}`;
  return group.until ? `${from} to ${spanRange(group.until)}` : `${from}, still Pending at the end`;
}

/** All it takes to get this very run again, and to see that it is the same. */
export function identity(run: RunResult): string {
  const { replications, firstReplication } = run;
  const which =
    firstReplication > 0 && replications === 1
      ? `replication ${firstReplication}`
      : plural(replications, 'replication');
  return (
    `seed ${run.seed}, ${which}, ${formatCount(run.events)} events, ` +
    `digest ${run.digest}, window ${formatSpan(run.duration)}`
  );
}
