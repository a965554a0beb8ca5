import { Command } from 'commander';
import type { Finish } from '../exit.ts';
import {
  formatOption,
  replicationsOption,
  reportOption,
  seedOption,
  setOption,
  traceOption,
} from '../options.ts';
import type { RunOptions } from '../simulate/run.ts';

export function runCommand(finish: Finish): Command {
  return new Command('run')
    .description('simulate scenarios, print what happened, judge their gates')
    .argument('<file...>', 'scenario files')
    .addOption(seedOption())
    .addOption(replicationsOption())
    .addOption(setOption())
    .addOption(formatOption())
    .addOption(reportOption())
    .addOption(traceOption())
    .addHelpText('after', EXIT_CODES)
    .action(async (files: string[], options: RunOptions) => {
      const { run } = await import('../simulate/run.ts');
      finish(await run(files, options));
    });
}

const EXIT_CODES = `
Exit codes: 0 all gates pass, 2 wrong usage or invalid file (nothing was run), 3 a gate failed,
4 inconclusive, 70 a defect of hcpsim, 130 interrupted.`;
