/** How far down a service was, and for how long: `down for 29s and at 50% for 1h2m22s`. */
import type { Outage, Segment } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatRatio, spanRange } from './format.ts';
import { range } from './range.ts';

/** The segments of an outage; one that was not cut into any was at its lowest throughout. */
export function segmentsOf({ segments, from, to, lowest, causes }: Outage): readonly Segment[] {
  return segments.length > 0 ? segments : [{ from, to, value: lowest, causes }];
}

export function levelText(value: number): string {
  return value === 0 ? 'down' : `at ${formatRatio(value)}`;
}

/** The longest stretch without a break at 0. */
export function longestDown(outage: Outage): Micros {
  let [longest, stretch] = [0, 0];
  for (const { from, to, value } of segmentsOf(outage)) {
    stretch = value === 0 ? stretch + (to - from) : 0;
    longest = Math.max(longest, stretch);
  }
  return longest as Micros;
}

/** Time spent at each level, by outages that tell one story. At most two levels are told apart. */
export function depthText(outages: readonly Outage[]): string {
  const times = outages.map(timeByLevel);
  const levels = [...new Set(times.flatMap((byLevel) => [...byLevel.keys()]))].sort((a, b) => a - b);
  const [lowest, ...others] = levels;
  if (others.length === 0) return `${levelText(lowest!)} for ${total(times, levels)}`;
  const mixed = times.some((byLevel) => !byLevel.has(lowest!));
  if (mixed) return `${levelsText(levels)} for ${total(times, levels)}`;
  return `${levelText(lowest!)} for ${total(times, [lowest!])} and ${levelsText(others)} for ${total(times, others)}`;
}

function levelsText(levels: readonly number[]): string {
  const [low, high] = [levels[0]!, levels.at(-1)!];
  return low === high ? levelText(low) : `at ${formatRatio(low)} … ${formatRatio(high)}`;
}

function timeByLevel(outage: Outage): Map<number, number> {
  const times = new Map<number, number>();
  for (const { from, to, value } of segmentsOf(outage)) times.set(value, (times.get(value) ?? 0) + to - from);
  return times;
}

/** Shortest and longest time that an outage spent at any of the levels; `up to` where one spent none. */
function total(times: readonly Map<number, number>[], levels: readonly number[]): string {
  const sums = times.map(
    (byLevel) => levels.reduce((sum, level) => sum + (byLevel.get(level) ?? 0), 0) as Micros,
  );
  const [low, high] = range(sums);
  return low === 0 && high > 0 ? `up to ${spanRange([high, high])}` : spanRange([low, high]);
}
