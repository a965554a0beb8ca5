/** The failure matrix as one table of comma-separated values (RFC 4180): a row per failure or pair, those that come to the same in one. */
import { stringify } from 'csv-stringify/sync';
import type { Impact, MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { toSeconds } from '../../sim/time.ts';
import { owner } from '../view/labels.ts';
import { groupRows } from './rows.ts';

const SERVICES = ['api', 'etcd', 'workloads', 'lifecycle'] as const;
const FIGURES = ['Hit', 'Down', 'Lowest', 'LongestDownSeconds', 'LongestBelowSeconds', 'Worst', 'Causes'];

const HEADER = [
  'fleet',
  'state',
  'before',
  'seed',
  'failureSeconds',
  'watchedSeconds',
  'hostedClusters',
  'failure',
  'second',
  'count',
  'alike',
  ...SERVICES.flatMap((service) => FIGURES.map((figure) => `${service}${figure}`)),
  'wholeAfterSeconds',
];

/** Figures of a row that stands for several are those of the worst. An empty `wholeAfterSeconds` means not within the watch. */
export function renderMatrixCsv(document: MatrixDocument): string {
  const records = document.results.flatMap((result) =>
    [...groupRows(result.rows).flatMap((group) => group.rows), ...result.pairs].map((row) =>
      record(row, result),
    ),
  );
  return stringify([HEADER, ...records], { record_delimiter: 'unix' });
}

function record(row: MatrixRow, result: MatrixResult): (string | number)[] {
  return [
    result.fleet,
    result.state,
    result.before,
    result.seed,
    toSeconds(result.failureLasts),
    toSeconds(result.watched),
    result.hostedClusters,
    row.failures[0]!,
    row.failures[1] ?? '',
    row.alike.length,
    row.alike.map((failures) => failures.join(' + ')).join('; '),
    ...SERVICES.flatMap((service) => figures(row[service])),
    row.wholeAfter === undefined ? '' : toSeconds(row.wholeAfter),
  ];
}

function figures({ hit, down, lowest, longestDown, longestBelow, worst, causes }: Impact) {
  const seconds = [toSeconds(longestDown), toSeconds(longestBelow)];
  return [hit, down, lowest, ...seconds, worst === undefined ? '' : owner(worst), causes.join(' > ')];
}
