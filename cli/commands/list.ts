import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function listCommand(finish: Finish): Command {
  return new Command('list').description('the scenarios that come with hcpsim').action(async () => {
    const { list } = await import('../library.ts');
    finish(list());
  });
}
