/** The failure matrix as text that a person reads in a terminal. */
import type { MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { type Layout, paint, plain, wrap } from '../text/layout.ts';
import type { TextOptions } from '../text.ts';
import { plural } from '../view/format.ts';
import { mapStrings } from '../view/strings.ts';
import { type Cell, COLUMN_TITLES, cellsOf } from './cells.ts';
import { method } from './method.ts';
import { prefixOf, theOthers, whatFails } from './names.ts';
import { failuresIn, groupRows } from './rows.ts';
import { stateOf, verdictSentences } from './verdict.ts';

const MOST_PAIRS = 12;
/** The table needs so much; narrower terminals break its lines. */
const LEAST_WIDTH = 90;

/** All states, one after the other, ending in a newline. Control characters in names are made visible. */
export function renderMatrixText(document: MatrixDocument, options: TextOptions = {}): string {
  const width = Math.min(200, Math.max(LEAST_WIDTH, options.width ?? 100));
  const layout: Layout = { width, paint: paint(options.color ?? false) };
  const parts = document.results.map((result) =>
    resultLines(mapStrings(result, plain), document, layout).join('\n'),
  );
  if (document.partial) parts.push(layout.paint.unsure('PARTIAL: interrupted, not every failure was tried.'));
  return `${parts.join(`\n\n${'─'.repeat(width)}\n\n`)}\n`;
}

function resultLines(result: MatrixResult, document: MatrixDocument, layout: Layout): string[] {
  const { width, paint } = layout;
  const [first, ...others] = verdictSentences(result, document.partial);
  const fatal = result.rows.some((row) => row.api.down > 0);
  const head = `${result.fleet}, ${stateOf(result)}: ${first![0]!.toLowerCase()}${first!.slice(1)}`;
  return [
    ...wrap(head, width, '', '  ').map(fatal ? paint.bad : paint.good),
    ...others.flatMap((text) => wrap(text, width, '  ', '  ')),
    '',
    ...singles(result, layout),
    ...pairs(result, layout),
    ...result.notes.flatMap((note, i) => [
      ...(i === 0 ? ['', paint.title('Notes')] : []),
      ...wrap(note, width, '  - ', '    '),
    ]),
    '',
    ...wrap(method(result, document), width).map(paint.faint),
  ];
}

function singles(result: MatrixResult, layout: Layout): string[] {
  const groups = groupRows(result.rows);
  const widths = widthsOf(result, layout);
  return [
    layout.paint.faint(line(TITLES, widths)),
    ...groups.flatMap(({ title, rows }) => [
      layout.paint.title(title),
      ...rows.flatMap((row) => rowLines(row, result, widths, layout, sameAs(row, rows))),
    ]),
  ];
}

/** Who else a row stands for, told where another row of the group could be meant, too. */
function sameAs(row: MatrixRow, group: readonly MatrixRow[]): string {
  const prefix = prefixOf(row.failures[0]!);
  const rivals = group.filter((other) => prefixOf(other.failures[0]!) === prefix);
  return rivals.length > 1 && row.alike.length > 1 ? `same: ${theOthers(row)}` : '';
}

function pairs(result: MatrixResult, layout: Layout): string[] {
  if (result.pairs.length === 0) return [];
  const { paint } = layout;
  const widths = widthsOf(result, layout);
  const shown = result.pairs.slice(0, MOST_PAIRS);
  const hidden = failuresIn(result.pairs.slice(MOST_PAIRS));
  return [
    '',
    `${paint.title('Pairs of failures, each harmless alone')} ${paint.faint('(most hosted clusters first)')}`,
    paint.faint(line(TITLES, widths)),
    ...shown.flatMap((row) => rowLines(row, result, widths, layout, '')),
    ...(hidden > 0 ? [paint.faint(`and ${plural(hidden, 'more pair')} (all of them: -o json)`)] : []),
  ];
}

const GAP = 2;
const { tunnel: _, ...IN_COLUMNS } = COLUMN_TITLES;
const TITLES = Object.values(IN_COLUMNS);
const NAME_INDENT = '  ';

/** The figures take what they need at most; what fails gets the rest. */
function widthsOf(result: MatrixResult, { width }: Layout): number[] {
  const rows = [...result.rows, ...result.pairs].map((row) => cellsOf(row, result));
  const of = (title: string, most: number, texts: readonly string[]) =>
    Math.min(most, Math.max(title.length, ...texts.map((text) => text.length)));
  const cell = (key: 'api' | 'workloads' | 'lifecycle', most: number) =>
    of(
      COLUMN_TITLES[key],
      most,
      rows.flatMap((row) => [row[key].status, detailOf(row[key]), row[key].others]),
    );
  const whole = of(
    COLUMN_TITLES.whole,
    14,
    rows.map((row) => row.whole),
  );
  const figures = [cell('api', 25), cell('workloads', 16), cell('lifecycle', 16), whole];
  const rest = width - figures.reduce((sum, one) => sum + one + GAP, 0);
  return [rest, ...figures];
}

function rowLines(
  row: MatrixRow,
  result: MatrixResult,
  widths: readonly number[],
  { width, paint }: Layout,
  same: string,
): string[] {
  const cells = cellsOf(row, result);
  const color = { kept: (text: string) => text, dented: paint.unsure, down: paint.bad };
  const name = wrap(whatFails(row), widths[0]!, NAME_INDENT, `${NAME_INDENT}  `);
  // A name that does not fit stands above its figures.
  const above = name.some((text) => text.length > widths[0]!);
  const columns = [
    { lines: above ? [] : name, color: color.kept },
    { lines: cellLines(cells.api, widths[1]!), color: color[cells.api.level] },
    { lines: cellLines(cells.workloads, widths[2]!), color: color[cells.workloads.level] },
    { lines: cellLines(cells.lifecycle, widths[3]!), color: color[cells.lifecycle.level] },
    { lines: wrap(cells.whole, widths[4]!), color: row.wholeAfter === undefined ? paint.unsure : color.kept },
  ];
  const table = [
    ...(above ? wrap(whatFails(row), width, NAME_INDENT, `${NAME_INDENT}  `) : []),
    ...beside(columns, widths),
  ];
  const below = [
    same,
    tunnels(cells.tunnel),
    cells.human === '' ? '' : `needs a human: ${cells.human}`,
    cells.worst === '' ? '' : `worst: ${cells.worst}`,
  ].filter((text) => text !== '');
  return [...table, ...below.flatMap((text) => wrap(text, width, '      ', '        ').map(paint.faint))];
}

/** Tunnels have no column of their own: most failures leave them alone. */
function tunnels({ level, status, length, whom, others }: Cell): string {
  if (level === 'kept') return '';
  return `tunnels: ${[`${status} ${length}`, whom, others].filter((part) => part !== '').join(', ')}`;
}

interface ColumnLines {
  readonly lines: readonly string[];
  readonly color: (text: string) => string;
}

/** Columns of lines, side by side. */
function beside(columns: readonly ColumnLines[], widths: readonly number[]): string[] {
  const height = Math.max(...columns.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, i) =>
    columns
      .map(({ lines, color }, k) => {
        const text = lines[i] ?? '';
        return (text === '' ? '' : color(text)) + ' '.repeat(Math.max(0, widths[k]! - text.length));
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** How long and for whom on one line where they fit, each on its own where not. */
function cellLines(cell: Cell, width: number): string[] {
  const detail = detailOf(cell);
  const parts =
    detail.length <= width ? [detail] : [cell.whom === '' ? cell.length : `${cell.length},`, cell.whom];
  return [cell.status, ...parts, cell.others]
    .filter((part) => part !== '')
    .flatMap((part) => wrap(part, width));
}

function detailOf({ length, whom }: Cell): string {
  return whom === '' ? length : `${length}, ${whom}`;
}

function line(texts: readonly string[], widths: readonly number[]): string {
  return texts
    .map((text, i) => text.padEnd(widths[i]!))
    .join(' '.repeat(GAP))
    .trimEnd();
}
