import { expect, test } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { zoneLoss } from '../fixture.ts';
import { groupPending } from './pending.ts';

test('pods refused for the same reasons over the same time are one group', () => {
  const [group, ...others] = groupPending(zoneLoss(20, 7).pending);
  expect(others).toEqual([]);
  expect(group!.pods).toEqual(['etcd-0', 'kube-apiserver-0']);
  expect(group!.owners).toHaveLength(7);
  expect(group!.count).toBe(14);
  expect(group!.reasons.map(({ nodes }) => nodes.length)).toEqual([6, 3]);
});

test('a pod that waits to the end keeps its group open and comes first', () => {
  const pods = zoneLoss(2, 2).pending.map((pod, i) => {
    const { until: _, ...open } = pod;
    return i === 3 ? open : pod;
  });
  const groups = groupPending(pods);
  expect(groups.map((group) => [group.count, group.until === undefined])).toEqual([
    [1, true],
    [3, false],
  ]);
});

test('pods that waited at many different times are merged by their reasons', () => {
  const pods = zoneLoss(20, 20).pending.map((pod, i) => ({ ...pod, since: i as Micros }));
  const [group, ...others] = groupPending(pods, 12);
  expect(others).toEqual([]);
  expect(group!.since).toEqual([0, 39]);
});
