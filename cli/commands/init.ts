import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function initCommand(finish: Finish): Command {
  return new Command('init')
    .description('write a first scenario, its fleet and the schema for editors')
    .argument('[dir]', 'where to; created when missing', '.')
    .action(async (directory: string) => {
      const { init } = await import('../init/init.ts');
      finish(init(directory));
    });
}
