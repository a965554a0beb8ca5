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

test('of long lines the columns around the place are shown, the caret below it', () => {
  const long = `{${'a: 1, '.repeat(1000)}here: x}`;
  const column = long.indexOf('here') + 1;
  const problem = { ...PROBLEM, line: 2, column };
  const text = formatProblems([problem], new Map([['a.yaml', `first: line\n${long}\nlast\n`]]));
  const lines = text.split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120);
  const caret = lines.find((line) => line.endsWith('^'))!.indexOf('^');
  const shown = lines.find((line) => line.includes('here'))!;
  expect(shown.slice(caret)).toBe('here: x}');
  expect(shown).toContain('| …');
  const start = formatProblems([{ ...problem, column: 2 }], new Map([['a.yaml', `first: line\n${long}\n`]]));
  expect(start).toMatch(/\{a: 1, .*…$/m);
});

test('the lines around a long one are shown from their beginning', () => {
  const long = `{${'a: 1, '.repeat(1000)}here: x}`;
  const problem = { ...PROBLEM, line: 2, column: long.indexOf('here') + 1 };
  const text = formatProblems(
    [problem],
    new Map([['a.yaml', `first: line\n${long}\nlast: ${'y'.repeat(200)}\n`]]),
  );
  expect(text).toMatch(/1 \| first: line$/m);
  expect(text).toMatch(/3 \| last: y+…$/m);
});

test('without the text there is no frame, without problems no output', () => {
  expect(formatProblems([PROBLEM], new Map())).not.toContain('|');
  expect(formatProblems([], new Map())).toBe('');
});
