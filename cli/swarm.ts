/** Plays cases of the swarm and tells what it found, with the command that shows it again. */
import { recipeText, trySeed } from '../models/swarm/swarm.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { put, say } from './terminal.ts';

export interface SwarmOptions {
  readonly seed: number;
  readonly count: number;
  readonly faults?: readonly number[];
}

export function swarm({ seed, count, faults }: SwarmOptions): ExitCode {
  let found = 0;
  for (let next = seed; next < seed + count; next++) {
    const recipe = trySeed(next, {}, faults);
    if (recipe === undefined) continue;
    found++;
    put(`${recipeText(recipe)}\n\n`);
  }
  say(`${count} ${count === 1 ? 'seed' : 'seeds'} from ${seed} on: ${found} with a finding`);
  return found === 0 ? EXIT.ok : EXIT.defect;
}
