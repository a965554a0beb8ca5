import { Command } from 'commander';
import type { Finish } from '../exit.ts';
import {
  formatOption,
  replicationOption,
  seedOption,
  setOption,
  traceOption,
  untilOption,
} from '../options.ts';
import type { ReplayOptions } from '../simulate/replay.ts';

export function replayCommand(finish: Finish): Command {
  return new Command('replay')
    .description('one replication again, exactly; shows what happened and judges nothing')
    .argument('<file>', 'scenario file')
    .option('--scenario <name>', 'which scenario, where the file holds several')
    .addOption(seedOption())
    .addOption(replicationOption())
    .addOption(untilOption())
    .addOption(setOption())
    .addOption(formatOption())
    .addOption(traceOption())
    .action(async (file: string, options: ReplayOptions) => {
      const { replay } = await import('../simulate/replay.ts');
      finish(await replay(file, options));
    });
}
