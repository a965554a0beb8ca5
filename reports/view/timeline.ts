/** Services over time, cut into equal slices; clusters that look the same share a strip. */
import type { RunResult, TimelineRow } from '../../sim/result.ts';
import { groupBy, keyOf, owner } from './labels.ts';
import { compareNames } from './names.ts';

export interface Strip {
  readonly service: string;
  readonly owners: readonly string[];
  /** The lowest level within each slice: a dip of seconds shows in a day. NaN where there is nothing that the service is about. */
  readonly levels: readonly number[];
}

export interface Strips {
  /** Services that were below 1, or about nothing, at some time, in the order of the timeline, the worst strips of a service first. */
  readonly touched: readonly Strip[];
  /** Services that stayed at 1 for every cluster. */
  readonly untouched: readonly string[];
  /** How many strips `most` cut off. */
  readonly hidden: number;
}

/** @param slices how many equal parts the window has; @param most how many strips are kept per service */
export function strips(run: RunResult, slices: number, most: number): Strips {
  const rows = run.timeline.map((row) => ({ row, levels: slice(row, run.duration, slices) }));
  const touched: Strip[] = [];
  const untouched: string[] = [];
  let hidden = 0;
  for (const service of groupBy(rows, ({ row }) => row.service)) {
    const name = service[0]!.row.service;
    const groups = groupBy(service, ({ levels }) => keyOf(...levels)).map((group) => ({
      service: name,
      owners: group.map(({ row }) => owner(row.labels)).sort(compareNames),
      levels: group[0]!.levels,
    }));
    const applied = groups.filter(({ levels }) => !levels.every(Number.isNaN));
    const dipped = applied.filter(({ levels }) => !levels.every((level) => level >= 1));
    if (applied.length > 0 && dipped.length === 0) untouched.push(name);
    dipped.sort((a, b) => sum(a.levels) - sum(b.levels) || compareNames(a.owners[0]!, b.owners[0]!));
    touched.push(...dipped.slice(0, most));
    hidden += Math.max(0, dipped.length - most);
  }
  return { touched, untouched, hidden };
}

/** The lowest level in each of `slices` equal parts of the window. */
export function slice(row: TimelineRow, duration: number, slices: number): number[] {
  const levels = new Array<number>(slices).fill(Number.NaN);
  row.steps.forEach((step, i) => {
    const until = row.steps[i + 1]?.at ?? duration;
    if (until <= step.at) return;
    const first = Math.floor((step.at / duration) * slices);
    const last = Math.min(slices, Math.ceil((until / duration) * slices));
    for (let s = first; s < last; s++) levels[s] = lower(levels[s]!, step.value);
  });
  return levels;
}

/** The lower of two levels; one that does not apply gives way to one that does. */
const lower = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));

const sum = (levels: readonly number[]): number =>
  levels.reduce((total, level) => total + (Number.isNaN(level) ? 1 : level), 0);
