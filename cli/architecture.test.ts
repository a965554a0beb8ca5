/** The house rules that a compiler does not know: which folder may import which, and who may touch the outside world. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const ALL = ['sim', 'models', 'scenarios', 'reports'];

/** What each folder may import besides itself: whole folders, or single files. Nobody imports cli or bench. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  sim: [],
  models: ['sim'],
  scenarios: ['sim', 'models'],
  reports: [
    'sim/result.ts',
    'sim/matrix-result.ts',
    'sim/verification-result.ts',
    'sim/time.ts',
    'sim/duration.ts',
  ],
  cli: [...ALL, 'package.json'],
  bench: [...ALL, 'package.json'],
};

/** Where file system, clock, argv and environment may be touched. */
const OUTSIDE = /^(cli|bench)\/|^scenarios\/files\.ts$/;
const AMBIENT = ['Date', 'performance', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'crypto'];

interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

function sources(): Source[] {
  return Object.keys(MAY_IMPORT).flatMap((folder) => {
    if (!existsSync(join(ROOT, folder))) return [];
    return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => relative(ROOT, join(ROOT, folder, name)).replaceAll('\\', '/'))
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
  });
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const folderOf = (path: string): string => path.slice(0, path.indexOf('/'));

/** `file imports other`, for every import that goes the wrong way. */
function wrongImports({ path, text }: Source): string[] {
  const folder = folderOf(path);
  // A test may compare what its folder produces with what a report makes of it.
  const allowed = [folder, ...(MAY_IMPORT[folder] ?? []), ...(isTest(path) ? ['reports'] : [])];
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) {
      const outside = fileName.startsWith('node:') && !OUTSIDE.test(path) && !isTest(path);
      return outside ? [`${path} imports ${fileName}`] : [];
    }
    const target = posix.join(posix.dirname(path), fileName);
    const fine = allowed.some((place) => target === place || target.startsWith(`${place}/`));
    return fine ? [] : [`${path} imports ${target}`];
  });
}

/** `file:line uses X`, for every use of what would make results depend on where and when they were computed. */
function wrongUses({ path, text }: Source): string[] {
  if (isTest(path) || OUTSIDE.test(path)) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, what: string) =>
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} uses ${what}`);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && AMBIENT.includes(node.text) && isGlobalUse(node) && !isCalendar(node))
      report(node, node.text);
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') report(node, 'Math.random');
    if (/^(sim|models)\//.test(path) && isBareSort(node)) report(node, 'sort without a comparator');
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** A date that is made of what is given reads no clock. */
function isCalendar({ text, parent }: ts.Identifier): boolean {
  if (text !== 'Date') return false;
  if (ts.isNewExpression(parent)) return (parent.arguments?.length ?? 0) > 0;
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'UTC';
}

function isGlobalUse(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  const named = ['name', 'propertyName'].some(
    (role) => (parent as unknown as Record<string, unknown>)[role] === name,
  );
  return !named;
}

function isBareSort(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const method = node.expression.name.text;
  if (method !== 'sort' && method !== 'toSorted') return false;
  return node.arguments.length === 0;
}

test('imports run one way: sim <- models <- scenarios <- cli, reports -> results, nobody -> cli or bench', () => {
  expect(sources().flatMap(wrongImports)).toEqual([]);
});

test('only the command line, the benchmarks and the file reader touch the outside world', () => {
  expect(sources().flatMap(wrongUses)).toEqual([]);
});

test('every folder of the house has a README', () => {
  const folders = new Set(sources().map(({ path }) => folderOf(path)));
  expect([...folders].filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
});

test('all folders are looked at', () => {
  const folders = new Set(sources().map(({ path }) => folderOf(path)));
  for (const folder of ['sim', 'models', 'scenarios', 'reports', 'cli']) expect(folders).toContain(folder);
});

test.each([
  ['sim/a.ts', "import { x } from '../models/x.ts';", 'sim/a.ts imports models/x.ts'],
  ['models/b/a.ts', "export * from '../../scenarios/x.ts';", 'models/b/a.ts imports scenarios/x.ts'],
  [
    'reports/a.ts',
    "import type { X } from '../sim/queue/queue.ts';",
    'reports/a.ts imports sim/queue/queue.ts',
  ],
  ['scenarios/a.ts', "const x = await import('../cli/x.ts');", 'scenarios/a.ts imports cli/x.ts'],
  ['bench/a.ts', "import '../cli/x.ts';", 'bench/a.ts imports cli/x.ts'],
  ['scenarios/a.ts', "import { readFileSync } from 'node:fs';", 'scenarios/a.ts imports node:fs'],
  ['sim/a.test.ts', "import { x } from '../cli/x.ts';", 'sim/a.test.ts imports cli/x.ts'],
])('in %s, %s is found', (path, text, finding) => {
  expect(wrongImports({ path, text })).toEqual([finding]);
});

test.each([
  ['sim/a.ts', 'const x = Math.random();', 'Math.random'],
  ['models/a.ts', 'const x = Date.now();', 'Date'],
  ['reports/a.ts', 'const x = new Date();', 'Date'],
  ['scenarios/a.ts', 'const x = process.env.HOME;', 'process'],
  ['sim/a.ts', 'setTimeout(() => {}, 1);', 'setTimeout'],
  ['models/a.ts', 'names.sort();', 'sort without a comparator'],
])('in %s, %s is found', (path, text, what) => {
  expect(wrongUses({ path, text })).toEqual([`${path}:1 uses ${what}`]);
});

test('what only looks alike is not found', () => {
  const text =
    'names.sort((a, b) => a - b); const o = { process: 1 }; o.process; new Date(0); Date.UTC(2026, 0); class Process {} // Date';
  expect(wrongUses({ path: 'sim/a.ts', text })).toEqual([]);
  expect(wrongUses({ path: 'scenarios/files.ts', text: 'process.cwd();' })).toEqual([]);
});
