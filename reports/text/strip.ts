import type { InjectedEvent, RunResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { axisMarks } from '../view/axis.ts';
import { formatSpan, plural } from '../view/format.ts';
import { reached } from '../view/injected.ts';
import { mergeNames } from '../view/names.ts';
import { type Strip, strips } from '../view/timeline.ts';
import { type Layout, type Paint, shorten, wrap } from './layout.ts';

const MOST_PER_SERVICE = 4;
const MOST_EVENTS = 6;
const BLOCKS = '▁▂▃▄▅▆▇';
const UP = '█';
const DOWN = '·';
/** Nothing to be up or down. */
const NOTHING = ' ';

/** A strip per service and group of clusters over a time axis, with the injected events above it. */
export function stripLines(run: RunResult, layout: Layout): string[] {
  if (run.timeline.length === 0) return [];
  const { paint, width } = layout;
  const nameWidth = Math.min(36, Math.floor(width / 3));
  const slices = width - nameWidth - 1;
  const { touched, untouched, hidden } = strips(run, slices, MOST_PER_SERVICE);
  const row = (name: string, strip: string) => `${name.padEnd(nameWidth)} ${strip}`;
  const rows = touched.flatMap(({ service, owners, levels }) => {
    const [first, ...more] = wrap(`${service} ${mergeNames(owners, 1)}`, nameWidth, '', '  ');
    return [row(first!, bar(levels, paint)), ...more];
  });
  return [
    paint.title('Timeline'),
    ...wrap(legend(run, touched), width).map(paint.faint),
    ...eventRows(run, slices).map(([name, strip]) => row(shorten(name, nameWidth), paint.faint(strip))),
    ...rows,
    ...(touched.length > 0 ? [row('', paint.faint(axis(run.duration, slices)))] : []),
    ...(untouched.length > 0 ? wrap(`At 100% throughout: ${untouched.join(', ')}`, width, '', '  ') : []),
    ...(hidden > 0 ? [paint.faint(`and ${plural(hidden, 'more strip')} (all of them: -o json)`)] : []),
  ];
}

function legend(run: RunResult, shown: readonly Strip[]): string {
  const gaps = shown.some(({ levels }) => levels.some(Number.isNaN)) ? ', blank: nothing there' : '';
  const which = run.replications > 1 ? ', first replication' : '';
  return `${UP} 100%, ${BLOCKS} less, ${DOWN} down; the lowest of each slice${gaps}${which}`;
}

function bar(levels: readonly number[], paint: Paint): string {
  return levels
    .map((level) => {
      if (Number.isNaN(level)) return NOTHING;
      if (level >= 1) return paint.good(UP);
      if (level <= 0) return paint.bad(DOWN);
      return paint.unsure(BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(level * BLOCKS.length))]!);
    })
    .join('');
}

function eventRows(run: RunResult, slices: number): [string, string][] {
  const shown = run.injected.filter((event) => reached(event, run));
  const rows = shown
    .slice(0, MOST_EVENTS)
    .map((event): [string, string] => [event.label, eventBar(event, run.duration, slices)]);
  const hidden = shown.length - MOST_EVENTS;
  return hidden > 0 ? [...rows, [`and ${plural(hidden, 'more event')}`, '']] : rows;
}

/** `▼━━━━` from the event to its end; an event that ends at once is the mark alone. */
function eventBar(event: InjectedEvent, duration: Micros, slices: number): string {
  const slice = (at: Micros) => Math.min(slices - 1, Math.floor((at / duration) * slices));
  const first = slice(event.at);
  const last =
    event.until === undefined ? first : Math.max(first, slice(Math.max(event.at, event.until - 1) as Micros));
  return `${' '.repeat(first)}▼${'━'.repeat(last - first)}`;
}

/** Marks at round times; the end of the window closes the line, flush with the strips. */
function axis(duration: Micros, slices: number): string {
  const end = `${formatSpan(duration)}|`;
  let line = '';
  for (const at of axisMarks(duration, 6)) {
    const column = Math.floor((at / duration) * slices);
    const text = `|${formatSpan(at)}`;
    const fits = column + text.length < slices - end.length;
    if (fits && (line === '' || column > line.length)) line = line.padEnd(column) + text;
  }
  return line.padEnd(slices - end.length) + end;
}
