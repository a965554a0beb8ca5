import { describe, expect, test } from 'vitest';
import { PARAMETERS } from '../../models/parameters.ts';
import { EVENT_KIND_NAMES } from '../events/index.ts';
import { jsonSchema, SCHEMA_KINDS } from './json.ts';

type Node = Readonly<Record<string, unknown>>;

/** Every property of a JSON Schema with its path. */
function properties(schema: Node, path = ''): readonly (readonly [string, Node])[] {
  const own = Object.entries((schema.properties ?? {}) as Record<string, Node>).flatMap(([key, value]) => [
    [`${path}.${key}`, value] as const,
    ...properties(value, `${path}.${key}`),
  ]);
  const items = schema.items === undefined ? [] : properties(schema.items as Node, `${path}[]`);
  const options = ((schema.anyOf ?? []) as Node[]).flatMap((one) => properties(one, path));
  return [...own, ...items, ...options];
}

describe('the schema is the reference', () => {
  test.each(SCHEMA_KINDS)('every field of %s is described', (kind) => {
    const all = properties(jsonSchema(kind));
    expect(all.length).toBeGreaterThan(5);
    const silent = all.filter(([, node]) => typeof node.description !== 'string' || node.description === '');
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('unknown keys are refused everywhere', () => {
    const open = properties(jsonSchema('Scenario')).filter(
      ([, node]) => node.properties !== undefined && node.additionalProperties !== false,
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test('it is draft-07 and names every event and parameter', () => {
    const schema = jsonSchema('Scenario');
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const paths = new Set(properties(schema).map(([path]) => path));
    for (const kind of EVENT_KIND_NAMES) expect(paths).toContain(`.spec.events[].${kind}`);
    for (const [group, members] of Object.entries(PARAMETERS)) {
      for (const name of Object.keys(members)) expect(paths).toContain(`.spec.parameters.${group}.${name}`);
    }
  });
});
