/** What ended an outage, and before that its time at 0. */
import type { Outage } from '../../sim/result.ts';
import { branchText, fallOf } from './chains.ts';
import { levelText, segmentsOf } from './levels.ts';
import type { OutageGroup } from './outages.ts';

/**
 * One sentence per end: of the last stretch at 0, where that was not the end of all, then of the outage. Chains start where
 * they leave that of the fall.
 */
export function endings({ leader }: OutageGroup): string[] {
  const fall = fallOf(leader);
  const segments = segmentsOf(leader);
  const after = segments[segments.findLastIndex(({ value }) => value === 0) + 1];
  const partly = leader.lowest === 0 && after ? branchText(fall, after.causes) : '';
  const back = after && partly !== '' ? [`back ${levelText(after.value)} by ${partly}`] : [];
  if (leader.open) {
    const levels = new Set(segments.map(({ value }) => value));
    const still = levels.size > 1 ? `still ${levelText(segments.at(-1)!.value)}` : 'still so';
    return [...back, `${still} at the end of the run`];
  }
  if (leader.endedBy.length === 0) return back;
  if (leader.ceased) return [...back, `not back: ${nothingLeft(leader)} after ${leader.endedBy.at(-1)}`];
  const branch = branchText(fall, leader.endedBy);
  return [...back, branch === '' ? 'ended as the same chain went on' : `ended by ${branch}`];
}

/** What a service that came to nothing is about. */
function nothingLeft({ service }: Outage): string {
  return service === 'workloads' ? 'no replicas wanted' : 'no workers';
}
