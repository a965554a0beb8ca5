import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problems } from '../errors/problem.ts';
import { diskReader } from '../files.ts';
import { Lines } from './lines.ts';
import { find, plain } from './located.ts';
import { mergeDocuments } from './merge.ts';
import { resolvePath } from './reader.ts';
import { SourceStore } from './store.ts';
import { readYaml } from './yaml.ts';

const read = (text: string, file = 'f') => readYaml(file, text, new Problems());

describe('sources', () => {
  test.each([
    ['a.yaml', 'b.yaml', 'b.yaml'],
    ['x/a.yaml', 'b.yaml', 'x/b.yaml'],
    ['x/y/a.yaml', '../b.yaml', 'x/b.yaml'],
    ['x/a.yaml', './../b.yaml', 'b.yaml'],
    ['a.yaml', '../b.yaml', '../b.yaml'],
    ['../x/a.yaml', '../../b.yaml', '../../b.yaml'],
    ['/x/a.yaml', '../b.yaml', '/b.yaml'],
    ['/x/a.yaml', '../../../b.yaml', '/b.yaml'],
    ['x/a.yaml', '/b.yaml', '/b.yaml'],
    ['', 'x/b.yaml', 'x/b.yaml'],
  ])('in %s, %s is %s', (file, reference, path) => {
    expect(resolvePath(file, reference)).toBe(path);
  });

  test('every value of a document knows where it stands', () => {
    const [root] = read('# head\na:\n  - b: 1\n    "c d": {e: two}\n');
    expect(find(root, ['a', 0, 'b'])?.at).toEqual({ file: 'f', line: 3, column: 8 });
    expect(find(root, ['a', 0, 'c d', 'e'])?.at).toEqual({ file: 'f', line: 4, column: 16 });
    expect(plain(root!)).toEqual({ a: [{ b: 1, 'c d': { e: 'two' } }] });
  });

  test('a key of the name __proto__ is a key like any other', () => {
    const value = plain(read('{__proto__: {x: 1}}')[0]!) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value.x).toBeUndefined();
  });

  test('merging lays maps over maps and replaces the rest, each value keeping its place', () => {
    const [base] = read('a: {x: 1, y: 2}\nb: [1, 2]\n', 'base');
    const [over] = read('a: {y: 3}\nb: [4]\nc: 5\n', 'over');
    const merged = mergeDocuments(base!, over!);
    expect(plain(merged)).toEqual({ a: { x: 1, y: 3 }, b: [4], c: 5 });
    expect(find(merged, ['a', 'x'])?.at.file).toBe('base');
    expect(find(merged, ['a', 'y'])?.at.file).toBe('over');
  });

  test('merging a document over itself changes nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue()), (value) => {
        const [root] = read(JSON.stringify(value));
        expect(plain(mergeDocuments(root!, root!))).toEqual(plain(root!));
      }),
    );
  });

  test('lines and columns count from 1 and end with the text', () => {
    const lines = new Lines('f', 'ab\n\ncd');
    const at = [0, 2, 3, 4, 6, 99, -1].map((offset) => lines.position(offset));
    expect(at.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:1',
      '1:3',
      '2:1',
      '3:1',
      '3:3',
      '3:3',
      '1:1',
    ]);
  });

  test('the disk tells missing files from directories', () => {
    expect(diskReader.read('no/such/file.yaml')).toMatchObject({ failure: 'missing' });
    expect(diskReader.read('scenarios')).toMatchObject({ failure: 'directory' });
  });

  test('what the disk refuses to read is told in the words of the system', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hcpsim-source-'));
    const loop = join(directory, 'loop.yaml');
    symlinkSync(loop, loop);
    const problems = new Problems();
    expect(new SourceStore(diskReader, problems).documents(loop)).toBeUndefined();
    rmSync(directory, { recursive: true });
    expect(problems.sorted()).toMatchObject([
      { code: 'file-unreadable', found: expect.stringMatching(/loop\.yaml cannot be read: ELOOP: [a-z ]+$/) },
    ]);
  });
});
