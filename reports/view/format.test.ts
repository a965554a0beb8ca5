import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { formatApart, formatCount, formatRatio, formatSpan, formatValue } from './format.ts';

test('a ratio prints 100% for exactly 1 only and 0% for exactly 0 only', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (ratio) => {
      const text = formatRatio(ratio);
      expect(text === '100%').toBe(ratio === 1);
      expect(text === '0%').toBe(ratio === 0);
      expect(/^100\.?0*%$/.test(text)).toBe(ratio === 1);
    }),
  );
});

test('the last double below 1 is told from 1', () => {
  const almost = 1 - 2 ** -53;
  expect(formatRatio(almost)).not.toBe('100%');
  expect(formatRatio(2 ** -1074)).not.toBe('0%');
});

test.each([
  [0.999456, '99.9456%'],
  [0.99999996, '99.999996%'],
  [2 / 3, '66.6667%'],
  [0.5, '50%'],
  [0.9999, '99.9900%'],
  [1, '100%'],
])('%d reads %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

test('a printed ratio is near the ratio', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (ratio) => {
      expect(Math.abs(Number.parseFloat(formatRatio(ratio)) / 100 - ratio)).toBeLessThanOrEqual(1e-6);
    }),
  );
});

test('a printed span is a duration within half a second, or within a twentieth below a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * 86_400e6 }), (span) => {
      const read = parseDuration(formatSpan(span as Micros));
      const grid = span < 60e6 ? 50_000 : 500_000;
      expect(read).toBeDefined();
      expect(Math.abs(read! - span)).toBeLessThanOrEqual(grid);
    }),
  );
});

test.each([
  [0, '0s'],
  [3_600e6, '1h'],
  [3_647.1e6, '1h0m47s'],
  [47.12e6, '47.1s'],
  [5_400e6, '1h30m'],
  [600e6, '10m'],
  [86_400e6, '1d'],
  [90_000e6, '1d1h'],
  [59.99e6, '1m'],
  [1_500, '1.5ms'],
])('%d us read %s', (span, text) => {
  expect(formatSpan(span as Micros)).toBe(text);
});

test('values are printed in their unit', () => {
  expect(formatValue(47.1, 'seconds')).toBe('47.1s');
  expect(formatValue(3, 'count')).toBe('3');
  expect(formatValue(1, 'ratio')).toBe('100%');
  expect(formatCount(1234567)).toBe('1,234,567');
});

test('two different values never read the same', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('ratio', 'seconds', 'count'),
      (a, b, unit) => {
        const [first, second] = formatApart(a, b, unit);
        expect(first === second).toBe(a === b);
      },
    ),
  );
});

test('a value that misses its bound by little shows where', () => {
  expect(formatApart(0.825391, 0.82539104, 'ratio')).toEqual(['82.539100%', '82.539104%']);
  expect(formatApart(47.1, 47.12, 'seconds')).toEqual(['47.10s', '47.12s']);
  expect(formatApart(0.9, 0.95, 'ratio')).toEqual(['90%', '95%']);
});
