import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PARAMETERS, type Parameter } from '../models/parameters.ts';

const sources = readdirSync('models', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'parameters.ts')
  .map((file) => readFileSync(`models/${file}`, 'utf8'))
  .concat(readFileSync('scenarios/fleet/machine.ts', 'utf8'))
  .join('\n');

const all = Object.entries(PARAMETERS).flatMap(([group, members]) =>
  Object.entries(members as Record<string, Parameter>).map(
    ([name, parameter]) => [`${group}.${name}`, name, parameter] as const,
  ),
);

it.each(all)('%s is used by a model, has a meaning and a source', (_, name, parameter) => {
  expect(sources).toMatch(new RegExp(`\\b${name}\\b`));
  expect(parameter.doc).toMatch(/^[A-Z].*\.$/);
  expect(parameter.source).not.toBe('');
  expect(parameter.default).toBeGreaterThanOrEqual(parameter.min);
});
