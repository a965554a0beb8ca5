/**
 * The hold model on the engine's public surface: a constant number of entities, each with one pending event; the handler draws an
 * increment and schedules the entity's next event that much later, of the next of four kinds.
 */
import { type Id, type Micros, Simulation } from '../sim/index.ts';

type EntityId = Id<'entity'>;

/** How many increments are drawn beforehand; a power of two. */
const DRAWN = 1 << 16;
/** The mean increment, one simulated second. */
export const MEAN = 1_000_000;
/** Where the clock starts, a simulated year on: V8 treats times below 2^31 microseconds better, and those are only 36 minutes. */
export const BEGIN = 31_536_000_000_000;

/** Exponential increments in whole microseconds, by inversion of evenly spread numbers in a scrambled order. */
export function drawnIncrements(): Float64Array {
  // The multiplier is odd, hence coprime to the table's size: every number comes once.
  return Float64Array.from({ length: DRAWN }, (_, i) =>
    Math.round(-MEAN * Math.log((((i * 40_503 + 12_345) % DRAWN) + 0.5) / DRAWN)),
  );
}

export class HoldModel {
  readonly sim = new Simulation({ seed: 1 });
  readonly #pending: number;
  #until = BEGIN;

  constructor(pending: number, increments: Float64Array) {
    this.#pending = pending;
    const { sim } = this;
    let drawn = 0;
    const draw = (): number => {
      const increment = increments[drawn]!;
      drawn = (drawn + 1) & (DRAWN - 1);
      return increment;
    };
    const entities = sim.table<EntityId>('entity', pending);
    // Each handler is a function of its own, as in a model: what is called through the engine's table differs from event to event.
    const first = sim.event(entities, 'first', 'control', (id) => sim.after(second, id, draw()));
    const second = sim.event(entities, 'second', 'control', (id) => sim.after(third, id, draw()));
    const third = sim.event(entities, 'third', 'control', (id) => sim.after(fourth, id, draw()));
    const fourth = sim.event(entities, 'fourth', 'control', (id) => sim.after(first, id, draw()));
    const kinds = [first, second, third, fourth];
    sim.run(BEGIN as Micros);
    for (let i = 0; i < pending; i++) sim.after(kinds[i % kinds.length]!, entities.add(), draw());
  }

  /** Moves the clock on by about so many events. */
  runAbout(events: number): void {
    this.runTo(this.#until + Math.round((events * MEAN) / this.#pending));
  }

  runTo(until: number): void {
    this.#until = until;
    this.sim.run(until as Micros);
  }
}
