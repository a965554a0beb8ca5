import { expect, test } from 'vitest';
import type { VerificationEntry } from '../sim/verification-result.ts';
import { renderBookJson, renderBookText } from './verification.ts';

const entry = (id: string, verdict: VerificationEntry['verdict']): VerificationEntry => ({
  id,
  what: 'a figure',
  source: 'somebody',
  expected: '545 s',
  simulated: '544.1 s +- 1.0 s (95 %)',
  verdict,
  note: 'a long note '.repeat(20).trim(),
});

test('every figure shows expected beside simulated, its source and its verdict', () => {
  const text = renderBookText([entry('A', 'reproduced'), entry('B', 'differs'), entry('C', 'open')]);
  expect(text).toContain(
    '✔ reproduced  A  a figure\n    expected  545 s\n    simulated 544.1 s +- 1.0 s (95 %)\n    source    somebody',
  );
  expect(text).toContain('✘ differs  B');
  expect(text.trimEnd().split('\n').at(-1)).toBe('3 figures: 1 reproduced, 1 differ, 1 open');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('JSON holds the entries as they are', () => {
  const entries = [entry('A', 'open')];
  expect(JSON.parse(renderBookJson(entries, '1.0.0', '2'))).toEqual({
    schema: 'hcpsim.verification/v1',
    hcpsim: '1.0.0',
    model: '2',
    entries,
  });
});
