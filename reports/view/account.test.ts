import { expect, test } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { apiOutage, hosted, zoneLoss } from '../fixture.ts';
import { accountOf } from './account.ts';

const us = (seconds: number) => (seconds * 1e6) as Micros;

test('a run in which every API answered says that none went down', () => {
  expect(accountOf(zoneLoss(20, 0))).toEqual(['Hosted APIs: none went down']);
});

test('those that were down are counted, the longest is named', () => {
  const outages = [1, 2].map((i) => apiOutage(hosted(i), { from: us(60), to: us(60 + 1000 * i), lowest: 0 }));
  expect(accountOf({ ...zoneLoss(20, 0), outages })).toEqual([
    'Hosted APIs: 2 of 20 were down, longest 33m20s (tenant-2)',
  ]);
});

test('one that never came up is told from those that went down', () => {
  const outages = [
    apiOutage(hosted(0), { from: us(0), lowest: 0, open: true }),
    apiOutage(hosted(1), { lowest: 0 }),
  ];
  expect(accountOf({ ...zoneLoss(20, 0), outages })).toEqual([
    'Hosted APIs: 1 of 20 never came up; 1 of 20 was down, longest 47.1s (tenant-1)',
  ]);
});

test('pods that found no node at the start are counted with their main reasons', () => {
  const pending = zoneLoss(9, 9).pending.map((pod, i) => ({
    ...pod,
    since: us(i < 10 ? 0 : 5),
    message:
      '0/9 nodes are available: 3 Insufficient cpu, 3 Too many pods, 3 node(s) had untolerated taint {node-role.kubernetes.io/master: }.',
  }));
  expect(accountOf({ ...zoneLoss(20, 0), pending })[1]).toBe(
    '10 pods of 5 clusters found no node at the start (Insufficient cpu, Too many pods)',
  );
  const still = pending.map(({ until: _, ...pod }) => pod);
  expect(accountOf({ ...zoneLoss(20, 0), pending: still })[1]).toMatch(/, nor later$/);
});
