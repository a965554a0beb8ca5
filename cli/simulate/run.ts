/** The main job: scenario files in; results, verdicts and a report out. */
import type { LoadedScenario } from '../../scenarios/load.ts';
import { assumptions } from '../assumptions.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { checkDistinct, checkWritable, writeWhole } from '../files.ts';
import { load } from '../load.ts';
import { FORMATS } from '../render.ts';
import { put, say } from '../terminal.ts';
import { documentOf, exitOf } from './document.ts';
import type { Job } from './messages.ts';
import { replayCommand } from './replay-command.ts';
import { simulate } from './simulate.ts';

export interface RunOptions {
  readonly seed?: number;
  readonly replications?: number;
  readonly set?: readonly string[];
  readonly output: string;
  readonly report?: string;
  readonly trace?: string;
}

/**
 * Runs every scenario of the files. Nothing is run, and no file touched, when any of them is invalid or an output could not
 * be written.
 */
export async function run(files: readonly string[], options: RunOptions): Promise<ExitCode> {
  const loaded = load(files, options);
  if (!loaded) return EXIT.usage;
  const { scenarios, inputs } = loaded;
  checkDistinct({ '--report': options.report, '--trace': options.trace }, inputs);
  for (const path of [options.report, options.trace]) if (path !== undefined) checkWritable(path);
  const jobs = scenarios.map((scenario) => jobOf(scenario, options));
  const simulated = await simulate(jobs, options.trace, (job, replication) =>
    replayCommand(scenarios[job]!, replication, options.set ?? []),
  );
  const document = documentOf(scenarios, simulated, true);
  if (options.report !== undefined) {
    const { renderHtml } = await import('../../reports/html.ts');
    const assumed = assumptions(scenarios.map(({ plan }) => plan.parameters));
    writeWhole(options.report, await renderHtml(document, { assumptions: assumed }));
    say(`report: ${options.report}`);
  }
  put(await FORMATS[options.output]!(document));
  return simulated.interrupted ?? exitOf(document);
}

function jobOf({ plan, replications }: LoadedScenario, options: RunOptions): Job {
  return { plan, replications: options.replications ?? replications, firstReplication: 0, until: undefined };
}
