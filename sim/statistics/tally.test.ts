import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tally } from './tally.ts';

const tallyOf = (values: readonly number[]): Tally => {
  const tally = new Tally();
  for (const value of values) tally.add(value);
  return tally;
};

describe('a tally', () => {
  test('the numbers 1 to n have mean (n + 1) / 2 and variance n (n + 1) / 12', () => {
    const tally = tallyOf(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(tally.mean).toBeCloseTo(500.5, 10);
    expect(tally.variance).toBeCloseTo((1_000 * 1_001) / 12, 6);
    expect([tally.count, tally.min, tally.max]).toEqual([1_000, 1, 1_000]);
  });

  test('the variance survives a mean that is far from 0', () => {
    expect(tallyOf([1e15 + 1, 1e15 + 2, 1e15 + 3]).variance).toBe(1);
  });

  test('nothing observed has no mean, one observation has no variance', () => {
    expect([new Tally().mean, new Tally().variance, tallyOf([4]).variance]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([new Tally().min, new Tally().max]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(tallyOf([4]).mean).toBe(4);
  });

  test('it agrees with two passes over the data, and is the same after saving and restoring halfway', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 2,
      maxLength: 100,
    });
    fc.assert(
      fc.property(values, (data) => {
        const half = tallyOf(data.slice(0, data.length >> 1)).save();
        const tally = new Tally();
        tally.restore(structuredClone(half));
        for (const value of data.slice(data.length >> 1)) tally.add(value);
        const mean = data.reduce((a, b) => a + b) / data.length;
        const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (data.length - 1);
        expect(tally.mean).toBeCloseTo(mean, 6);
        expect(Math.abs(tally.variance - variance)).toBeLessThanOrEqual(1e-9 * variance + 1e-9);
        expect([tally.min, tally.max]).toEqual([Math.min(...data), Math.max(...data)]);
      }),
      { seed: 1 },
    );
  });
});
