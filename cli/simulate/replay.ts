/** One replication again, exactly: same file, seed and replication, same events. */
import type { LoadedScenario } from '../../scenarios/load.ts';
import type { Micros } from '../../sim/time.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { checkWritable } from '../files.ts';
import { load } from '../load.ts';
import { FORMATS } from '../render.ts';
import { put } from '../terminal.ts';
import { documentOf } from './document.ts';
import { replayCommand } from './replay-command.ts';
import { simulate } from './simulate.ts';

export interface ReplayOptions {
  readonly scenario?: string;
  readonly seed?: number;
  readonly replication: number;
  readonly until?: Micros;
  readonly set?: readonly string[];
  readonly output: string;
  readonly trace?: string;
}

/** Prints what happened. Gates are left aside: they judge whole runs over all replications. */
export async function replay(file: string, options: ReplayOptions): Promise<ExitCode> {
  const scenarios = load([file], options);
  if (!scenarios) return EXIT.usage;
  const scenario = theOne(scenarios, file, options.scenario);
  if (options.trace !== undefined) checkWritable(options.trace);
  const { replication, until } = options;
  const job = { plan: scenario.plan, replications: 1, firstReplication: replication, until };
  const simulated = await simulate([job], options.trace, () =>
    replayCommand(scenario, replication, options.set ?? []),
  );
  put(await FORMATS[options.output]!(documentOf([scenario], simulated, false)));
  return simulated.interrupted ?? EXIT.ok;
}

function theOne(
  scenarios: readonly LoadedScenario[],
  file: string,
  name: string | undefined,
): LoadedScenario {
  const names = scenarios.map(({ plan }) => plan.name).join(', ');
  if (name === undefined && scenarios.length > 1)
    throw new UsageError(`${file} holds several scenarios; name one with --scenario: ${names}`);
  const found = scenarios.find(({ plan }) => name === undefined || plan.name === name);
  if (!found) throw new UsageError(`${file} holds no scenario "${name}", only: ${names}`);
  return found;
}
