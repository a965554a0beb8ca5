import { expect, test } from 'vitest';
import { MINUTE, type Micros } from '../../sim/time.ts';
import { zoneLoss } from '../fixture.ts';
import { groupPending, pendingTexts, reasonsOf } from './pending.ts';

test('pods refused for the same reasons over the same time are one group', () => {
  const [group, ...others] = groupPending(zoneLoss(20, 7).pending, 12);
  expect(others).toEqual([]);
  expect(group!.pods).toEqual(['etcd-0', 'kube-apiserver-0']);
  expect(group!.owners).toHaveLength(7);
  expect(group!.count).toBe(14);
  expect(group!.reasons.map(({ nodes }) => nodes.length)).toEqual([6, 3]);
});

test('pods that waited for minutes only, as in every rollout, are counted', () => {
  const run = zoneLoss(2, 2);
  const [first, ...others] = run.pending.map((pod) => ({
    ...pod,
    until: (pod.since + 2 * MINUTE) as Micros,
  }));
  const { until: _, ...open } = first!;
  expect(pendingTexts({ ...run, pending: [open, ...others] }, 12)).toMatchObject({
    groups: [{ count: 1, until: undefined }],
    short: '3 other pods waited for a node, none longer than 2m',
  });
  expect(pendingTexts({ ...run, pending: others }, 12)).toEqual({
    groups: [],
    short: '3 pods waited for a node, none longer than 2m',
  });
  expect(pendingTexts({ ...run, pending: [] }, 12)).toEqual({ groups: [], short: '' });
});

test('a pod that waits to the end keeps its group open and comes first', () => {
  const pods = zoneLoss(2, 2).pending.map((pod, i) => {
    const { until: _, ...open } = pod;
    return i === 3 ? open : pod;
  });
  const groups = groupPending(pods, 12);
  expect(groups.map((group) => [group.count, group.until === undefined])).toEqual([
    [1, true],
    [3, false],
  ]);
});

test('pods that began to wait within a minute are one group, those of another hour are another', () => {
  const pods = zoneLoss(20, 1).pending.flatMap((pod) =>
    [0, 3e6, 59e6, 3600e6].map((later) => ({ ...pod, since: (pod.since + later) as Micros })),
  );
  expect(groupPending(pods, 12).map(({ count }) => count)).toEqual([6, 2]);
});

test('pods that waited at many different times are merged by their reasons', () => {
  const pods = zoneLoss(20, 20).pending.map((pod, i) => ({ ...pod, since: (i * 120e6) as Micros }));
  const [group, ...others] = groupPending(pods, 12);
  expect(others).toEqual([]);
  expect(group!.since).toEqual([0, 39 * 120e6]);
});

test('refusals that differ in numbers alone are one group, told by the first pod whose nodes are known', () => {
  const [pod] = zoneLoss(1, 1).pending;
  const refused = (full: number, nodes: (typeof pod & object)['nodes']) => ({
    ...pod!,
    pod: `clusters-tenant-0/pod-${full}`,
    message: `0/50 nodes are available: ${50 - full} Insufficient cpu, ${full} Too many pods.`,
    nodes,
  });
  const known = [{ node: 'hosting-0', reason: 'Too many pods' }];
  const [group, ...others] = groupPending([refused(5, []), refused(17, known), refused(43, [])], 12);
  expect(others).toEqual([]);
  expect(group!.example).toBe('pod-17 of tenant-0');
  expect(group!.message).toContain('17 Too many pods');
  expect(group!.reasons).toEqual([{ reason: 'Too many pods', nodes: ['hosting-0'] }]);
});

test('reasons are read from the line of the scheduler, whatever they contain', () => {
  const [pod] = zoneLoss(1, 1).pending;
  const message =
    "0/9 nodes are available: 3 node(s) had untolerated taint {a/b: c, d}, 6 node(s) didn't match pod anti-affinity rules.";
  expect(reasonsOf({ ...pod!, message })).toEqual([
    "node(s) didn't match pod anti-affinity rules",
    'node(s) had untolerated taint {a/b: c, d}',
  ]);
});
