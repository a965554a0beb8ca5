import type { Micros } from '../../sim/time.ts';

export type Range = readonly [low: Micros, high: Micros];

/** Least and greatest of a list that is not empty. */
export function range(values: readonly Micros[]): Range {
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
