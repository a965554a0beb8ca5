/** The metrics of a result as one table of comma-separated values (RFC 4180), for spreadsheets and data frames. */
import { stringify } from 'csv-stringify/sync';
import type { ResultDocument } from '../sim/result.ts';
import { toSeconds } from '../sim/time.ts';

const FIRST_LABELS = ['hostedCluster', 'managementCluster'];

/**
 * One row per metric value under a header row. Every label that occurs has a column; a value that stands for the mean of
 * replications has its interval beside it, and every row carries the window that it is measured over.
 */
export function renderCsv(document: ResultDocument): string {
  const labels = labelColumns(document);
  const header = ['scenario', 'seed', 'replications', 'windowSeconds', 'metric', 'unit', ...labels];
  const rows = document.runs.flatMap((run) =>
    run.metrics.map(({ metric, unit, labels: owner, value, interval }) => [
      run.scenario,
      run.seed,
      run.replications,
      toSeconds(run.duration),
      metric,
      unit,
      ...labels.map((label) => owner[label] ?? ''),
      value,
      interval?.low ?? '',
      interval?.high ?? '',
      interval?.halfWidth ?? '',
      interval?.confidence ?? '',
    ]),
  );
  return stringify([[...header, 'value', 'low', 'high', 'halfWidth', 'confidence'], ...rows], {
    record_delimiter: 'unix',
  });
}

function labelColumns(document: ResultDocument): string[] {
  const keys = new Set(document.runs.flatMap((run) => run.metrics.flatMap((m) => Object.keys(m.labels))));
  const others = [...keys].filter((key) => !FIRST_LABELS.includes(key));
  return [...FIRST_LABELS, ...others.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))];
}
