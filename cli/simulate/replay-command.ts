import type { LoadedScenario } from '../../scenarios/load.ts';
import { overriddenPaths } from '../../scenarios/set.ts';
import { shellWords } from '../failure.ts';

/** The command that runs one replication of a scenario again. */
export function replayCommand(
  { file, plan }: LoadedScenario,
  replication: number | undefined,
  set: readonly string[],
): string {
  const words = ['hcpsim', 'replay', file, '--scenario', plan.name, '--seed', String(plan.seed)];
  if (replication !== undefined) words.push('--replication', String(replication));
  // The seed is said already; twice would be refused.
  const others = set.filter((override) => !overriddenPaths([override]).includes('spec.seed'));
  for (const override of others) words.push('--set', override);
  return shellWords(words);
}
