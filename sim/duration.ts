import { DAY, HOUR, MICROSECOND, MILLISECOND, MINUTE, type Micros, SECOND, WEEK } from './time.ts';

const UNITS: Readonly<Record<string, Micros>> = {
  us: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: WEEK,
};

/** The longest duration that a file may name, a hundred years: sums of several stay exact in microseconds. */
export const LONGEST_DURATION = (36_500 * DAY) as Micros;

/**
 * What a duration looks like in a file, as a regular expression source that JSON Schema can carry. Each unit stands once at
 * most, the largest first: a unit that comes again is a slip.
 */
export const DURATION_PATTERN =
  '^(0|(?=.)([0-9]+(\\.[0-9]+)?w)?([0-9]+(\\.[0-9]+)?d)?([0-9]+(\\.[0-9]+)?h)?([0-9]+(\\.[0-9]+)?m)?' +
  '([0-9]+(\\.[0-9]+)?s)?([0-9]+(\\.[0-9]+)?ms)?([0-9]+(\\.[0-9]+)?us)?|P(?=.)([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?)$';

const GO_PART = /([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d|w)/g;
const ISO = /^P(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?$/;
const WHOLE = new RegExp(DURATION_PATTERN);

/**
 * Reads a duration: Go style with days and weeks (`90s`, `1h30m`, `2d`) or ISO 8601 (`PT5M`, `P1DT2H`).
 * @returns the duration in whole microseconds, or undefined when the text is not a duration (a bare number is not) or is longer
 * than exact numbers reach.
 */
export function parseDuration(text: string): Micros | undefined {
  if (!WHOLE.test(text)) return undefined;
  const iso = ISO.exec(text);
  let total = 0;
  if (iso) {
    const units = [WEEK, DAY, HOUR, MINUTE, SECOND];
    for (let i = 0; i < units.length; i++) total += Number(iso[i + 1] ?? 0) * units[i]!;
  } else {
    for (const part of text.matchAll(GO_PART)) total += Number(part[1]) * UNITS[part[2]!]!;
  }
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) ? (rounded as Micros) : undefined;
}

/** True for a duration beyond the longest that a file may name; false for shorter ones and for what is no duration. */
export function isTooLong(text: string): boolean {
  return WHOLE.test(text) && (parseDuration(text) ?? Number.POSITIVE_INFINITY) > LONGEST_DURATION;
}

/** Prints a duration the way Go does, with days: `1h0m47s`, `2d0h0m0s` is shortened to `2d`. Fractions keep microseconds. */
export function formatDuration(value: Micros): string {
  if (value < 0) return `-${formatDuration(-value as Micros)}`;
  if (value === 0) return '0s';
  if (value < SECOND) return value < MILLISECOND ? `${value}us` : `${value / MILLISECOND}ms`;
  const parts: [number, string][] = [
    [Math.floor(value / DAY), 'd'],
    [Math.floor((value % DAY) / HOUR), 'h'],
    [Math.floor((value % HOUR) / MINUTE), 'm'],
    [(value % MINUTE) / SECOND, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const kept = parts.slice(first);
  while (kept.length > 1 && kept.at(-1)![0] === 0 && kept[0]![1] === 'd') kept.pop();
  return kept.map(([count, unit]) => `${count}${unit}`).join('');
}

/** Prints a duration as people write one in a file: hours, minutes, seconds, without units that are zero: `24h`, `1h30m`, `90s` as `1m30s`. */
export function formatSpan(value: Micros): string {
  if (value < SECOND) return formatDuration(value);
  const parts: [number, string][] = [
    [Math.floor(value / HOUR), 'h'],
    [Math.floor((value % HOUR) / MINUTE), 'm'],
    [(value % MINUTE) / SECOND, 's'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join('');
}
