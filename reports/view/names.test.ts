import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareNames, mergeNames } from './names.ts';

const numbered = (...numbers: number[]) => numbers.map((n) => `tenant-${n}`);

test.each([
  [numbered(0), 'tenant-0'],
  [numbered(1, 0), 'tenant-0, tenant-1'],
  [numbered(...Array.from({ length: 20 }, (_, i) => 19 - i)), 'tenant-0 … tenant-19 (20)'],
  [numbered(0, 1, 2, 7), 'tenant-0 … tenant-2, tenant-7 (4)'],
  [numbered(1, 3, 5, 7, 9), 'tenant-1, tenant-3, tenant-5 and 2 more (5)'],
  [['prod', 'dev'], 'dev, prod'],
])('%j merge to %s', (names, text) => {
  expect(mergeNames(names)).toBe(text);
});

test('names are ordered as people number them', () => {
  expect(['n-10', 'n-9', 'm'].sort(compareNames)).toEqual(['m', 'n-9', 'n-10']);
});

test('the order of names is total: the order in which they come never shows', () => {
  const name = fc.stringMatching(/^[a-c]{0,2}-?[0-9]{0,3}$/);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), (names) => {
      const sorted = [...names].sort(compareNames);
      const again = [...names].reverse().sort(compareNames);
      expect(again).toEqual(sorted);
    }),
  );
});
