import { Command, InvalidArgumentError, Option } from 'commander';
import { HOUR } from '../../sim/time.ts';
import type { Finish } from '../exit.ts';
import type { MatrixCommandOptions } from '../matrix/matrix.ts';
import { readDuration, seedOption, setOption } from '../options.ts';

export function matrixCommand(finish: Finish): Command {
  return new Command('matrix')
    .description('the failure matrix of a fleet: what every single failure of it does, and for how long')
    .argument(
      '<fleet...>',
      'a Fleet, a Scenario (its fleet is taken), or manifests, in as many files as there are',
    )
    .addOption(depthOption())
    .addOption(statesOption())
    .addOption(forOption())
    .addOption(watchOption())
    .addOption(seedOption())
    .addOption(setOption())
    .addOption(formatOption())
    .addHelpText('after', NOTES)
    .action(async (files: readonly string[], options: MatrixCommandOptions) => {
      const { matrix } = await import('../matrix/matrix.ts');
      finish(await matrix(files, options));
    });
}

const STATES = ['steady', 'zone-down', 'upgrade'] as const;
export type State = (typeof STATES)[number];

const depthOption = () =>
  new Option('--depth <number>', '2 tries pairs of failures that are harmless alone, too')
    .argParser((text): 1 | 2 => {
      if (text !== '1' && text !== '2') throw new InvalidArgumentError('It must be 1 or 2.');
      return text === '1' ? 1 : 2;
    })
    .default(1);

const statesOption = () =>
  new Option('--state <list>', `what the fleet is in before each failure: ${STATES.join(',')}`)
    .argParser(readStates)
    .default(['steady'], 'steady');

function readStates(text: string): readonly State[] {
  const names = text.split(',').map((name) => name.trim());
  const known = (name: string): name is State => (STATES as readonly string[]).includes(name);
  if (!names.every(known)) throw new InvalidArgumentError(`It must be a list of ${STATES.join(', ')}.`);
  return [...new Set(names)];
}

const forOption = () =>
  new Option('--for <duration>', 'how long each failure lasts').argParser(readDuration).default(HOUR, '1h');

const watchOption = () =>
  new Option(
    '--watch <duration>',
    'how long the fleet is watched after the failure has ended, to see it heal',
  )
    .argParser(readDuration)
    .default(HOUR, '1h');

const formatOption = () =>
  new Option('-o, --output <format>', 'what goes to stdout')
    .choices(['text', 'json', 'csv', 'markdown'])
    .default('text');

const NOTES = `
Every node, rack, zone, management control plane, and etcd member fails by itself, from one snapshot of the fleet at rest
(zone-down: with its first zone lost; upgrade: four minutes after its hosted clusters were sent to the next patch, while their kube-apiservers are being
replaced; of more than 100 hosted clusters a wave, with one of each kind, that stands on every node). Overrides are relative to the fleet: --set hostedClusters.0.count=10.

Exit codes: 0 done, 2 wrong usage or invalid file (nothing was run), 70 a defect of hcpsim, 130 interrupted.`;
