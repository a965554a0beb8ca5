/**
 * The kinds of values that files hold. Each builder makes a zod schema that exports to JSON Schema, and remembers how its
 * text is to be read, so that messages can speak of durations where zod only sees strings.
 */
import { z } from 'zod';
import { DURATION_PATTERN, isTooLong, LONGEST_DURATION, parseDuration } from '../../sim/duration.ts';
import { DAY, type Micros } from '../../sim/time.ts';
import type { ProblemCode } from '../errors/codes.ts';
import { isKnownRelease, KNOWN_RELEASES, meantRelease } from '../read/known-release.ts';
import { PERCENTAGE_PATTERN } from '../read/percentage.ts';
import { parseQuantity, QUANTITY_PATTERN } from '../read/quantity.ts';
import { layers, type Schema } from './walk.ts';

export type ReadAs =
  | 'duration'
  | 'quantity'
  | 'cores'
  | 'memory'
  | 'percentage'
  | 'name'
  | 'version'
  | 'statistic';

/** How the text of a schema is read. */
export const READ_AS = z.registry<{ readonly as: ReadAs }>();

/** What a refinement says of its own problem. */
export interface OwnProblem {
  readonly problem: ProblemCode;
  readonly expected?: string;
  /** How to mend what was written. */
  readonly hint?: (written: string) => string;
}

const NAME_PATTERN = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;
const VERSION_PATTERN = /^[0-9]+\.[0-9]+(\.[0-9]+)?(-[0-9A-Za-z.-]+)?$/;

/** How the text at a schema is read, whatever it is wrapped in; undefined for texts without a grammar. */
export function readAs(schema: Schema | undefined): ReadAs | undefined {
  if (schema === undefined) return undefined;
  for (const layer of layers(schema)) {
    const as = READ_AS.get(layer as z.ZodType)?.as;
    if (as !== undefined) return as;
  }
  return undefined;
}

export function text(as: ReadAs, pattern: RegExp, description: string) {
  const schema = z.string().regex(pattern).describe(description);
  READ_AS.add(schema, { as });
  return schema;
}

/** What is expected instead of a duration that is too long. */
export const NOT_TOO_LONG = `a duration that is not too long: at most ${LONGEST_DURATION / DAY}d (100 years)`;
const tooLong: OwnProblem = { problem: 'out-of-range', expected: NOT_TOO_LONG };

/** A duration, zero allowed. */
export function duration(description: string) {
  const schema = z
    .string()
    .regex(new RegExp(DURATION_PATTERN))
    .refine((written) => !isTooLong(written), { params: tooLong })
    .describe(description);
  READ_AS.add(schema, { as: 'duration' });
  return schema;
}

/** A duration longer than zero. */
export function positiveDuration(description: string) {
  const params: OwnProblem = { problem: 'zero-duration' };
  const schema = duration(description)
    .refine((written) => parseDuration(written) !== 0, { params })
    .describe(description);
  READ_AS.add(schema, { as: 'duration' });
  return schema;
}

/** The microseconds of a text that a duration schema let through. */
export function readDuration(written: string): Micros {
  const value = parseDuration(written);
  if (value === undefined) throw new Error(`not a duration after validation: ${written}`);
  return value;
}

/** CPU of one machine or pod, in cores: no machine comes near the bound. */
export function cores(description: string) {
  return quantity('cores', '100k', 'at most 100000 (100k) CPU', description);
}

/** Memory of one machine or pod, or the size of a volume: MiB within it fit the 32-bit columns of the models. */
export function memory(description: string) {
  return quantity('memory', '1Pi', 'at most 1Pi', description);
}

/** Pieces, such as pods of a node. */
export function pieces(description: string) {
  return quantity('quantity', '1M', 'at most 1000000 (1M)', description);
}

/** A Kubernetes quantity: text, or a bare number of cores, bytes or pieces. */
function quantity(as: ReadAs, most: string, expected: string, description: string) {
  const params: OwnProblem = { problem: 'out-of-range', expected };
  const bound = parseQuantity(most)!;
  const withinBound = (written: string | number) => {
    const amount = parseQuantity(written);
    // Texts and negative numbers that are no quantity have a problem of their own; other numbers are beyond any exponent.
    if (amount === undefined) return typeof written === 'string' || written < 0;
    return amount <= bound;
  };
  const schema = z
    .union([z.string().regex(new RegExp(QUANTITY_PATTERN)), z.number().min(0)])
    .refine(withinBound, { params })
    .describe(description);
  READ_AS.add(schema, { as });
  return schema;
}

/** A percentage, 0% to 100%. */
export function percentage(description: string) {
  return text('percentage', new RegExp(PERCENTAGE_PATTERN), description);
}

/** A whole number, or a percentage of what is wanted. */
export function countOrShare(description: string) {
  return z.union([z.number().int().min(0).max(1_000_000), percentage(description)]).describe(description);
}

/** A name by the rules of Kubernetes object names. */
export function name(description: string) {
  return text('name', NAME_PATTERN, description);
}

/** A version of anything, `4.20` or `4.20.3`. */
export function version(description: string) {
  return text('version', VERSION_PATTERN, description);
}

const unknownRelease: OwnProblem = {
  problem: 'unknown-release',
  expected: KNOWN_RELEASES,
  hint: meantRelease,
};

/** A version of OpenShift that the table of releases has. */
export function release(description: string) {
  const schema = z
    .string()
    .regex(VERSION_PATTERN)
    .refine(isKnownRelease, { params: unknownRelease })
    .describe(description);
  READ_AS.add(schema, { as: 'version' });
  return schema;
}

/** A whole number in a range. */
export function whole(min: number, description: string, max: number = 1_000_000) {
  return z.number().int().min(min).max(max).describe(description);
}

/** Labels or a selector on labels. */
export function labels(description: string) {
  return z.record(z.string().min(1), z.string()).describe(description);
}

/** One text or a list of them. */
export function oneOrMany(description: string) {
  return z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe(description);
}

/** A list from one or many. */
export function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
