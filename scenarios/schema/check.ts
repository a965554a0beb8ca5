/** Checks a document against a schema and turns zod's issues into problems at their places. */
import type { z } from 'zod';
import type { ProblemCode } from '../errors/codes.ts';
import { didYouMean, listed, nearest } from '../errors/suggest.ts';
import type { Cursor } from '../source/cursor.ts';
import { describe, type Located, plain } from '../source/located.ts';
import { corrected, QUANTITIES } from './corrected.ts';
import { type Flaw, flatten, type Issue, mend } from './mend.ts';
import { type OwnProblem, type ReadAs, readAs } from './values.ts';
import { alternatives, knownKeys, type Schema, schemaAt, typeOf } from './walk.ts';

/** A checked document: its typed value, and the paths (dotted, from the root) that had to be mended to get one. */
export interface Checked<T> {
  readonly value: T;
  readonly mended: ReadonlySet<string>;
}

/** @returns the typed value with its defaults, or undefined after reporting every mistake. */
export function check<S extends z.ZodType>(schema: S, cursor: Cursor): z.output<S> | undefined {
  const checked = checkAndMend(schema, cursor);
  return checked?.mended.size === 0 ? checked.value : undefined;
}

/**
 * Checks and reports like `check`, then mends what is wrong (unknown keys dropped, bad values replaced by harmless ones), so
 * that checks of meaning can go on and every mistake of a file is found in one go. The value must not be run once mended.
 * @returns undefined when the document is beyond mending.
 */
export function checkAndMend<S extends z.ZodType>(
  schema: S,
  cursor: Cursor,
): Checked<z.output<S>> | undefined {
  const data = cursor.node === undefined ? undefined : plain(cursor.node);
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, mended: new Set() };
  const flaws = flatten(result.error.issues);
  for (const flaw of flaws) translate(flaw, schema, cursor);
  return mend(schema, data, flaws);
}

function translate({ issue, path }: Flaw, schema: Schema, root: Cursor): void {
  const place = root.to(...path);
  const at = schemaAt(schema, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportUnknown(place, key, at);
  } else {
    reportValue(issue, place, at);
  }
}

function reportUnknown(parent: Cursor, key: string, schema: Schema | undefined): void {
  const keys = knownKeys(schema);
  const hint = didYouMean(key, keys) || belongsInto(parent, key, schema);
  parent
    .to(key)
    .reportKey('unknown-key', { found: `unknown key "${key}"`, expected: listed(keys, 30), hint });
}

/** A key that was written one level too high: one of the keys beside it knows it. */
function belongsInto({ node }: Cursor, key: string, schema: Schema | undefined): string {
  if (schema === undefined || node?.type !== 'map') return '';
  const beside = [...node.entries.keys()].find((other) => knownKeys(schemaAt(schema, [other])).includes(key));
  return beside === undefined ? '' : `${key} belongs into ${beside}`;
}

function reportValue(issue: Issue, place: Cursor, at: Schema | undefined): void {
  const as = readAs(at);
  const found = describe(place.node);
  if (issue.code === 'custom') {
    const { problem, expected, hint } = (issue.params ?? {}) as Partial<OwnProblem>;
    place.report(problem ?? 'invalid-value', {
      found,
      expected: expected ?? EXPECTED_CUSTOM[problem ?? ''] ?? '',
      hint: place.node?.type === 'scalar' ? (hint?.(place.node.source) ?? '') : '',
    });
  } else if (place.node === undefined) {
    const key = String(place.keys.at(-1) ?? '');
    place.report('missing-key', { found: `no "${key}"`, expected: `${key}: ${expectation(at)}` });
  } else if (as !== undefined) {
    reportText(as, place, found);
  } else if (issue.code === 'invalid_value') {
    reportChoice(issue.values.map(String), place);
  } else if (issue.code === 'too_small' || issue.code === 'too_big' || issue.code === 'not_multiple_of') {
    place.report('out-of-range', { found: foundSize(place.node, found), expected: range(issue, place.node) });
  } else if (issue.code === 'invalid_type' && issue.expected === 'int') {
    place.report('out-of-range', { found, expected: 'a whole number' });
  } else {
    reportType(place, at);
  }
}

const EXPECTED_CUSTOM: Readonly<Record<string, string>> = { 'zero-duration': 'a duration longer than zero' };

