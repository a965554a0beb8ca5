/** Defaults without a source: what a reader of results should know was assumed. */

import { PARAMETERS, type Parameter, type ParameterValues } from '../models/parameters.ts';
import { formatDuration } from '../sim/duration.ts';
import type { Micros } from '../sim/time.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { put } from './terminal.ts';

/** All parameters as `group.name`. */
export function parameters(): (readonly [name: string, parameter: Parameter])[] {
  return Object.entries(PARAMETERS).flatMap(([group, members]) =>
    Object.entries(members as Record<string, Parameter>).map(([name, p]) => [`${group}.${name}`, p] as const),
  );
}

/** Its default in words: `10s`, `60 per second`, `0.55`. */
export function defaultText({ kind, default: value }: Parameter): string {
  if (kind === 'duration') return formatDuration(value as Micros);
  return kind === 'rate' ? `${value} per second` : String(value);
}

/**
 * One sentence per assumed default.
 * @param used values of runs: a parameter that all of them override is left out
 */
export function assumptions(used: readonly ParameterValues[] = []): string[] {
  return parameters()
    .filter(([name, parameter]) => {
      const values = used.map((table) => chosenValue(table, name));
      return parameter.source === 'assumed' && (used.length === 0 || values.includes(parameter.default));
    })
    .map(([name, parameter]) => `${name} = ${defaultText(parameter)}: ${parameter.doc}`);
}

function chosenValue(values: ParameterValues, name: string): number | undefined {
  const [group, member] = name.split('.') as [string, string];
  return (values as Readonly<Record<string, Readonly<Record<string, number>>>>)[group]?.[member];
}

export function printAssumptions(): ExitCode {
  put(
    assumptions()
      .map((line) => `${line}\n`)
      .join(''),
  );
  return EXIT.ok;
}
