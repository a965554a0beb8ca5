import { expect, test } from 'vitest';
import { type Id, Simulation } from '../sim/index.ts';
import { allocatedBytes } from './allocated.ts';
import { drawnIncrements, HoldModel } from './hold-model.ts';

const STRETCHES = 100;
const EVENTS = 10_000;

/** Bytes per event in the leanest of several rounds: what the engine allocates it allocates in all, what the compiler does passes. */
function bytesPerEvent(runAbout: (events: number) => void): number {
  runAbout(2_000_000);
  const rounds = Array.from({ length: 5 }, () => allocatedBytes(STRETCHES, () => runAbout(EVENTS)));
  const idle = allocatedBytes(STRETCHES, () => {});
  return (Math.min(...rounds) - idle) / (STRETCHES * EVENTS);
}

test.each([1_000, 10_000])('nothing is allocated per event with %d pending', (pending) => {
  const model = new HoldModel(pending, drawnIncrements());
  // One boxed number per event would be 16 bytes, and one object at least as much.
  expect(bytesPerEvent((events) => model.runAbout(events))).toBeLessThan(1);
});

test('an object per event would be noticed', () => {
  const sim = new Simulation({ seed: 1 });
  const things = sim.table<Id<'thing'>>('thing');
  const kept: object[] = [];
  const tick = sim.event(things, 'tick', 'control', (id) => {
    kept[sim.events % 64] = { id };
    sim.after(tick, id, 1);
  });
  sim.after(tick, things.add(), 1);
  const bytes = bytesPerEvent((events) => sim.run((sim.now + events) as typeof sim.now));
  expect(bytes).toBeGreaterThan(16);
});
