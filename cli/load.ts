/** Scenario files into plans; every mistake in them told at once, and nothing run. */
import { formatProblems, type Sources } from '../scenarios/errors/format.ts';
import type { Problem } from '../scenarios/errors/problem.ts';
import { diskReader } from '../scenarios/files.ts';
import { type FleetFile, loadFleetFile } from '../scenarios/fleet-file.ts';
import { type LoadedScenario, loadScenarios } from '../scenarios/load.ts';
import { say, wantsColor } from './terminal.ts';

/** @returns the scenarios, or undefined after telling what is wrong with the files. */
export function load(
  files: readonly string[],
  options: { readonly seed?: number | undefined; readonly set?: readonly string[] | undefined },
): readonly LoadedScenario[] | undefined {
  const { seed, set } = options;
  const { scenarios, problems, sources } = loadScenarios(files, { reader: diskReader, seed, set });
  if (problems.length === 0) return scenarios;
  tell(problems, sources);
  return undefined;
}

/** @returns the one fleet of a file, or undefined after telling what is wrong with it. */
export function loadFleet(
  file: string,
  options: { readonly seed?: number | undefined; readonly set?: readonly string[] | undefined },
): FleetFile | undefined {
  const { seed, set } = options;
  const { fleet, problems, sources } = loadFleetFile(file, { reader: diskReader, seed, set });
  if (fleet === undefined) tell(problems, sources);
  return fleet;
}

export function tell(problems: readonly Problem[], sources: Sources): void {
  say(formatProblems(problems, sources, { color: wantsColor(process.stderr) }));
}
