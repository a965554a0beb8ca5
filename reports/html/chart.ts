/** The timeline of services as a picture: compiled by Vega-Lite, drawn to SVG by Vega, no browser needed. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../../sim/result.ts';
import { axisMarks } from '../view/axis.ts';
import { formatSpan } from '../view/format.ts';
import { mergeNames } from '../view/names.ts';
import { type Strip, strips } from '../view/timeline.ts';
import { EVENT_CLASS, LEVELS, levelName } from './levels.ts';
import { Markup } from './markup.ts';

/** Width of the plot in pixels, and the slices that a window is cut into: no dip is narrower than one. */
const WIDTH = 760;
const SLICES = 380;
const ROW = 20;
const MOST_PER_SERVICE = 6;
const MOST_EVENTS = 8;

/** A bar in a lane, from slice to slice. */
interface Bar {
  readonly lane: string;
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

export interface TimelineChart {
  /** An `<svg>` element. */
  readonly svg: Markup;
  readonly untouched: readonly string[];
  /** Strips that were left out for space. */
  readonly hidden: number;
}

/** Draws the services that were ever below 1; undefined when none was. The libraries are loaded on first use. */
export async function timelineChart(run: RunResult): Promise<TimelineChart | undefined> {
  const { touched, untouched, hidden } = strips(run, SLICES, MOST_PER_SERVICE);
  if (touched.length === 0) return undefined;
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const bars = [...eventBars(run), ...touched.flatMap(stripBars)];
  const view = new View(parse(compile(spec(run, bars)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return { svg: new Markup(fluid(svg)), untouched, hidden };
}

/** Lets the picture shrink with the page. */
function fluid(svg: string): string {
  return svg.replace(/<svg([^>]*?) width="[^"]*" height="[^"]*"/, '<svg$1');
}

function spec(run: RunResult, bars: readonly Bar[]): TopLevelSpec {
  const lanes = [...new Set(bars.map((bar) => bar.lane))];
  const starts = bars.filter((bar) => bar.kind === EVENT_CLASS.name);
  const x = { field: 'from', type: 'quantitative', scale: { domain: [0, SLICES], nice: false } } as {
    field: 'from';
    type: 'quantitative';
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: lanes.length * ROW,
    background: 'transparent',
    config: CONFIG,
    layer: [
      {
        data: { values: starts.map(({ from }) => ({ from })) },
        mark: { type: 'rule', color: EVENT_CLASS.color, strokeDash: [3, 2] },
        encoding: { x },
      },
      {
        data: { values: [...bars] },
        mark: { type: 'rect', height: ROW - 6, strokeWidth: 0 },
        encoding: {
          y: {
            field: 'lane',
            type: 'nominal',
            sort: null,
            title: null,
            scale: { domain: lanes },
            axis: LANES,
          },
          x: { ...x, axis: timeAxis(run) },
          x2: { field: 'to' },
          color: {
            field: 'kind',
            type: 'nominal',
            scale: { domain: CLASSES.map(({ name }) => name), range: CLASSES.map(({ color }) => color) },
            legend: { orient: 'bottom', title: null, symbolType: 'square', columns: CLASSES.length },
          },
        },
      },
    ],
  };
}

/** The axis counts slices; its labels are looked up, as they are times. */
function timeAxis(run: RunResult) {
  const marks = axisMarks(run.duration, 8);
  const values = marks.map((at) => (at / run.duration) * SLICES);
  const labels = JSON.stringify(marks.map(formatSpan));
  return {
    title: 'simulated time',
    values,
    labelExpr: `${labels}[round(datum.index * ${Math.max(1, marks.length - 1)})]`,
    labelFlush: false,
  };
}

/** Equal neighbouring slices joined. */
function stripBars({ service, owners, levels }: Strip): Bar[] {
  const lane = `${service}  ${mergeNames(owners, 1)}`;
  const bars: Bar[] = [];
  levels.forEach((level, slice) => {
    const kind = levelName(level);
    const last = bars.at(-1);
    if (last?.kind === kind) bars[bars.length - 1] = { ...last, to: slice + 1 };
    else bars.push({ lane, from: slice, to: slice + 1, kind });
  });
  return bars;
}

/** A lane per injected event, numbered as in the list of events; the rest of a long list shares one. */
function eventBars(run: RunResult): Bar[] {
  const slice = (at: number) => (Math.min(at, run.duration) / run.duration) * SLICES;
  return run.injected.map(({ label, at, until }, i) => {
    const from = slice(at);
    const lane = i < MOST_EVENTS ? `${i + 1}. ${label}` : `events from ${MOST_EVENTS + 1} on`;
    return { lane, from, to: Math.max(from + 1, slice(until ?? at)), kind: EVENT_CLASS.name };
  });
}

const CLASSES = [...LEVELS, EVENT_CLASS];
const INK = 'var(--ink)';
const LANES = { labelLimit: 400, labelPadding: 8, ticks: false, domain: false } as const;
const CONFIG = {
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: 'transparent' },
  axis: {
    labelColor: INK,
    titleColor: 'var(--faint)',
    gridColor: 'var(--line)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    labelFontSize: 12,
    titleFontWeight: 'normal',
  },
  legend: { labelColor: INK, labelFontSize: 12, labelLimit: 300 },
} as const;
