import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function validateCommand(finish: Finish): Command {
  return new Command('validate')
    .description('check files without running: all mistakes at once')
    .argument('<file...>', 'files of any kind, manifests too')
    .action(async (files: string[]) => {
      const { validate } = await import('../validate.ts');
      finish(validate(files));
    });
}
