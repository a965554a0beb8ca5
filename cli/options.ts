/** Readers of option values, and options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../sim/duration.ts';
import type { Micros } from '../sim/time.ts';
import { FORMATS } from './render.ts';

/** The same bounds as in scenario files. */
const MAX_SEED = 4_294_967_295;
const MAX_REPLICATIONS = 1_000_000;

/** A whole number within bounds. @throws InvalidArgumentError */
function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

export const readDuration = (text: string): Micros => {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0)
    throw new InvalidArgumentError('It must be a duration such as 90s, 1h30m, 2d or PT5M.');
  return duration;
};

const gather = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), text];

export const formatOption = () =>
  new Option('-o, --output <format>', 'what goes to stdout').choices(Object.keys(FORMATS)).default('text');

export const setOption = () =>
  new Option(
    '--set <path=value>',
    'override a value of the file, read by its type; may be repeated',
  ).argParser(gather);

export const seedOption = () =>
  new Option('--seed <number>', "seed of the random streams (default: the file's)").argParser(
    whole(0, MAX_SEED),
  );

export const replicationsOption = () =>
  new Option(
    '--replications <number>',
    "independent runs, for means with intervals (default: the file's)",
  ).argParser(whole(1, MAX_REPLICATIONS));

export const replicationOption = () =>
  new Option('--replication <number>', 'which of the replications, counted from 0')
    .argParser(whole(0, MAX_REPLICATIONS))
    .default(0);

export const untilOption = () =>
  new Option('--until <duration>', 'stop at this simulated time').argParser(readDuration);

export const traceOption = () =>
  new Option('--trace <file>', 'write every event and fact to a file, as lines of JSON');

export const reportOption = () => new Option('--report <file>', 'write a page for people, as HTML');