function foundSize(node: Located | undefined, found: string): string {
  if (node?.type === 'list') return `a list of ${node.items.length}`;
  return found;
}

function range(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig | Issue,
  node: Located | undefined,
): string {
  const unit =
    node?.type === 'list'
      ? ' elements'
      : node?.type === 'scalar' && typeof node.value === 'string'
        ? ' letters'
        : '';
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`;
  if (issue.code === 'too_big')
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
  return 'another number';
}

function reportChoice(values: readonly string[], place: Cursor): void {
  const word = place.node?.type === 'scalar' ? place.node.source : '';
  const same = nearest(word, values);
  const hint = same === undefined ? '' : `did you mean "${same}"?`;
  place.report('invalid-value', { found: describe(place.node), expected: listed(values, 30), hint });
}

function reportType(place: Cursor, at: Schema | undefined): void {
  const node = place.node;
  const grammar =
    at === undefined
      ? undefined
      : alternatives(at)
          .map(readAs)
          .find((as) => as !== undefined);
  // A text where a number, or a text with a grammar of its own, may stand is meant as the latter.
  if (grammar !== undefined && node?.type === 'scalar' && typeof node.value === 'string') {
    reportText(grammar, place, describe(node));
    return;
  }
  const wantsText =
    at !== undefined && alternatives(at).some((one) => ['string', 'enum'].includes(typeOf(one)));
  const quote = wantsText && node?.type === 'scalar' && node.value !== null;
  const hint = quote ? `put it in quotes: "${node.source}"` : '';
  place.report('wrong-type', { found: describe(node), expected: expectation(at), hint });
}

const QUANTITY = {
  code: 'bad-quantity',
  expected: 'a quantity such as 500m, 16, 2Gi or 65328868Ki, not negative',
} as const;

const TEXTS: Readonly<Record<ReadAs, { code: ProblemCode; expected: string }>> = {
  duration: { code: 'bad-duration', expected: 'a duration such as 90s, 1h30m, 2d or PT5M' },
  quantity: QUANTITY,
  cores: QUANTITY,
  memory: QUANTITY,
  percentage: { code: 'bad-percentage', expected: 'a percentage from 0% to 100%' },
  name: {
    code: 'bad-name',
    expected: 'a name of lower-case letters, digits, "-" and ".", at most 63 characters',
  },
  version: { code: 'invalid-value', expected: 'a version such as "4.20" or "4.20.3"' },
  statistic: { code: 'invalid-value', expected: 'min, max, mean or p1 to p99' },
};

/** Texts with a grammar of their own: durations, quantities, names. */
function reportText(as: ReadAs, place: Cursor, found: string): void {
  const node = place.node;
  const { code, expected } = TEXTS[as];
  if (node?.type !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
    place.report('wrong-type', { found, expected });
  } else if (as === 'duration' && /^[0-9.]+$/.test(node.source)) {
    const hint = `say which unit: ${node.source}s, ${node.source}m, ${node.source}h or ${node.source}d`;
    place.report('bare-duration', { found, expected, hint });
  } else if (as === 'duration' && node.source.startsWith('-')) {
    place.report(code, { found, expected, hint: 'durations are never negative' });
  } else if (typeof node.value === 'number' && as === 'percentage') {
    place.report('wrong-type', { found, expected, hint: corrected(as, node.source) });
  } else if (typeof node.value === 'number' && !QUANTITIES.has(as) && as !== 'statistic') {
    place.report('wrong-type', { found, expected, hint: `put it in quotes: "${node.source}"` });
  } else {
    place.report(code, { found, expected, hint: corrected(as, node.source) });
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map of texts',
  array: 'a list',
  enum: 'one of its words',
  literal: 'its word',
};

/** What a place takes, in a few words. */
function expectation(at: Schema | undefined): string {
  if (at === undefined) return 'something else';
  const as = readAs(at);
  if (as !== undefined) return TEXTS[as].expected;
  const names = alternatives(at).map((one) => choices(one) ?? TYPE_NAMES[typeOf(one)] ?? typeOf(one));
  return [...new Set(names)].join(' or ');
}

function choices(schema: Schema): string | undefined {
  const def = schema._zod.def as { type: string; entries?: Record<string, string>; values?: unknown[] };
  if (def.type === 'enum' && def.entries !== undefined) return listed(Object.values(def.entries), 30);
  if (def.type === 'literal' && def.values !== undefined) return def.values.map(String).join(', ');
  return undefined;
}
