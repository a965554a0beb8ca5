import { expect, test } from 'vitest';
import type { ResultDocument, Verdict } from '../../sim/result.ts';
import { exitOf } from './document.ts';

const judged = (...runs: Verdict[][]) =>
  ({
    runs: runs.map((verdicts) => ({ gates: verdicts.map((verdict) => ({ verdict })) })),
  }) as unknown as ResultDocument;

test.each<[Verdict[][], number]>([
  [[], 0],
  [[[]], 0],
  [[['pass', 'pass']], 0],
  [[['pass'], ['fail']], 3],
  [[['inconclusive', 'pass']], 4],
  [[['inconclusive'], ['fail']], 3],
])('verdicts %j end with %d', (runs, code) => {
  expect(exitOf(judged(...runs))).toBe(code);
});
