import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

const fill = (values: readonly number[], histogram = new Histogram()): Histogram => {
  for (const value of values) histogram.add(value);
  return histogram;
};
const data = fc.array(fc.double({ min: 1, max: 2 ** 53, noNaN: true }), { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a histogram', () => {
  test('a quantile is off by the stated relative error at most', () => {
    fc.assert(
      fc.property(data, share, fc.constantFrom(0.25, 0.1, 0.01, 0.001), (values, q, relativeError) => {
        const histogram = fill(values, new Histogram({ relativeError }));
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(Math.ceil(q * sorted.length), 1) - 1]!;
        expect(histogram.relativeError).toBeLessThanOrEqual(relativeError);
        expect(Math.abs(histogram.quantile(q) - exact) / exact).toBeLessThanOrEqual(histogram.relativeError);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('minimum and maximum are exact', () => {
    const histogram = fill([3.3, 1_234.5, 17]);
    expect([histogram.quantile(0), histogram.quantile(1), histogram.count]).toEqual([3.3, 1_234.5, 3]);
  });

  test('values below the least and above the most are counted and reported as the extremes', () => {
    const histogram = fill([0, 0.3, 0.4, 50, 5_000, 6_000, 7_000], new Histogram({ least: 1, most: 100 }));
    expect(histogram.quantile(0.4)).toBe(0);
    expect(histogram.quantile(0.8)).toBe(7_000);
    expect(Math.abs(histogram.quantile(0.5) - 50)).toBeLessThan(0.5);
  });

  test('merging gives the histogram of all observations', () => {
    fc.assert(
      fc.property(data, data, share, (left, right, q) => {
        const merged = fill(left);
        merged.merge(fill(right));
        expect(merged.count).toBe(left.length + right.length);
        expect(merged.quantile(q)).toBe(fill([...left, ...right]).quantile(q));
      }),
      { seed: 2 },
    );
  });

  test('a restored histogram is the saved one, whatever came between', () => {
    const histogram = fill([1, 2, 3, 40]);
    const saved = histogram.save();
    fill([1_000, 2_000, 0.5], histogram);
    histogram.restore(saved);
    expect([0, 0.5, 0.75, 1].map((q) => histogram.quantile(q))).toEqual(
      [0, 0.5, 0.75, 1].map((q) => fill([1, 2, 3, 40]).quantile(q)),
    );
    expect(histogram.count).toBe(4);
  });

  test('an empty histogram has no quantile', () => {
    expect(new Histogram().quantile(0.5)).toBeNaN();
  });

  test.each([
    ['value: found -1', () => new Histogram().add(-1)],
    ['value: found NaN', () => new Histogram().add(Number.NaN)],
    ['quantile: found 1.5', () => new Histogram().quantile(1.5)],
    ['relativeError: found 0', () => new Histogram({ relativeError: 0 })],
    ['least and most: found 5 and 5', () => new Histogram({ least: 5, most: 5 })],
    [
      'merge: found a histogram with other options',
      () => new Histogram().merge(new Histogram({ relativeError: 0.1 })),
    ],
    ['restore: found the state', () => new Histogram().restore(new Histogram({ most: 9 }).save())],
  ])('wrong use is refused: %s', (message, act) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });
});
