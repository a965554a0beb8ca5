import { expect, test } from 'vitest';
import { formatProblems } from './format.ts';
import type { Problem } from './problem.ts';

const PROBLEM: Problem = {
  code: 'bare-duration',
  file: 'a.yaml',
  line: 2,
  column: 11,
  path: 'spec.duration',
  found: 'the number 90',
  expected: 'a duration',
  hint: 'write 90s',
};

test('a problem is shown with its place, its lines, what was expected and a hint', () => {
  const text = formatProblems([PROBLEM], new Map([['a.yaml', 'spec:\n  duration: 90\n']]));
  expect(text).toBe(`a.yaml:2:11 bare-duration: the number 90
  expected: a duration
  hint: write 90s
    1 | spec:
  > 2 |   duration: 90
      |           ^
    3 |

1 problem in 1 file
`);
});

test('without the text there is no frame, without problems no output', () => {
  expect(formatProblems([PROBLEM], new Map())).not.toContain('|');
  expect(formatProblems([], new Map())).toBe('');
});
