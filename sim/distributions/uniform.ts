import { type Distribution, requireFinite } from './distribution.ts';

/** Uniform distribution between two bounds. @throws RangeError unless both are finite and low < high. */
export function uniform({ low, high }: { readonly low: number; readonly high: number }): Distribution {
  requireFinite('uniform', 'low', low);
  requireFinite('uniform', 'high', high);
  if (low >= high) throw new RangeError(`uniform: high: found ${high}, expected a number above low (${low})`);
  const width = high - low;
  return {
    name: 'uniform',
    mean: low + width / 2,
    quantile: (u) => low + width * u,
    cdf: (x) => Math.min(Math.max((x - low) / width, 0), 1),
  };
}
