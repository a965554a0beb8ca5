import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DefectError, UsageError } from './exit.ts';
import { shellWords, tellFailure } from './failure.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

test('a mistake of the user is told in one line and ends with 2', () => {
  expect(tellFailure(new UsageError('no such kind'), [])).toBe(2);
  expect(said).toBe('error: no such kind\n');
});

test('a defect ends with 70 and tells the command that replays it', () => {
  const replay = 'hcpsim replay a.yaml --seed 1 --replication 7';
  expect(tellFailure(new DefectError('two leaders', replay), ['run', 'a.yaml'])).toBe(70);
  expect(said).toContain('two leaders');
  expect(said).toContain(`to see it again: ${replay}\n`);
});

test('an error that nobody foresaw is a defect, replayed by the same arguments', () => {
  expect(tellFailure(new TypeError('x is undefined'), ['run', 'my file.yaml'])).toBe(70);
  expect(said).toContain('x is undefined');
  expect(said).toContain("to see it again: hcpsim run 'my file.yaml'\n");
});

test('words are quoted for a shell only where they need it', () => {
  expect(shellWords(['a.yaml', 'events.0.at=1h', "it's", '$x', ''])).toBe(
    `a.yaml events.0.at=1h 'it'\\''s' '$x' ''`,
  );
});
