/**
 * How numbers become words. One rule above all: a rounded figure never claims what is not so, hence 100% is printed for
 * exactly 1 only, 0% for exactly 0 only.
 */
import { formatDuration } from '../../sim/duration.ts';
import type { Interval, Unit } from '../../sim/result.ts';
import { MILLISECOND, type Micros, SECOND, seconds } from '../../sim/time.ts';
import type { Range } from './range.ts';

const USUAL_DECIMALS = 4;
const MOST_DECIMALS = 14;

/** A ratio as percent: `100%`, `99.9456%`, `99.999996%`; as many decimals as it takes not to round to 0% or 100%. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (Number.isInteger(percent)) return ratio !== 1 && percent === 100 ? nearlyAll() : `${percent}%`;
  for (let decimals = USUAL_DECIMALS; decimals <= MOST_DECIMALS; decimals++) {
    const text = percent.toFixed(decimals);
    const rounded = Number(text);
    if (rounded !== 100 && rounded !== 0) return `${text}%`;
  }
  return percent > 50 ? nearlyAll() : 'above 0%';
}

/** What is left when even the last digit of a double cannot tell the ratio from 1. */
function nearlyAll(): string {
  return 'below 100%';
}

/** A span of time for reading: seconds to a tenth below a minute, whole seconds above, no trailing zero parts. */
export function formatSpan(span: Micros): string {
  if (span < 0) return `-${formatSpan(-span as Micros)}`;
  const grid =
    span < SECOND ? (span < MILLISECOND ? 1 : MILLISECOND / 10) : span < 60 * SECOND ? SECOND / 10 : SECOND;
  const text = formatDuration((Math.round(span / grid) * grid) as Micros);
  return text.replace(/(?<=[dhm])(0h)?(0m)?0s$/, '');
}

/** `47.1s`, or `47.1s … 1m3s` when the two ends read differently. */
export function spanRange([low, high]: Range): string {
  const [a, b] = [formatSpan(low), formatSpan(high)];
  return a === b ? a : `${a} … ${b}`;
}

/** A value in its unit: percent, a span, or a plain count. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'ratio') return formatRatio(value);
  if (unit === 'seconds') return formatSpan(seconds(value));
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** Two values in their unit, with as many digits as it takes to tell them apart: no value looks like the bound that it misses. */
export function formatApart(a: number, b: number, unit: Unit): readonly [string, string] {
  const usual = [formatValue(a, unit), formatValue(b, unit)] as const;
  if (a === b || usual[0] !== usual[1]) return usual;
  const [scale, sign] = unit === 'ratio' ? [100, '%'] : [1, unit === 'seconds' ? 's' : ''];
  for (let decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
    const longer = [(a * scale).toFixed(decimals), (b * scale).toFixed(decimals)] as const;
    if (longer[0] !== longer[1]) return [`${longer[0]}${sign}`, `${longer[1]}${sign}`];
  }
  // Values that differ in the last bits alone: a ratio as it is, since percent would round.
  return [String(a), String(b)];
}

/** The half-width of an interval, `±0.0120%`. A half-width is no availability: it may round to 0. */
export function formatHalfWidth(interval: Interval, unit: Unit): string {
  if (unit === 'ratio') return `±${Number((interval.halfWidth * 100).toPrecision(2))}%`;
  return `±${formatValue(interval.halfWidth, unit)}`;
}

/** `1 gate`, `2 gates`, `1,000 gates`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** A count with its thousands apart, the same in every locale. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
