import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineRow } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { hosted, zoneLoss } from '../fixture.ts';
import { axisMarks } from './axis.ts';
import { slice, strips } from './timeline.ts';

const row = (...steps: [number, number][]): TimelineRow => ({
  service: 'api',
  labels: hosted(0),
  steps: steps.map(([at, value]) => ({ at: at as Micros, value })),
});

test('a dip shorter than a slice shows in its slice and nowhere else', () => {
  expect(slice(row([0, 1], [55, 0.5], [56, 1]), 100, 10)).toEqual([1, 1, 1, 1, 1, 0.5, 1, 1, 1, 1]);
});

test('a dip that ends on the edge of a slice stays out of the next one', () => {
  expect(slice(row([0, 1], [20, 0], [40, 1]), 100, 5)).toEqual([1, 0, 1, 1, 1]);
});

test('the lowest slice is the lowest level that lasted', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom(0, 0.25, 0.5, 1));
  fc.assert(
    fc.property(fc.uniqueArray(step, { selector: ([at]) => at, maxLength: 8 }), (steps) => {
      const sorted = [...steps].sort(([a], [b]) => a - b);
      const levels = slice(row([0, 1], ...sorted), 1000, 7);
      expect(Math.min(...levels)).toBe(Math.min(1, ...steps.map(([, value]) => value)));
    }),
  );
});

test('where a service is about nothing it is neither up nor down, and not at 100% throughout', () => {
  const gone = row([0, 1], [20, 0], [40, Number.NaN], [65, 1]);
  expect(slice(gone, 100, 5)).toEqual([1, 0, Number.NaN, 1, 1]);
  const run = { ...zoneLoss(1, 0), duration: 100 as Micros };
  const gap = strips({ ...run, timeline: [row([0, 1], [40, Number.NaN], [60, 1])] }, 5, 4);
  expect(gap.touched.map(({ levels }) => levels)).toEqual([[1, 1, Number.NaN, 1, 1]]);
  expect(gap.untouched).toEqual([]);
  const none = strips({ ...run, timeline: [row([0, Number.NaN])] }, 5, 4);
  expect([none.touched, none.untouched]).toEqual([[], []]);
});

test('clusters that look alike share a strip; services that never dipped are only named', () => {
  const { touched, untouched, hidden } = strips(zoneLoss(1000, 333), 60, 4);
  expect(touched.map((s) => [s.service, s.owners.length])).toEqual([['api', 333]]);
  expect(untouched).toContain('etcd');
  expect(hidden).toBe(0);
});

test('an axis has few marks, all within the window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_000, max: 2 ** 52 }),
      fc.integer({ min: 2, max: 12 }),
      (duration, most) => {
        const marks = axisMarks(duration as Micros, most);
        expect(marks.length).toBeGreaterThan(0);
        expect(marks.length).toBeLessThanOrEqual(most + 1);
        expect(marks.at(-1)).toBeLessThanOrEqual(duration);
      },
    ),
  );
});
