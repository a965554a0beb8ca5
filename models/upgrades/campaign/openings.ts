import type { Micros } from '../../../sim/time.ts';
import type { Opening } from '../../plan/campaign.ts';

/** When something may next begin: now, when now is within an opening; undefined when no opening is left. */
export function nextOpening(openings: readonly Opening[] | undefined, now: Micros): Micros | undefined {
  if (openings === undefined) return now;
  const next = openings.find(({ to }) => to > now);
  return next && (Math.max(next.from, now) as Micros);
}
