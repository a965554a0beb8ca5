/**
 * Named random streams. A stream is known by purpose and entity, never by order of creation, so adding a component or comparing two
 * designs leaves every other draw as it was (common random numbers).
 */
import tychei from 'seedrandom/lib/tychei.js';

/** A source of uniform numbers. */
export interface Stream {
  /** In the open interval (0, 1), 53 bits. */
  uniform(): number;
}

export interface SavedStreams {
  readonly states: readonly (readonly [string, object])[];
}

type Generator = ReturnType<typeof tychei>;

/** Keeps numbers off 0, where logarithms end. */
const HALF_STEP = 2 ** -54;

class SeededStream implements Stream {
  constructor(readonly generator: Generator) {}
  uniform(): number {
    const u = this.generator.double();
    return u === 0 ? HALF_STEP : u;
  }
}

export class Streams {
  readonly #root: string;
  readonly #streams = new Map<string, SeededStream>();

  /**
   * @param seed of the scenario
   * @param replication another future of the same scenario
   */
  constructor(seed: number, replication: number) {
    this.#root = JSON.stringify([seed, replication]);
  }

  /** The stream for a purpose and an entity; the same one each time. */
  stream(purpose: string, entity: string | number): Stream {
    const key = this.#key(purpose, entity);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new SeededStream(tychei(key, { state: true }));
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /** A stream for a single use, from its beginning; nothing is kept of it. */
  once(purpose: string, entity: string | number): Stream {
    return new SeededStream(tychei(this.#key(purpose, entity)));
  }

  save(): SavedStreams {
    return { states: [...this.#streams].map(([key, { generator }]) => [key, generator.state()]) };
  }

  restore(saved: SavedStreams): void {
    this.#streams.clear();
    for (const [key, state] of saved.states) {
      this.#streams.set(key, new SeededStream(tychei('', { state })));
    }
  }

  #key(purpose: string, entity: string | number): string {
    return this.#root + JSON.stringify([purpose, entity]);
  }
}
