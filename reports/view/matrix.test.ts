import { expect, test } from 'vitest';
import type { RunResult } from '../../sim/result.ts';
import { zoneLoss } from '../fixture.ts';
import { HOSTED_COLUMNS, lostSeconds, matrix } from './matrix.ts';

const rows = (run: RunResult) => matrix(run, HOSTED_COLUMNS, 'hostedCluster');

test('clusters with equal figures share a row, the worst row first', () => {
  expect(rows(zoneLoss(20, 7)).map((row) => row.clusters.length)).toEqual([7, 13]);
});

test('every cluster is in exactly one row', () => {
  const clusters = rows(zoneLoss(1000, 333)).flatMap((row) => row.clusters);
  expect(clusters).toHaveLength(1000);
  expect(new Set(clusters).size).toBe(1000);
});

test('too many different rows are merged by which services were touched, with worst and best', () => {
  const run = zoneLoss(40, 40);
  let i = 0;
  const metrics = run.metrics.map((m) =>
    m.metric === 'api.availability' ? { ...m, value: 1 - ++i / 1000 } : m,
  );
  const [row, ...others] = rows({ ...run, metrics });
  expect(others).toEqual([]);
  const cell = row!.cells[1]!;
  expect([cell.worst.value, cell.best.value]).toEqual([1 - 40 / 1000, 1 - 1 / 1000]);
});

test('a metric that a cluster lacks is an empty cell', () => {
  const run = zoneLoss(2, 0);
  const metrics = run.metrics.filter((m) => m.metric !== 'oauth.availability');
  expect(rows({ ...run, metrics })[0]!.cells[5]).toBeUndefined();
});

test('the time lost is the missing share of the window', () => {
  const run = zoneLoss(1, 1);
  const api = run.metrics.find((m) => m.metric === 'api.availability')!;
  expect(lostSeconds(api, run)).toBeCloseTo(15.7, 6);
});
