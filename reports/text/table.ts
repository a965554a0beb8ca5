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
import { type Layout, type Paint, wrap } from './layout.ts';

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

function clusterTable(
  run: RunResult,
  title: string,
  columns: readonly Column[],
  label: 'hostedCluster' | 'managementCluster',
  { width, paint }: Layout,
): string[] {
  const rows = matrix(run, columns, label);
  const used = columns.flatMap((column, i) => (rows.some((row) => row.cells[i]) ? [{ column, i }] : []));
  if (used.length === 0) return [];
  const nameWidth = Math.min(32, Math.floor(width / 3));
  const names = rows.map((row) => wrap(mergeNames(row.clusters), nameWidth).join('\n'));
  const cells = rows.map((row) => row.cells.map((cell) => cellText(cell, run)));
  const widths = used.map(({ column, i }) =>
    Math.max(...[column.title, ...cells.flatMap((row) => row[i]!.split('\n'))].map((text) => text.length)),
  );
  const first = Math.max(title.length, ...names.flatMap((name) => name.split('\n')).map((n) => n.length));
  return intoParts(widths, width - first - GAP).flatMap((part) => {
    const table = borderless();
    table.push([title, ...part.map((k) => used[k]!.column.title)].map(paint.faint));
    rows.forEach((row, r) => {
      const figures = part.map((k) => colorCell(row, used[k]!.i, cells[r]![used[k]!.i]!, paint));
      table.push([names[r]!, ...figures]);
    });
    return table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  });
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
function cellText(cell: Cell | undefined, run: RunResult): string {
  if (!cell) return '-';
  const { worst, best } = cell;
  const lines = [formatRatio(worst.value)];
  if (worst.interval) lines.push(formatHalfWidth(worst.interval, 'ratio'));
  if (best.value !== worst.value) lines.push(`to ${formatRatio(best.value)}`);
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
