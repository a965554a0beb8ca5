import { type Distribution, requireFinite } from './distribution.ts';

/**
 * Distribution of measured data (at least one finite number, in any order).
 * `linear` (the default) joins the sorted data by straight lines, so that values between the data occur; the smallest and the
 * largest are the bounds (Law, Simulation Modeling and Analysis, section 6.2.4). `step` gives exactly the data, each equally likely.
 * @throws RangeError when there is no data or a value is not finite.
 */
export function empirical(data: readonly number[], shape: 'linear' | 'step' = 'linear'): Distribution {
  if (data.length === 0) throw new RangeError('empirical: data: found none, expected at least one number');
  for (const value of data) requireFinite('empirical', 'data', value);
  const sorted = Float64Array.from(data).sort((a, b) => a - b);
  return shape === 'step' || sorted.length === 1 ? steps(sorted) : lines(sorted);
}

function steps(sorted: Float64Array): Distribution {
  const count = sorted.length;
  return {
    name: 'empirical',
    mean: sorted.reduce((sum, value) => sum + value, 0) / count,
    quantile: (u) => sorted[Math.min(Math.floor(u * count), count - 1)]!,
    cdf: (x) => notAbove(sorted, x) / count,
  };
}

function lines(sorted: Float64Array): Distribution {
  const gaps = sorted.length - 1;
  const inner = sorted.subarray(1, gaps).reduce((sum, value) => sum + value, 0);
  return {
    name: 'empirical',
    mean: (inner + (sorted[0]! + sorted[gaps]!) / 2) / gaps,
    quantile: (u) => {
      const left = Math.min(Math.floor(u * gaps), gaps - 1);
      return sorted[left]! + (u * gaps - left) * (sorted[left + 1]! - sorted[left]!);
    },
    cdf: (x) => {
      const right = notAbove(sorted, x);
      if (right === 0) return 0;
      if (right > gaps) return 1;
      const left = sorted[right - 1]!;
      return (right - 1 + (x - left) / (sorted[right]! - left)) / gaps;
    },
  };
}

/** How many of the sorted values are x or less. */
function notAbove(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
