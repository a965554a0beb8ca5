/** The engine as a contestant of the hold model, in a process of its own and with the peers' protocol (peers.ts). */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { allocatedBytes } from './allocated.ts';
import { HoldModel } from './hold-model.ts';

/** Stretches in which a round is run, to look at the heap in between. */
const STRETCHES = 20;

/** Answers each line that holds an instant by `nanoseconds events bytes`; looking at the heap is not timed. */
export async function holdPeer(incrementsFile: string, pending: number): Promise<void> {
  const increments = Float64Array.from(readFileSync(incrementsFile, 'ascii').trim().split('\n'), Number);
  const model = new HoldModel(pending, increments);
  for await (const line of createInterface({ input: process.stdin })) {
    const events = model.sim.events;
    const begin = model.sim.now;
    let stretch = 0;
    let milliseconds = 0;
    const bytes = allocatedBytes(STRETCHES, () => {
      const until = begin + Math.round(((Number(line) - begin) * ++stretch) / STRETCHES);
      const from = performance.now();
      model.runTo(until);
      milliseconds += performance.now() - from;
    });
    process.stdout.write(`${Math.round(milliseconds * 1e6)} ${model.sim.events - events} ${bytes}\n`);
  }
}
