import { Command, Option } from 'commander';
import type { Finish } from '../exit.ts';

export function verifyCommand(finish: Finish): Command {
  return new Command('verify')
    .description('the validation book: figures of others beside what comes out here')
    .addOption(
      new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
    )
    .addHelpText(
      'after',
      '\nExit code 3 when a figure that is simulated differs; what is not simulated is printed as open.',
    )
    .action(async ({ output }: { output: 'text' | 'json' }) => {
      const { printBook } = await import('../verify.ts');
      finish(printBook(output));
    });
}
