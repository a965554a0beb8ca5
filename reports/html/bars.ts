/** Bars in lanes over simulated time, as a picture: compiled by Vega-Lite, drawn to SVG by Vega, no browser needed. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../../sim/result.ts';
import { axisMarks } from '../view/axis.ts';
import { formatSpan } from '../view/format.ts';
import { EVENT_CLASS } from './levels.ts';
import { Markup } from './markup.ts';

/** Width of the plot in pixels, and the slices that a window is cut into: nothing is narrower than one. */
const WIDTH = 760;
export const SLICES = 380;
const ROW = 20;

/** A bar in a lane, from slice to slice. Of bars that overlap, the later is seen. */
export interface Bar {
  readonly lane: string;
  readonly from: number;
  readonly to: number;
  /** Name of its class. */
  readonly kind: string;
}

/** What a colour stands for. */
export interface BarClass {
  readonly name: string;
  readonly color: string;
}

/** An `<svg>` element with the lanes in the order of their first bars. The libraries are loaded on first use. */
export async function drawBars(
  run: RunResult,
  bars: readonly Bar[],
  classes: readonly BarClass[],
): Promise<Markup> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const view = new View(parse(compile(spec(run, bars, classes)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return new Markup(fluid(svg));
}

/** Where an instant stands among the slices. */
export function sliceOf(at: number, { duration }: RunResult): number {
  return (Math.min(at, duration) / duration) * SLICES;
}

/** Lets the picture shrink with the page. */
function fluid(svg: string): string {
  return svg.replace(/<svg([^>]*?) width="[^"]*" height="[^"]*"/, '<svg$1');
}

function spec(run: RunResult, bars: readonly Bar[], classes: readonly BarClass[]): TopLevelSpec {
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
            scale: { domain: classes.map(({ name }) => name), range: classes.map(({ color }) => color) },
            legend: { orient: 'bottom', title: null, symbolType: 'square', columns: classes.length },
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
