import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Interval } from '../result.ts';
import { Tally } from './tally.ts';

/**
 * Half width of the interval for the mean of `count` independent observations with the given variance, by Student's t.
 * NaN with fewer than two observations.
 * @param confidence coverage, above 0 and below 1.
 * @throws RangeError for a confidence outside that.
 */
export function halfWidth(count: number, variance: number, confidence = 0.95): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence: found ${confidence}, expected a number above 0 and below 1`);
  if (count < 2) return Number.NaN;
  return studentQuantile((1 + confidence) / 2, count - 1) * Math.sqrt(variance / count);
}

/**
 * Interval for the mean over replications, or null for fewer than two: one run has no spread.
 * @throws RangeError for a confidence outside (0, 1).
 */
export function meanInterval(values: readonly number[], confidence = 0.95): Interval | null {
  const tally = new Tally();
  for (const value of values) tally.add(value);
  const half = halfWidth(tally.count, tally.variance, confidence);
  if (tally.count < 2) return null;
  return { low: tally.mean - half, high: tally.mean + half, halfWidth: half, confidence };
}
