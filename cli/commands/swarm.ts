import { Command, InvalidArgumentError, Option } from 'commander';
import type { Finish } from '../exit.ts';
import { seedOption } from '../options.ts';
import type { SwarmOptions } from '../swarm.ts';

/** @throws InvalidArgumentError */
function readNumbers(text: string): number[] {
  if (text === 'none') return [];
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('It must be numbers such as 0,3, or none.');
  return text.split(',').map(Number);
}

/** @throws InvalidArgumentError */
function readCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

/** For those who work on hcpsim itself: not shown by --help. */
export function swarmCommand(finish: Finish): Command {
  return new Command('swarm')
    .description('random fleets under random faults, looked at for what must not be')
    .addOption(seedOption().default(0))
    .addOption(
      new Option('--count <number>', 'how many seeds to try, from --seed on').argParser(readCount).default(1),
    )
    .addOption(
      new Option('--faults <numbers>', 'play only these of the faults that the seed draws').argParser(
        readNumbers,
      ),
    )
    .action(async (options: SwarmOptions) => {
      const { swarm } = await import('../swarm.ts');
      finish(swarm(options));
    });
}
