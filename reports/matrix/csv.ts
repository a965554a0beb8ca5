/** The failure matrix as one table of comma-separated values (RFC 4180): a row per failure or pair that was tried. */
import { stringify } from 'csv-stringify/sync';
import type { Effect, Impact, MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { type Micros, toSeconds } from '../../sim/time.ts';
import { owner } from '../view/labels.ts';
import { groupRows } from './rows.ts';

const SERVICES = ['api', 'etcd', 'tunnel', 'workloads', 'lifecycle'] as const;
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
  'during',
  'count',
  'alike',
  ...SERVICES.flatMap((service) => FIGURES.map((figure) => `${service}${figure}`)),
  'wholeAfterSeconds',
  'allElseAfterSeconds',
  'needsHuman',
  'row',
];

/**
 * Every failure has its own figures; `row` names the worst of those that share a line elsewhere, `alike` the failures that it was tried for.
 * An empty `wholeAfterSeconds` means not within the watch.
 */
export function renderMatrixCsv(document: MatrixDocument): string {
  const records = document.results.flatMap((result) =>
    [...groupRows(result.rows).flatMap((group) => group.rows), ...result.pairs].flatMap((row) =>
      row.tried.map((effect) => record(effect, row, result)),
    ),
  );
  return stringify([HEADER, ...records], { record_delimiter: 'unix' });
}

function record(effect: Effect, row: MatrixRow, result: MatrixResult): (string | number)[] {
  return [
    result.fleet,
    result.state,
    result.before,
    result.seed,
    toSeconds(result.failureLasts),
    toSeconds(result.watched),
    result.hostedClusters,
    effect.failures[0]!,
    effect.failures[1] ?? '',
    effect.during ?? '',
    effect.alike.length,
    effect.alike.map((failures) => failures.join(' + ')).join('; '),
    ...SERVICES.flatMap((service) => figures(effect[service])),
    seconds(effect.wholeAfter),
    seconds(effect.allElseAfter),
    effect.needsHuman.map(({ what, count }) => `${count} ${what}`).join('; '),
    row.failures.join(' + '),
  ];
}

const seconds = (span: Micros | undefined): number | '' => (span === undefined ? '' : toSeconds(span));

function figures({ hit, down, lowest, longestDown, longestBelow, worst, causes }: Impact) {
  const seconds = [toSeconds(longestDown), toSeconds(longestBelow)];
  return [hit, down, lowest, ...seconds, worst === undefined ? '' : owner(worst), causes.join(' > ')];
}
