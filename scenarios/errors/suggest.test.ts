import { expect, test } from 'vitest';
import { nearest } from './suggest.ts';

test.each([
  ['m3', ['m1'], 'm1'],
  ['q', ['a', 'b'], undefined],
  ['ab', ['a'], 'a'],
  ['=>', ['>=', '>', '<=', '<', '=='], '>='],
  ['tenat-0', ['tenant-0', 'other'], 'tenant-0'],
  ['Zone_A', ['zone-a', 'zone-b'], 'zone-a'],
  ['A', ['a'], 'a'],
  ['something', ['else'], undefined],
])('of %s and %j, %s was meant', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
