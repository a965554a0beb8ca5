/**
 * The hold model on the engine's public surface: a constant number of entities, each with one pending event; the handler draws an
 * increment and schedules the entity's next event that much later. Four kinds of events, so that no handler can be inlined
 * into the loop that a peer has to call through a table.
 */
import { type EventHandle, type Id, type Micros, Simulation } from '../sim/index.ts';

type EntityId = Id<'entity'>;
type Next = (target: EntityId) => void;

/** Kinds of events; the peers have as many. */
const KINDS = 4;
/** How many increments are drawn beforehand; a power of two. */
const DRAWN = 1 << 16;
/** The mean increment, one simulated second. */
export const MEAN = 1_000_000;

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
  #drawn = 0;
  #until = 0;

  constructor(pending: number, increments: Float64Array) {
    this.#pending = pending;
    this.#increments = increments;
    const { sim } = this;
    const entities = sim.table<EntityId>('entity', pending);
    const kinds: EventHandle<EntityId>[] = [];
    for (let kind = 0; kind < KINDS; kind++) {
      kinds.push(sim.event(entities, `hold ${kind}`, 'control', this.#handler(kinds, (kind + 1) % KINDS)));
    }
    for (let i = 0; i < pending; i++) sim.after(kinds[i % KINDS]!, entities.add(), this.#draw());
  }

  /** Moves the clock on by about so many events. */
  runAbout(events: number): void {
    this.runTo(this.#until + Math.round((events * MEAN) / this.#pending));
  }

  runTo(until: number): void {
    this.#until = until;
    this.sim.run(until as Micros);
  }

  #handler(kinds: readonly EventHandle<EntityId>[], next: number): Next {
    return (target) => this.sim.after(kinds[next]!, target, this.#draw());
  }

  #draw(): number {
    return this.#increments[this.#drawn++ & (DRAWN - 1)]!;
  }
}
