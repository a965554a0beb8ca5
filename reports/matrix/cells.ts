/** One row of the matrix in words: what a failure does to each service, in the vendor's terms where there are any. */
import { type Impact, type MatrixResult, type MatrixRow, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatCount, formatRatio, formatSpan } from '../view/format.ts';
import { owner } from '../view/labels.ts';
import { shortChain } from './names.ts';

/** What a service is down to, for how long and for whom; the latter empty where nothing happened or nobody needs to be told. */
export interface Cell {
  readonly status: string;
  readonly length: string;
  readonly whom: string;
  /** Those that keep a part of it, beside those that lose it. */
  readonly others: string;
  readonly level: 'kept' | 'dented' | 'down';
}

export interface Cells {
  readonly api: Cell;
  readonly workloads: Cell;
  readonly lifecycle: Cell;
  readonly tunnel: Cell;
  readonly whole: string;
  /** What waits for somebody, and when all else was well; empty where nothing does. */
  readonly human: string;
  readonly worst: string;
}

export const COLUMN_TITLES = {
  failure: 'what fails',
  api: 'hosted API',
  workloads: 'data plane',
  lifecycle: 'lifecycle',
  tunnel: 'tunnels',
  whole: 'whole again',
} as const;

export function cellsOf(row: MatrixRow, result: MatrixResult): Cells {
  // One cluster hit by the worst of several is one cluster hit by each of them.
  const most = (count: number) => (row.alike.length > 1 && count > 1 ? 'up to ' : '');
  const hosted = (count: number) =>
    `${most(count)}${formatCount(count)} of ${formatCount(result.hostedClusters)}`;
  // Where something is down already, nobody is told that it is available.
  const kept = result.before === '' ? 'available' : 'unchanged';
  const own = ownOf(row, result);
  return {
    api: cellOf(own.api, 'of requests', kept, hosted),
    workloads: cellOf(own.workloads, 'of replicas', kept, hosted),
    lifecycle: cellOf(own.lifecycle, '', kept, (count) => (count > 1 ? `${count} management clusters` : '')),
    tunnel: cellOf(own.tunnel, 'of dials', kept, hosted),
    whole: wholeAgain(row, result),
    human: human(row, result),
    worst: worstOutage(own, row.failures),
  };
}

type Impacts = Pick<MatrixRow, 'api' | 'workloads' | 'lifecycle' | 'etcd' | 'tunnel'>;

const UNTOUCHED: Impact = {
  hit: 0,
  down: 0,
  lowest: 1,
  longestDown: 0 as Micros,
  longestBelow: 0 as Micros,
  causes: [],
};

/** What a failure adds to what the state before does by itself, which has a row of its own. */
function ownOf(row: MatrixRow, { rows }: MatrixResult): Impacts {
  const alone = rows.find(({ failures }) => failures[0] === NOTHING_FAILS);
  const own = (service: keyof Impacts): Impact =>
    alone === undefined || alone === row || !isAlike(row[service], alone[service]) ? row[service] : UNTOUCHED;
  return {
    api: own('api'),
    workloads: own('workloads'),
    lifecycle: own('lifecycle'),
    etcd: own('etcd'),
    tunnel: own('tunnel'),
  };
}

/** Chance makes the same outage so much longer in another future. */
const CHANCE = 1.1;

/** Whether nobody would see a difference: of an outage its length is told, else for how long the service was below what it had. */
function isAlike(impact: Impact, alone: Impact): boolean {
  const told = ({ down, longestDown, longestBelow }: Impact): Micros =>
    down > 0 ? longestDown : longestBelow;
  return (
    impact.hit <= alone.hit &&
    impact.down <= alone.down &&
    impact.lowest >= alone.lowest &&
    told(impact) <= told(alone) * CHANCE
  );
}

function cellOf(impact: Impact, of: string, kept: string, counted: (count: number) => string): Cell {
  const { hit, down, lowest, longestDown, longestBelow } = impact;
  if (hit === 0) return { status: kept, length: '', whom: '', others: '', level: 'kept' };
  return {
    status: down > 0 ? 'not available' : `${share(lowest)} ${of}`.trim(),
    length: `for ${formatSpan(down > 0 ? longestDown : longestBelow)}`,
    whom: counted(down > 0 ? down : hit),
    others: down > 0 && hit > down ? `${formatCount(hit - down)} more below 100%` : '',
    level: down > 0 ? 'down' : 'dented',
  };
}

/** `2/3` where it is a simple fraction, percent otherwise. */
export function share(ratio: number): string {
  for (let parts = 2; parts <= 5; parts++) {
    const count = Math.round(ratio * parts);
    if (count > 0 && count < parts && Math.abs(ratio * parts - count) < 1e-9) return `${count}/${parts}`;
  }
  return formatRatio(ratio);
}

/** When every service and every redundancy was back, counted from the end of the failure. */
function wholeAgain({ wholeAfter, needsHuman }: MatrixRow, { watched, failureLasts }: MatrixResult): string {
  if (wholeAfter !== undefined) return after(wholeAfter);
  if (needsHuman.length > 0) return 'needs a human';
  return `not within ${formatSpan((watched - failureLasts) as Micros)}`;
}

const after = (span: Micros): string => (span === 0 ? 'by its end' : `${formatSpan(span)} after`);

function human(row: MatrixRow, { watched, failureLasts }: MatrixResult): string {
  const { needsHuman, allElseAfter, alike } = row;
  if (needsHuman.length === 0) return '';
  const most = (count: number) => (alike.length > 1 && count > 1 ? 'up to ' : '');
  const things = needsHuman.map(({ what, remedy, count }) =>
    count === 1 ? `${what} (${remedy})` : `${most(count)}${formatCount(count)} × ${what} (${remedy})`,
  );
  const rest =
    allElseAfter === undefined
      ? `not all else is well within ${formatSpan((watched - failureLasts) as Micros)}`
      : `all else is whole ${after(allElseAfter)}`;
  return `${things.join('; ')}; ${rest}`;
}

/** The longest outage of the service that users feel most, with the chain that led to it. */
function worstOutage(row: Impacts, failures: MatrixRow['failures']): string {
  const service = (['api', 'workloads', 'lifecycle', 'etcd', 'tunnel'] as const).find(
    (name) => row[name].hit > 0,
  );
  if (service === undefined) return '';
  const { down, longestDown, longestBelow, worst, causes } = row[service];
  const length = formatSpan(down > 0 ? longestDown : longestBelow);
  const of = worst === undefined ? '' : ` of ${owner(worst)}`;
  return `${service}${of} for ${length}: ${shortChain(causes, failures)}`;
}
