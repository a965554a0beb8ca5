import type { LoadedScenario } from '../../scenarios/load.ts';
import { shellWords } from '../failure.ts';

/** The command that runs one replication of a scenario again. */
export function replayCommand(
  { file, plan }: LoadedScenario,
  replication: number | undefined,
  set: readonly string[],
): string {
  const words = ['hcpsim', 'replay', file, '--scenario', plan.name, '--seed', String(plan.seed)];
  if (replication !== undefined) words.push('--replication', String(replication));
  for (const override of set) words.push('--set', override);
  return shellWords(words);
}
