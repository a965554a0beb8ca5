/** The rows of a matrix in the order in which they are read: by kind of failure, the worst first. */
import { type Impact, type MatrixRow, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { compareNames } from '../view/names.ts';

export interface RowGroup {
  readonly title: string;
  readonly rows: readonly MatrixRow[];
}

/** Kinds of failures, by what their labels begin with. */
const GROUPS: readonly (readonly [title: string, label: RegExp])[] = [
  ['No failure', new RegExp(`^${NOTHING_FAILS}$`)],
  ['One node', /^(control-plane )?node /],
  ['One rack', /^rack /],
  ['One zone', /^zone /],
  ['Management control plane, alone and with all workers', /^management control plane (and workers )?of /],
  ['One etcd member', /^etcd-\d+ of /],
  ['Other', /^/],
];

export function groupRows(rows: readonly MatrixRow[]): readonly RowGroup[] {
  const titleOf = ({ failures }: MatrixRow) => GROUPS.find(([, label]) => label.test(failures[0]!))![0];
  return GROUPS.map(([title]) => ({
    title,
    rows: rows.filter((row) => titleOf(row) === title).sort(worstFirst),
  })).filter((group) => group.rows.length > 0);
}

/** Order of rows: APIs down, workloads down, APIs hit, then how long, then lifecycle; ties by name. */
export function worstFirst(a: MatrixRow, b: MatrixRow): number {
  const [first, second] = [weight(a), weight(b)];
  for (let i = 0; i < first.length; i++) {
    if (first[i] !== second[i]) return second[i]! - first[i]!;
  }
  return compareNames(a.failures.join(' + '), b.failures.join(' + '));
}

function weight({ api, workloads, lifecycle, etcd, tunnel, wholeAfter }: MatrixRow): number[] {
  const of = ({ down, hit, lowest, longestDown, longestBelow }: Impact) => [
    down,
    longestDown,
    hit,
    -lowest,
    longestBelow,
  ];
  const open = wholeAfter === undefined ? 1 : 0;
  return [
    api.down,
    workloads.down,
    ...of(api),
    ...of(workloads),
    ...of(lifecycle),
    ...of(etcd),
    ...of(tunnel),
    open,
  ];
}

/** Rows in which something fails. */
export function withFailure(rows: readonly MatrixRow[]): MatrixRow[] {
  return rows.filter(({ failures }) => failures[0] !== NOTHING_FAILS);
}

/** How many failures the rows stand for. */
export function failuresIn(rows: readonly MatrixRow[]): number {
  return rows.reduce((sum, row) => sum + row.alike.length, 0);
}
