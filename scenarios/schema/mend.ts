/** Makes a flawed document parse, so that one mistake does not hide the next. */
import type { z } from 'zod';
import type { PathKey } from '../source/located.ts';
import type { Checked } from './check.ts';
import { readAs } from './values.ts';
import { alternatives, layers, type Schema, schemaAt, typeOf } from './walk.ts';

export type Issue = z.core.$ZodIssue;

/** One issue of zod with its path from the root, out of whatever union it happened in. */
export interface Flaw {
  readonly issue: Issue;
  readonly path: readonly PathKey[];
}

/** The issues themselves: for a union, those of the branch that was meant, or the union as a whole when none was. */
export function flatten(issues: readonly Issue[], above: readonly PathKey[] = []): readonly Flaw[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...(issue.path as PathKey[])];
    if (issue.code !== 'invalid_union') return [{ issue, path }];
    const meant = likeliest(issue);
    return meant === undefined ? [{ issue, path }] : flatten(meant, path);
  });
}

/** The branch whose own type fits the value. */
function likeliest(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const fits = (branch: readonly Issue[]) =>
    !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type');
  return issue.errors.find(fits);
}

/** Mending one flaw can uncover another (a missing list that then misses an element); this many rounds must do. */
const ROUNDS = 4;

export function mend<S extends z.ZodType>(
  schema: S,
  data: unknown,
  flaws: readonly Flaw[],
): Checked<z.output<S>> | undefined {
  let repaired: unknown = structuredClone(data);
  let left = flaws;
  const mended = new Set<string>();
  const kept: { readonly path: readonly PathKey[]; readonly text: string }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { issue, path } of left) {
      mended.add(path.join('.'));
      const now = valueAt(repaired, path);
      const at = schemaAt(schema, path);
      if (readAs(at) === 'name' && typeof now === 'string') kept.push({ path, text: now });
      repaired =
        issue.code === 'unrecognized_keys'
          ? without(repaired, path, issue.keys)
          : put(repaired, path, substitute(at, now));
    }
    const result = schema.safeParse(repaired);
    if (result.success) return { value: withTexts(result.data, kept) as z.output<S>, mended };
    left = flatten(result.error.issues);
  }
  return undefined;
}

/** A bad name is still the name by which the rest of the file speaks of the thing. */
function withTexts(
  value: unknown,
  kept: readonly { readonly path: readonly PathKey[]; readonly text: string }[],
) {
  return kept.reduce((whole, { path, text }) => put(whole, path, text), value);
}

type Tree = Record<PathKey, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function valueAt(value: unknown, path: readonly PathKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), value);
}

function put(root: unknown, path: readonly PathKey[], value: unknown): unknown {
  if (path.length === 0) return value;
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1)!;
  if (!isTree(parent)) return root;
  if (value === undefined) delete parent[key];
  else parent[key] = value;
  return root;
}

function without(root: unknown, path: readonly PathKey[], keys: readonly string[]): unknown {
  const parent = valueAt(root, path);
  if (isTree(parent)) for (const key of keys) delete parent[key];
  return root;
}

/** A value that the schema takes: as near to what was written as can be, harmless otherwise; undefined to leave it out. */
function substitute(schema: Schema | undefined, written: unknown): unknown {
  if (schema === undefined) return undefined;
  const as = readAs(schema);
  if (as === 'name') return 'x';
  if (as === 'cores') return 16;
  if (as === 'memory') return '64Gi';
  if (typeof written === 'number' && alternatives(schema).some((one) => typeOf(one) === 'number')) return 1;
  const optional = layers(schema).some((layer) =>
    ['optional', 'default', 'prefault', 'nullable'].includes(typeOf(layer)),
  );
  if (optional) return undefined;
  if (as !== undefined)
    return { duration: '1us', quantity: '1', percentage: '50%', version: '4.20', statistic: 'min' }[as];
  return plainest(alternatives(schema)[0]!);
}

function plainest(schema: Schema): unknown {
  const def = schema._zod.def as { entries?: Record<string, string>; values?: readonly unknown[] };
  const type = typeOf(schema);
  if (type === 'array') return [];
  if (type === 'object' || type === 'record') return {};
  if (type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type === 'enum') return Object.values(def.entries ?? {})[0];
  return type === 'literal' ? def.values?.[0] : 'x';
}
