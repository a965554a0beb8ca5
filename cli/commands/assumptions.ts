import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function assumptionsCommand(finish: Finish): Command {
  return new Command('assumptions')
    .description('the defaults that no public source backs')
    .action(async () => {
      const { printAssumptions } = await import('../assumptions.ts');
      finish(printAssumptions());
    });
}
