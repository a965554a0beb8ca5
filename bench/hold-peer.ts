/** The engine as a contestant of the hold model, in a process of its own and with the peers' protocol (peers.ts). */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { HoldModel } from './hold-model.ts';

/** Answers each line that holds an instant by `nanoseconds events bytes`: the third is the growth of the heap in that time. */
export async function holdPeer(incrementsFile: string, pending: number): Promise<void> {
  const increments = Float64Array.from(readFileSync(incrementsFile, 'ascii').trim().split('\n'), Number);
  const model = new HoldModel(pending, increments);
  for await (const line of createInterface({ input: process.stdin })) {
    const events = model.sim.events;
    const bytes = process.memoryUsage().heapUsed;
    const from = process.hrtime.bigint();
    model.runTo(Number(line));
    const spent = process.hrtime.bigint() - from;
    const grown = process.memoryUsage().heapUsed - bytes;
    process.stdout.write(`${spent} ${model.sim.events - events} ${grown}\n`);
  }
}
