import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from './exit.ts';
import { checkWritable, LineFile, writeWhole } from './files.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hcpsim-files-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a file of lines takes its name when it is closed, and holds every line', () => {
  const path = join(directory, 'trace.ndjson');
  const file = new LineFile(path);
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} ü`);
  for (const line of lines) file.write(line);
  expect(existsSync(path)).toBe(false);
  file.close();
  expect(readFileSync(path, 'utf8')).toBe(lines.map((line) => `${line}\n`).join(''));
  expect(readdirSync(directory)).toEqual(['trace.ndjson']);
});

test('a whole file replaces what was there and leaves nothing beside it', () => {
  const path = join(directory, 'report.html');
  writeFileSync(path, 'old');
  writeWhole(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['report.html']);
});

test('a check whether a file can be written creates nothing', () => {
  checkWritable(join(directory, 'report.html'));
  expect(readdirSync(directory)).toEqual([]);
});

test('a missing directory and a directory in the place of the file are errors of usage', () => {
  mkdirSync(join(directory, 'taken'));
  for (const path of [join(directory, 'missing', 'x'), join(directory, 'taken')]) {
    expect(() => checkWritable(path)).toThrow(UsageError);
    expect(() => writeWhole(path, 'x')).toThrow(UsageError);
  }
  expect(readdirSync(directory)).toEqual(['taken']);
});
