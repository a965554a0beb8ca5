import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byMagnitude } from './spread.ts';

const split = (...sizes: number[]) => byMagnitude(sizes, (size) => size);

test('every item is in exactly one part, and no part spans more than a factor of 4', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (sizes) => {
      const parts = split(...sizes);
      expect(parts.flat()).toEqual([...sizes].sort((a, b) => a - b));
      for (const part of parts) expect(part.at(-1)).toBeLessThanOrEqual(4 * part[0]!);
    }),
  );
});

test('the cut goes into the widest gap', () => {
  expect(split(12, 13, 40, 47, 49, 50)).toEqual([
    [12, 13],
    [40, 47, 49, 50],
  ]);
  expect(split(5, 20)).toEqual([[5, 20]]);
});
