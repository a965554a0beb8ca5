/**
 * The hold model on the engine's public surface: a constant number of entities, each with one pending event; the handler draws an
 * increment and schedules the entity's next event that much later, of the next of four kinds.
 */
import { type EventHandle, type Id, type Micros, Simulation } from '../sim/index.ts';

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
  readonly #increments: Float64Array;
  readonly #kinds: readonly EventHandle<EntityId>[];
  #drawn = 0;
  #until = BEGIN;

  constructor(pending: number, increments: Float64Array) {
    this.#pending = pending;
    this.#increments = increments;
    const { sim } = this;
    const entities = sim.table<EntityId>('entity', pending);
    // Each handler is a function of its own, as in a model: what is called through the engine's table differs from event to event.
    this.#kinds = [
      sim.event(entities, 'first', 'control', (target) => this.#hold(1, target)),
      sim.event(entities, 'second', 'control', (target) => this.#hold(2, target)),
      sim.event(entities, 'third', 'control', (target) => this.#hold(3, target)),
      sim.event(entities, 'fourth', 'control', (target) => this.#hold(0, target)),
    ];
    sim.run(BEGIN as Micros);
    for (let i = 0; i < pending; i++) this.#hold(i % this.#kinds.length, entities.add());
  }

  /** Moves the clock on by about so many events. */
  runAbout(events: number): void {
    this.runTo(this.#until + Math.round((events * MEAN) / this.#pending));
  }

  runTo(until: number): void {
    this.#until = until;
    this.sim.run(until as Micros);
  }

  #hold(kind: number, target: EntityId): void {
    this.sim.after(this.#kinds[kind]!, target, this.#draw());
  }

  #draw(): number {
    return this.#increments[this.#drawn++ & (DRAWN - 1)]!;
  }
}
