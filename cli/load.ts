/** Scenario files into plans; every mistake in them told at once, and nothing run. */
import { formatProblems, type Sources } from '../scenarios/errors/format.ts';
import type { Problem } from '../scenarios/errors/problem.ts';
import { diskReader } from '../scenarios/files.ts';
import { type FleetFile, loadFleetFiles } from '../scenarios/fleet-file.ts';
import { type LoadedScenario, loadScenarios } from '../scenarios/load.ts';
import { overriddenPaths, SET_SOURCE } from '../scenarios/set.ts';
import { UsageError } from './exit.ts';
import { library } from './library.ts';
import { say, wantsColor } from './terminal.ts';

export interface Loaded {
  readonly scenarios: readonly LoadedScenario[];
  /** Every file that was read: those given and those that they name. */
  readonly inputs: readonly string[];
}

interface LoadSettings {
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly set?: readonly string[] | undefined;
}

/**
 * @returns the scenarios, or undefined after telling what is wrong with the files.
 * @throws UsageError when an option and an override say the same thing.
 */
export function load(files: readonly string[], options: LoadSettings): Loaded | undefined {
  refuseGivenTwice(options);
  const { seed, set } = options;
  const { scenarios, problems, notes, sources } = loadScenarios(files, { reader: diskReader, seed, set });
  if (problems.length > 0) {
    tell(problems, sources);
    return undefined;
  }
  for (const note of notes) say(note);
  return { scenarios, inputs: [...sources.keys()].filter((path) => path !== SET_SOURCE) };
}

/** `--seed 7 --set seed=9`: whichever won, the other would be ignored. */
function refuseGivenTwice(options: LoadSettings): void {
  const overridden = overriddenPaths(options.set ?? []);
  for (const key of ['seed', 'replications'] as const) {
    if (options[key] !== undefined && overridden.includes(`spec.${key}`))
      throw new UsageError(`--${key} and --set ${key}=... both given; give one of them`);
  }
}

/** @returns the one fleet of some files, or undefined after telling what is wrong with them. */
export function loadFleet(files: readonly string[], { seed, set }: LoadSettings): FleetFile | undefined {
  const { fleet, problems, sources } = loadFleetFiles(files, { reader: diskReader, seed, set });
  if (fleet === undefined) tell(problems, sources);
  return fleet;
}

export function tell(problems: readonly Problem[], sources: Sources): void {
  const told = problems.map(withLibraryHint);
  say(formatProblems(told, sources, { color: wantsColor(process.stderr) }));
}

/** A file that does not exist may be a scenario of the library by its name. */
function withLibraryHint(problem: Problem): Problem {
  if (problem.code !== 'file-missing' || problem.hint !== '') return problem;
  const name = problem.file.replace(/\.ya?ml$/, '');
  const known = library().find((entry) => entry.name === name);
  return known === undefined ? problem : { ...problem, hint: `${name} of the library is ${known.path}` };
}
