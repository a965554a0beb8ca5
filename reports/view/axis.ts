/** Marks on a time axis at round spans. */
import { DAY, HOUR, MINUTE, type Micros, SECOND, WEEK } from '../../sim/time.ts';

const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2].map((n) => n * DAY),
  ...[1, 2, 4, 8, 13, 26, 52].map((n) => n * WEEK),
];

/** Instants from 0 up to and including the duration, a round step apart, so that at most `most` steps fit. */
export function axisMarks(duration: Micros, most: number): Micros[] {
  const step =
    STEPS.find((s) => duration / s <= most) ?? Math.ceil(duration / most / (52 * WEEK)) * 52 * WEEK;
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, i) => (i * step) as Micros);
}
