/** The timeline of services as a picture. */
import type { RunResult } from '../../sim/result.ts';
import { reached } from '../view/injected.ts';
import { mergeNames } from '../view/names.ts';
import { type Strip, strips } from '../view/timeline.ts';
import { type Bar, drawBars, SLICES, sliceOf } from './bars.ts';
import { EVENT_CLASS, LEVELS, levelName } from './levels.ts';
import type { Markup } from './markup.ts';

const MOST_PER_SERVICE = 6;
const MOST_EVENTS = 8;

export interface TimelineChart {
  /** An `<svg>` element. */
  readonly svg: Markup;
  readonly untouched: readonly string[];
  /** Strips that were left out for space. */
  readonly hidden: number;
}

/** Draws the services that were ever below 1; undefined when none was. */
export async function timelineChart(run: RunResult): Promise<TimelineChart | undefined> {
  const { touched, untouched, hidden } = strips(run, SLICES, MOST_PER_SERVICE);
  if (touched.length === 0) return undefined;
  const bars = [...eventBars(run), ...touched.flatMap(stripBars)];
  return { svg: await drawBars(run, bars, [...LEVELS, EVENT_CLASS]), untouched, hidden };
}

/** Equal neighbouring slices joined. */
function stripBars({ service, owners, levels }: Strip): Bar[] {
  const lane = `${service}  ${mergeNames(owners, 1)}`;
  const bars: Bar[] = [];
  levels.forEach((level, slice) => {
    if (Number.isNaN(level)) return;
    const kind = levelName(level);
    const last = bars.at(-1);
    if (last?.kind === kind && last.to === slice) bars[bars.length - 1] = { ...last, to: slice + 1 };
    else bars.push({ lane, from: slice, to: slice + 1, kind });
  });
  return bars;
}

/** A lane per injected event, numbered as in the list of events; the rest of a long list shares one. */
function eventBars(run: RunResult): Bar[] {
  const shown = run.injected.filter((event) => reached(event, run));
  return shown.map(({ label, at, until }, i) => {
    const from = sliceOf(at, run);
    const lane = i < MOST_EVENTS ? `${i + 1}. ${label}` : `events from ${MOST_EVENTS + 1} on`;
    return { lane, from, to: Math.max(from + 1, sliceOf(until ?? at, run)), kind: EVENT_CLASS.name };
  });
}
