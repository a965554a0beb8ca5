import { type Distribution, requirePositive } from './distribution.ts';

/** Exponential distribution. @throws RangeError unless the mean is above 0. */
export function exponential({ mean }: { readonly mean: number }): Distribution {
  requirePositive('exponential', 'mean', mean);
  return {
    name: 'exponential',
    mean,
    quantile: (u) => -mean * Math.log1p(-u),
    cdf: (x) => (x <= 0 ? 0 : -Math.expm1(-x / mean)),
  };
}
