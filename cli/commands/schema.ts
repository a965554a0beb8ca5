import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function schemaCommand(finish: Finish): Command {
  return new Command('schema')
    .description('the JSON Schema (draft-07) of a kind, or of all kinds')
    .argument('[kind]', 'Fleet, Scenario or GateSet')
    .action(async (kind: string | undefined) => {
      const { schema } = await import('../schema.ts');
      finish(schema(kind));
    });
}
