import quantile from '@stdlib/stats-base-dists-t-quantile';
import type { Interval } from '../result.ts';

/** The interval for the mean of independent values; null for fewer than two. */
export function confidenceInterval(values: readonly number[], confidence = 0.95): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  const halfWidth = quantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return { low: mean - halfWidth, high: mean + halfWidth, halfWidth, confidence };
}
