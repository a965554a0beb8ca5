import CliTable from 'cli-table3';
import type { RunResult } from '../../sim/result.ts';
import { seconds } from '../../sim/time.ts';
import { formatHalfWidth, formatRatio, formatSpan } from '../view/format.ts';
import {
  type Cell,
  type Column,
  HOSTED_COLUMNS,
  lostSeconds,
  MANAGEMENT_COLUMNS,
  type MatrixRow,
  matrix,
} from '../view/matrix.ts';
import { mergeNames } from '../view/names.ts';
import { type Layout, type Paint, shorten, wrap } from './layout.ts';

const GAP = 2;

/** Hosted clusters by service, then management clusters by service. */
export function tableLines(run: RunResult, layout: Layout): string[] {
  const hosted = clusterTable(run, 'hosted cluster', HOSTED_COLUMNS, 'hostedCluster', layout);
  const management = clusterTable(run, 'management cluster', MANAGEMENT_COLUMNS, 'managementCluster', layout);
  if (hosted.length + management.length === 0) return [];
  const window = `Availability over ${formatSpan(run.duration)}`;
  const intervals =
    run.replications > 1 ? `, mean of ${run.replications} replications ± half-width of its interval` : '';
  const time = ', and the time it cost: (1 - availability) of the window';
  return [
    layout.paint.title('Services'),
    ...wrap(window + intervals + time, layout.width).map(layout.paint.faint),
    ...hosted,
    ...(hosted.length > 0 && management.length > 0 ? ['', ...management] : management),
  ];
}

/** How a table may be squeezed before it is cut in two. */
interface Squeeze {
  readonly nameWidth: number;
  /** `…99.9%` for `to 99.9%`. */
  readonly terse: boolean;
  /** Columns in which everything is at 100% become a line below the table. */
  readonly leaveOutWhole: boolean;
  /** Names that are longer than their column lose their end, as long as they stay apart. */
  readonly cutNames: boolean;
}

/** From roomy to narrow. */
function squeezes(width: number): readonly Squeeze[] {
  const roomy = {
    nameWidth: Math.min(32, Math.floor(width / 3)),
    terse: false,
    leaveOutWhole: false,
    cutNames: false,
  };
  const short = { ...roomy, nameWidth: 20 };
  const terse = { ...short, terse: true };
  const without = { ...terse, leaveOutWhole: true };
  return [roomy, short, terse, without, { ...without, nameWidth: 14, cutNames: true }];
}

function clusterTable(
  run: RunResult,
  title: string,
  columns: readonly Column[],
  label: 'hostedCluster' | 'managementCluster',
  layout: Layout,
): string[] {
  const rows = matrix(run, columns, label);
  const used = columns.flatMap((column, i) => (rows.some((row) => row.cells[i]) ? [{ column, i }] : []));
  if (used.length === 0) return [];
  const tries = squeezes(layout.width).map((squeeze) => tableOf(run, title, rows, used, layout, squeeze));
  return tries.reduce((best, next) => (next.parts < best.parts ? next : best)).lines;
}

interface UsedColumn {
  readonly column: Column;
  /** Its place in the rows. */
  readonly i: number;
}

function tableOf(
  run: RunResult,
  title: string,
  rows: readonly MatrixRow[],
  used: readonly UsedColumn[],
  { width, paint }: Layout,
  squeeze: Squeeze,
): { readonly parts: number; readonly lines: string[] } {
  const whole = used.filter(({ i }) => rows.every(({ cells }) => (cells[i]?.worst.value ?? 1) === 1));
  // Over replications even a whole column has a half-width to show.
  const some = whole.length > 0 && whole.length < used.length && run.replications === 1;
  const shown = squeeze.leaveOutWhole && some ? used.filter((c) => !whole.includes(c)) : used;
  const names = namesOf(rows, squeeze);
  const cells = rows.map((row) => row.cells.map((cell) => cellText(cell, run, squeeze.terse)));
  const widths = shown.map(({ column, i }) =>
    Math.max(...[column.title, ...cells.flatMap((row) => row[i]!.split('\n'))].map((text) => text.length)),
  );
  const first = Math.max(title.length, ...names.flatMap((name) => name.split('\n')).map((n) => n.length));
  const parts = intoParts(widths, width - first);
  const lines = parts.flatMap((part) => {
    const table = borderless();
    table.push([title, ...part.map((k) => shown[k]!.column.title)].map(paint.faint));
    rows.forEach((row, r) => {
      const figures = part.map((k) => colorCell(row, shown[k]!.i, cells[r]![shown[k]!.i]!, paint));
      table.push([names[r]!, ...figures]);
    });
    return table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  });
  const left =
    shown === used
      ? []
      : wrap(`At 100% for all: ${whole.map(({ column }) => column.title).join(', ')}`, width, '', '  ');
  return { parts: parts.length, lines: [...lines, ...left.map(paint.faint)] };
}

function namesOf(rows: readonly MatrixRow[], { nameWidth, cutNames }: Squeeze): string[] {
  const lines = rows.map((row) => wrap(mergeNames(row.clusters), nameWidth));
  const whole = lines.map((name) => name.join('\n'));
  const cut = lines.map((name) => name.map((line) => shorten(line, nameWidth)).join('\n'));
  return cutNames && new Set(cut).size === cut.length ? cut : whole;
}

/** Splits columns into parts that fit beside the names. At least one column each. */
function intoParts(widths: readonly number[], room: number): number[][] {
  const parts: number[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  widths.forEach((width, column) => {
    if (taken + width + GAP > room) {
      parts.push([]);
      taken = 0;
    }
    parts.at(-1)!.push(column);
    taken += width + GAP;
  });
  return parts;
}

/** Worst availability (and the best of the group), half-width, time lost: a line each. */
function cellText(cell: Cell | undefined, run: RunResult, terse: boolean): string {
  if (!cell) return '-';
  const { worst, best } = cell;
  const lines = [formatRatio(worst.value)];
  if (worst.interval) lines.push(formatHalfWidth(worst.interval, 'ratio'));
  if (best.value !== worst.value) lines.push(`${terse ? '…' : 'to '}${formatRatio(best.value)}`);
  if (worst.value !== 1) lines.push(formatSpan(seconds(lostSeconds(worst, run))));
  return lines.join('\n');
}

function colorCell(row: MatrixRow, column: number, text: string, paint: Paint): string {
  const value = row.cells[column]?.worst.value ?? 1;
  const color = value === 1 ? (t: string) => t : value === 0 ? paint.bad : paint.unsure;
  return text.split('\n').map(color).join('\n');
}

function borderless(): CliTable.Table {
  const none = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'];
  const rest = ['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  return new CliTable({
    chars: { ...Object.fromEntries([...none, ...rest].map((part) => [part, ''])), middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
}
