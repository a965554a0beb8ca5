/** The overrides of model parameters, derived from the table in models/parameters.ts: nothing is written twice. */
import { z } from 'zod';
import { PARAMETERS, type Parameter, type ParameterOverrides } from '../../models/parameters.ts';
import { formatDuration } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { duration, type OwnProblem, READ_AS, readDuration } from './values.ts';

/** The largest count: far beyond any sensible one, and within the 32-bit columns of the models. */
const MOST = 1_000_000_000;

type Group = Readonly<Record<string, Parameter>>;
const TABLE: Readonly<Record<string, Group>> = PARAMETERS;

function describeParameter(parameter: Parameter): string {
  const { kind } = parameter;
  const shown = (value: number) => (kind === 'duration' ? formatDuration(value as Micros) : String(value));
  const unit = { duration: 'a duration', count: 'a whole number', rate: 'per second', ratio: '0 to 1' }[kind];
  const least = parameter.min > 0 ? `, at least ${shown(parameter.min)}` : '';
  return `${parameter.doc} Unit: ${unit}${least}. Default ${shown(parameter.default)}. Source: ${parameter.source}.`;
}

function parameterSchema(parameter: Parameter): z.ZodType {
  const description = describeParameter(parameter);
  if (parameter.kind === 'duration') return durationAtLeast(parameter.min, description);
  if (parameter.kind === 'count') return z.number().int().min(parameter.min).max(MOST).describe(description);
  const number = z.number().min(parameter.min).describe(description);
  return parameter.kind === 'ratio' ? number.max(1).describe(description) : number;
}

function durationAtLeast(min: number, description: string): z.ZodType {
  if (min === 0) return duration(description);
  const params: OwnProblem = {
    problem: 'out-of-range',
    expected: `at least ${formatDuration(min as Micros)}`,
  };
  const plain = duration(description);
  const schema = plain
    .refine((written) => !plain.safeParse(written).success || readDuration(written) >= min, {
      params,
    })
    .describe(description);
  READ_AS.add(schema, { as: 'duration' });
  return schema;
}

function groupSchema(group: string, members: Group): z.ZodType {
  const shape = Object.entries(members).map(([name, p]) => [name, parameterSchema(p).optional()] as const);
  return z.strictObject(Object.fromEntries(shape)).describe(`Parameters of ${group}.`);
}

export const parameters = z
  .strictObject(
    Object.fromEntries(
      Object.entries(TABLE).map(([group, members]) => [group, groupSchema(group, members).optional()]),
    ),
  )
  .describe('Numbers of the models, by group, that differ from their defaults.');

/** Overrides as the models take them: durations in microseconds, the rest as written. */
export function readParameters(written: z.output<typeof parameters> | undefined): ParameterOverrides {
  const groups = Object.entries(
    (written ?? {}) as Record<string, Record<string, string | number> | undefined>,
  );
  const read = groups.map(([group, members]) => [
    group,
    Object.fromEntries(
      Object.entries(members ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? readDuration(value) : value,
      ]),
    ),
  ]);
  return Object.fromEntries(read) as ParameterOverrides;
}
