import tychei from 'seedrandom/lib/tychei.js';

type Generator = ReturnType<typeof tychei>;
/** The state of the generator Tyche-i: four signed 32-bit integers. */
type State = Readonly<Record<'a' | 'b' | 'c' | 'd', number>>;

/** One sequence of random numbers, of its own purpose and entity. */
export class Stream {
  #generator: Generator;
  readonly #seed: string;

  /** @param seed any text: equal texts give equal sequences. */
  constructor(seed: string) {
    this.#seed = seed;
    this.#generator = tychei(seed, { state: true });
  }

  /** A uniform number in the open interval (0, 1), with 53 random bits. */
  uniform(): number {
    return this.#generator.double();
  }

  /** Writes the state as four integers, `at` on. */
  saveTo(states: Int32Array, at: number): void {
    const { a, b, c, d } = this.#generator.state() as State;
    states.set([a, b, c, d], at);
  }

  restoreFrom(states: Int32Array, at: number): void {
    const state: State = { a: states[at]!, b: states[at + 1]!, c: states[at + 2]!, d: states[at + 3]! };
    this.#generator = tychei('', { state });
  }

  /** Back to the first number. */
  rewind(): void {
    this.#generator = tychei(this.#seed, { state: true });
  }
}

type Entity = string | number;

/** The states of all kept streams. */
export interface SavedStreams {
  readonly names: readonly (readonly [purpose: string, entity: Entity])[];
  /** Four integers per stream, in the order of `names`. */
  readonly states: Int32Array;
}

/**
 * Random streams by name. What a stream draws hangs on seed, replication, purpose and entity alone, never on which streams
 * were asked for before: adding a component, or comparing two designs, leaves all other draws as they were.
 */
export class Streams {
  readonly #prefix: string;
  /** By purpose, then entity: looking up a kept stream builds no string. */
  readonly #kept = new Map<string, Map<Entity, Stream>>();

  /**
   * @param seed any safe integer.
   * @param replication number of the replication, from 0 on.
   * @throws RangeError for anything else.
   */
  constructor(seed: number, replication: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: found ${seed}, expected an integer`);
    if (!Number.isSafeInteger(replication) || replication < 0)
      throw new RangeError(`replication: found ${replication}, expected an integer from 0 on`);
    this.#prefix = `${seed}/${replication}/`;
  }

  /** The stream of that name; asked for again, it goes on where it was. Its state is part of a snapshot. */
  stream(purpose: string, entity: Entity): Stream {
    let streams = this.#kept.get(purpose);
    if (!streams) {
      streams = new Map();
      this.#kept.set(purpose, streams);
    }
    let stream = streams.get(entity);
    if (!stream) {
      stream = this.once(purpose, entity);
      streams.set(entity, stream);
    }
    return stream;
  }

  /** The same stream from its beginning, not kept: for an entity that draws once in its life. */
  once(purpose: string, entity: Entity): Stream {
    // The length keeps ('a/b', 'c') apart from ('a', 'b/c'), the mark keeps the number 1 apart from the text '1'.
    const mark = typeof entity === 'number' ? '#' : '/';
    return new Stream(`${this.#prefix}${purpose.length}:${purpose}${mark}${entity}`);
  }

  save(): SavedStreams {
    const names = [...this.#kept].flatMap(([purpose, streams]) =>
      [...streams.keys()].map((entity) => [purpose, entity] as const),
    );
    const states = new Int32Array(4 * names.length);
    names.forEach(([purpose, entity], i) => {
      this.stream(purpose, entity).saveTo(states, 4 * i);
    });
    return { names, states };
  }

  /** Sets all streams to what was saved, in place: whoever holds a stream holds the restored one. */
  restore(saved: SavedStreams): void {
    for (const streams of this.#kept.values()) for (const stream of streams.values()) stream.rewind();
    saved.names.forEach(([purpose, entity], i) => {
      this.stream(purpose, entity).restoreFrom(saved.states, 4 * i);
    });
  }
}
