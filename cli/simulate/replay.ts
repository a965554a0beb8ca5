/** One replication again, exactly: same file, seed and replication, same events. */
import type { LoadedScenario } from '../../scenarios/load.ts';
import { formatSpan } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { checkDistinct, checkWritable } from '../files.ts';
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
  const { seed, set } = options;
  const loaded = load([file], { seed, set });
  if (!loaded) return EXIT.usage;
  const scenario = theOne(loaded.scenarios, file, options.scenario);
  checkDistinct({ '--trace': options.trace }, loaded.inputs);
  const { replication, until } = options;
  checkWithin(scenario, until);
  if (options.trace !== undefined) checkWritable(options.trace);
  const job = { plan: scenario.plan, replications: 1, firstReplication: replication, until };
  const simulated = await simulate([job], options.trace, () =>
    replayCommand(scenario, replication, options.set ?? []),
  );
  put(await FORMATS[options.output]!(documentOf([scenario], simulated, false)));
  return simulated.interrupted ?? EXIT.ok;
}

/** A later end would need another scenario: what happens after its duration is not part of it. */
function checkWithin({ plan }: LoadedScenario, until: Micros | undefined): void {
  if (until === undefined || until <= plan.duration) return;
  throw new UsageError(
    `--until ${formatSpan(until)} is after the end of ${plan.name}, which lasts ${formatSpan(plan.duration)}; ` +
      'to see more, give it a longer duration: --set duration=…',
  );
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
