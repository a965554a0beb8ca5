import { type Distribution, requireFinite } from './distribution.ts';

/** Always the same value. @throws RangeError unless it is finite. */
export function deterministic({ value }: { readonly value: number }): Distribution {
  requireFinite('deterministic', 'value', value);
  return { name: 'deterministic', mean: value, quantile: () => value, cdf: (x) => (x < value ? 0 : 1) };
}
