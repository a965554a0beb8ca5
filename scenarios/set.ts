/** Overrides from the command line, `path=value`: laid over a document before it is checked, read by the type of the schema. */
import { parse as parseYaml } from 'yaml';
import { Problems } from './errors/problem.ts';
import { didYouMean, listed } from './errors/suggest.ts';
import { alternatives, knownKeys, type Schema, schemaBelow, typeOf } from './schema/walk.ts';
import type { Entry, Located, LocatedMap, PathKey } from './source/located.ts';

/** Under which name problems speak of overrides; the overrides, one per line, are its text. */
export const SET_SOURCE = '--set';

export interface Override {
  readonly path: readonly string[];
  readonly text: string;
  /** Line in the text of all overrides, from 1. */
  readonly line: number;
  /** Column of the value, from 1. */
  readonly column: number;
}

/** Reads `path=value`; list elements as `events.0` or `events[0]`. */
export function readOverrides(written: readonly string[], problems: Problems): readonly Override[] {
  return written.flatMap((one, index) => {
    const equals = one.indexOf('=');
    const path = one
      .slice(0, equals)
      .trim()
      .replaceAll(/\[([0-9]+)\]/g, '.$1')
      .split('.');
    if (equals > 0 && !path.includes('')) {
      return [{ path, text: one.slice(equals + 1), line: index + 1, column: equals + 2 }];
    }
    const at = { file: SET_SOURCE, line: index + 1, column: 1 };
    problems.report('bad-set', at, '', {
      found: `"${one}"`,
      expected: 'path=value, such as duration=48h or events.0.at=1h',
    });
    return [];
  });
}

/** The paths, from the root of the document, that overrides go to; those that cannot be read are left out. */
export function overriddenPaths(written: readonly string[]): readonly string[] {
  return readOverrides(written, new Problems()).map(({ path }) => fromRoot(path).join('.'));
}

const TOP_KEYS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'extends', 'spec'];

/** The path from the root of the document: `duration` is short for `spec.duration`. */
export function fromRoot(path: readonly string[]): readonly string[] {
  return TOP_KEYS.includes(path[0] ?? '') ? path : ['spec', ...path];
}

/** The document with one override laid over it; unchanged after reporting a path that leads nowhere. */
export function override(
  root: Located,
  schema: Schema,
  { path, ...one }: Override,
  problems: Problems,
): Located {
  return place(root, schema, fromRoot(path), { ...one, path }, problems, []);
}

function place(
  node: Located | undefined,
  schema: Schema,
  path: readonly string[],
  one: Override,
  problems: Problems,
  above: readonly PathKey[],
): Located {
  const at = { file: SET_SOURCE, line: one.line, column: one.column };
  const [key, ...rest] = path;
  if (key === undefined) return typed(one.text, schema, at);
  const below = schemaBelow(schema, key);
  const lost = below === undefined || (node?.type === 'list' && node.items[Number(key)] === undefined);
  const base: Located = node ?? { type: 'map', at, entries: new Map() };
  if (lost || base.type === 'scalar') {
    reportLost(key, base, schema, one, problems, above);
    return base;
  }
  const child = base.type === 'list' ? base.items[Number(key)] : base.entries.get(key)?.value;
  const value = place(child, below, rest, one, problems, [...above, key]);
  if (base.type === 'list')
    return { ...base, items: base.items.map((item, i) => (i === Number(key) ? value : item)) };
  const entries = new Map<string, Entry>(base.entries);
  return {
    ...base,
    entries: entries.set(key, { at: base.entries.get(key)?.at ?? at, value }),
  } satisfies LocatedMap;
}

function reportLost(
  key: string,
  base: Located,
  schema: Schema,
  one: Override,
  problems: Problems,
  above: readonly PathKey[],
): void {
  const at = { file: SET_SOURCE, line: one.line, column: 1 };
  const where = above.join('.');
  const keys = knownKeys(schema);
  const expected =
    base.type === 'list'
      ? base.items.length === 0
        ? `nothing below ${where}: the list is empty`
        : `an index from 0 to ${base.items.length - 1}`
      : base.type === 'scalar'
        ? `nothing below ${where}: it is a single value`
        : listed(keys, 30);
  const hint = base.type === 'map' ? didYouMean(key, keys) : '';
  problems.report('unknown-set-path', at, one.path.join('.'), {
    found: `no "${key}" in ${where || 'the document'}`,
    expected,
    hint,
  });
}

type Place = { readonly file: string; readonly line: number; readonly column: number };

/** The text as the schema takes it; left a text when it does not fit, for the check to report. */
function typed(text: string, schema: Schema, at: Place): Located {
  const types = new Set(alternatives(schema).map(typeOf));
  const structured = ['array', 'object', 'record'].some((type) => types.has(type));
  if (structured && (/^\s*[[{]/.test(text) || !types.has('string'))) return structure(text, at);
  if (types.has('number') && text.trim() !== '' && Number.isFinite(Number(text)))
    return located(Number(text), text, at);
  if (types.has('boolean') && (text === 'true' || text === 'false'))
    return located(text === 'true', text, at);
  return located(text, text, at);
}

function structure(text: string, at: Place): Located {
  try {
    return locatedTree(parseYaml(text, { maxAliasCount: 0 }), at);
  } catch {
    return located(text, text, at);
  }
}

function locatedTree(value: unknown, at: Place): Located {
  if (Array.isArray(value)) return { type: 'list', at, items: value.map((item) => locatedTree(item, at)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, { at, value: locatedTree(item, at) }] as const,
    );
    return { type: 'map', at, entries: new Map(entries) };
  }
  const known =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return located(known, String(value ?? ''), at);
}

function located(value: string | number | boolean | null, source: string, at: Place): Located {
  return { type: 'scalar', at, value, source };
}
