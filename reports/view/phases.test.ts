import { expect, test } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { apiOutage, hosted } from '../fixture.ts';
import { groupOutages } from './outages.ts';
import { phasesOf } from './phases.ts';

/** An outage of the tenant whose phases last so many seconds each. */
function waiting(tenant: number, phases: [text: string, seconds: number][]) {
  let at = 0;
  const segments = phases.map(([text, seconds]) => {
    const from = at as Micros;
    at += seconds * 1e6;
    return { from, to: at as Micros, value: 0, causes: ['zoneOutage a', text] };
  });
  return apiOutage(hosted(tenant), {
    from: 0 as Micros,
    to: at as Micros,
    lowest: 0,
    causes: segments[0]!.causes,
    segments,
  });
}

/** Too many outages to be told one by one. */
const merged = (outages: ReturnType<typeof waiting>[]) => phasesOf(groupOutages(outages, 1)[0]!);

test('phases of many clusters that say the same become one line with ranges', () => {
  const { phases } = merged(
    [0, 1, 2].map((i) =>
      waiting(i, [
        [`etcd-${i} on a lost node`, 300 + i],
        [`etcd-${i} starting`, 30],
      ]),
    ),
  );
  expect(phases.map(({ text, length, outages }) => [text, ...length, outages])).toEqual([
    ['etcd-2 on a lost node', 300e6, 302e6, 3],
    ['etcd-2 starting', 30e6, 30e6, 3],
  ]);
});

test('phases of very different lengths stay apart although they say the same', () => {
  const { phases } = merged([
    waiting(0, [
      ['etcd-0 Pending', 5],
      ['etcd-0 starting', 300],
    ]),
    waiting(1, [
      ['etcd-1 Pending', 200],
      ['etcd-1 starting', 300],
    ]),
  ]);
  expect(phases.map(({ outages, length }) => [outages, length[1]])).toEqual([
    [1, 200e6],
    [1, 5e6],
    [2, 300e6],
  ]);
});

test('at most six phases are shown, the longest, in order of time', () => {
  const { phases, hidden } = merged([
    waiting(
      0,
      [9, 2, 8, 3, 7, 4, 6, 5].map((seconds, i) => [`step ${'x'.repeat(i)}`, seconds]),
    ),
  ]);
  expect(hidden).toBe(2);
  expect(phases.map(({ length }) => length[0] / 1e6)).toEqual([9, 8, 7, 4, 6, 5]);
});

test('what is over within a second of a long outage is no phase, and what it added is told by the next', () => {
  const outage = waiting(0, [
    ['stale', 300],
    ['Pending', 0.02],
    ['starting', 30],
  ]);
  const segments = outage.segments.map((s, i) =>
    i > 0 ? { ...s, causes: ['zoneOutage a', 'evicted', s.causes[1]!] } : s,
  );
  const { phases } = merged([{ ...outage, segments }]);
  expect(phases.map(({ text }) => text)).toEqual(['stale', 'evicted → starting']);
});

test('one phase is none: the chain of the outage tells it', () => {
  expect(merged([waiting(0, [['stale', 44]])]).phases).toEqual([]);
});
