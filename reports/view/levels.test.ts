import { expect, test } from 'vitest';
import type { Segment } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { apiOutage, hosted } from '../fixture.ts';
import { depthText, longestDown } from './levels.ts';

/** An outage that spends seconds at each level in turn. */
function outage(...stretches: [value: number, seconds: number][]) {
  let at = 0;
  const segments: Segment[] = stretches.map(([value, seconds]) => {
    const from = at as Micros;
    at += seconds * 1e6;
    return { from, to: at as Micros, value, causes: ['x'] };
  });
  const lowest = Math.min(...stretches.map(([value]) => value));
  return apiOutage(hosted(0), { from: 0 as Micros, to: at as Micros, lowest, segments });
}

test.each([
  [[outage([0, 47])], 'down for 47s'],
  [[outage([0, 29], [0.5, 3742])], 'down for 29s and at 50% for 1h2m22s'],
  [[outage([0, 29], [0.25, 5], [0.5, 5])], 'down for 29s and at 25% … 50% for 10s'],
  [[outage([0.5, 5], [0, 2], [0.5, 5])], 'down for 2s and at 50% for 10s'],
  [[outage([0, 29], [0.5, 10]), outage([0, 40])], 'down for 29s … 40s and at 50% for up to 10s'],
  [[outage([0.25, 10]), outage([0.5, 20])], 'at 25% … 50% for 10s … 20s'],
])('%# how deep and how long is told as it was', (outages, text) => {
  expect(depthText(outages)).toBe(text);
});

test('the longest stretch at 0 counts, not the sum of several', () => {
  expect(longestDown(outage([0, 5], [0, 3], [0.5, 1], [0, 7]))).toBe(8e6);
});
