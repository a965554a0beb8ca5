/**
 * Simulated time: integer microseconds in a JavaScript number. 2^53 us are 285 years, and integers make ties real
 * (two events at one instant are exactly equal), so order never hangs on a rounding error.
 */
export type Micros = number & { readonly __unit: 'us' };

/** The instant at which every run starts. */
export const START = 0 as Micros;

export const MICROSECOND = 1 as Micros;
export const MILLISECOND = 1_000 as Micros;
export const SECOND = 1_000_000 as Micros;
export const MINUTE = 60_000_000 as Micros;
export const HOUR = 3_600_000_000 as Micros;
export const DAY = 86_400_000_000 as Micros;
export const WEEK = 604_800_000_000 as Micros;

/** Rounds any number of microseconds to the clock's grid; the one place where a real becomes a time. */
export function micros(value: number): Micros {
  return Math.round(value) as Micros;
}

/** Seconds (any real) to microseconds. */
export function seconds(value: number): Micros {
  return micros(value * 1e6);
}

/** Microseconds to seconds, for results: results speak seconds and ratios. */
export function toSeconds(value: Micros): number {
  return value / 1e6;
}
