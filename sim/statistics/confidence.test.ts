import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Streams } from '../streams.ts';
import { halfWidth, meanInterval } from './confidence.ts';

describe('the interval for a mean', () => {
  test('is null for fewer than two replications', () => {
    expect([meanInterval([]), meanInterval([3])]).toEqual([null, null]);
    expect(halfWidth(1, 4)).toBeNaN();
  });

  test('has the half width t s / sqrt(n), with t from the tables', () => {
    // n = 5, values 1 to 5: s^2 = 2.5; t(0.975; 4) = 2.776445, t(0.995; 4) = 4.604095.
    const interval = meanInterval([1, 2, 3, 4, 5])!;
    expect(interval.halfWidth).toBeCloseTo(2.776445 * Math.sqrt(0.5), 5);
    expect(interval.low + interval.halfWidth).toBeCloseTo(3, 12);
    expect(interval.high - interval.halfWidth).toBeCloseTo(3, 12);
    expect(interval.confidence).toBe(0.95);
    expect(meanInterval([1, 2, 3, 4, 5], 0.99)!.halfWidth).toBeCloseTo(4.604095 * Math.sqrt(0.5), 5);
  });

  test('for two values is their distance times t(0.975; 1) / 2', () => {
    expect(meanInterval([0, 1])!.halfWidth).toBeCloseTo(Math.tan(0.475 * Math.PI) / 2, 9);
  });

  test('of equal values has no width', () => {
    expect(meanInterval([0.5, 0.5, 0.5])).toEqual({ low: 0.5, high: 0.5, halfWidth: 0, confidence: 0.95 });
  });

  test('moves and stretches with the data', () => {
    const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: -500, max: 500 }), (data, shift) => {
        const plain = meanInterval(data)!;
        const moved = meanInterval(data.map((x) => 2 * x + shift))!;
        expect(moved.halfWidth).toBeCloseTo(2 * plain.halfWidth, 6);
        expect(moved.low).toBeCloseTo(2 * plain.low + shift, 6);
      }),
      { seed: 1 },
    );
  });

  test('at 90 % holds the true mean in about 90 % of 2,000 experiments', () => {
    const stream = new Streams(3, 0).stream('coverage', 0);
    let held = 0;
    for (let i = 0; i < 2_000; i++) {
      const { low, high } = meanInterval(
        Array.from({ length: 8 }, () => stream.uniform()),
        0.9,
      )!;
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    // 3.5 standard errors of a share of 0.9 in 2,000 are 0.0235.
    expect(Math.abs(held / 2_000 - 0.9)).toBeLessThan(0.0235);
  });

  test('refuses a confidence that is no probability', () => {
    expect(() => meanInterval([1, 2], 1)).toThrow('confidence: found 1');
    expect(() => meanInterval([1, 2], 95)).toThrow(RangeError);
  });
});
