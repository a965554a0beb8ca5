/**
 * When things fail that are repaired each time: lifetimes and repairs in turn, drawn for many alike, on the scale of time on which a
 * given number of failures falls into a window. The things have failed and been repaired for ever, so the window begins in the middle
 * of a life: the first one is what is left of a life that is long enough to be met there (Cox, Renewal Theory, 1962).
 */
import { invariant } from '../../sim/assert.ts';
import { draw, gamma, weibull } from '../../sim/distributions.ts';
import type { Stream, Streams } from '../../sim/streams.ts';
import { type Micros, micros } from '../../sim/time.ts';

export interface RenewalSpec<R extends Repair> {
  /** Names the random streams, with the key of each thing. */
  readonly purpose: string;
  /** Failures of all things together. */
  readonly count: number;
  readonly window: Micros;
  /** Shape of the Weibull lifetimes: below 1 what has just been repaired fails soonest, 1 has no memory. */
  readonly shape: number;
  /** Draws one repair; it always takes as many numbers from the stream. */
  readonly repair: (stream: Stream) => R;
}

/** What happens after a failure; the next lifetime begins when it is over. */
export interface Repair {
  readonly duration: Micros;
}

/** One failure: of whom, when, and what is done about it. */
export interface Renewal<T, R extends Repair> {
  readonly of: T;
  readonly at: Micros;
  readonly repair: R;
}

/** The scale is looked for by halving: a double has no more steps than that. */
const MAX_HALVINGS = 1100;

/**
 * Draws the failures of things in a window of time, in order of time.
 * @param keyOf names a thing's streams; unique among the things
 * @throws InvariantViolation when there is nothing that could fail
 */
export function drawRenewals<T, R extends Repair>(
  things: readonly T[],
  keyOf: (thing: T) => string,
  spec: RenewalSpec<R>,
  streams: Streams,
): Renewal<T, R>[] {
  if (spec.count === 0) return [];
  invariant(things.length > 0, () => `${spec.purpose}: nothing can fail ${spec.count} times`);
  const lives = things.map((thing) => new Lives(keyOf(thing), spec, streams));
  const scale = scaleFor(lives, spec);
  const renewals = lives.flatMap((life, i) =>
    life.failures(scale, spec.window).map((failure) => ({ of: things[i]!, ...failure })),
  );
  // The sort is stable: failures at one instant stay in the order of the things.
  return renewals.sort((a, b) => a.at - b.at);
}

/** The scale of the lifetimes at which so many failures fall into the window: the longer they are, the fewer. */
function scaleFor<R extends Repair>(lives: readonly Lives<R>[], { count, window }: RenewalSpec<R>): number {
  const failures = (scale: number): number =>
    lives.reduce((sum, life) => sum + life.failures(scale, window).length, 0);
  let high: number = window;
  while (failures(high) > count) high *= 2;
  let low = high / 2;
  while (failures(low) < count) low /= 2;
  for (let i = 0; i < MAX_HALVINGS; i++) {
    const scale = (low + high) / 2;
    const found = failures(scale);
    if (found === count) return scale;
    if (found > count) low = scale;
    else high = scale;
  }
  throw new RangeError(`two failures at one instant keep their number from being ${count}`);
}

/** The lives of one thing on a scale of 1, and its repairs; drawn as far as anybody looks. */
class Lives<R extends Repair> {
  readonly #spec: RenewalSpec<R>;
  readonly #lifetimes: Stream;
  readonly #repairing: Stream;
  /** Sum of the lifetimes up to each failure. */
  readonly #lived: number[] = [];
  readonly #repairs: R[] = [];

  constructor(key: string, spec: RenewalSpec<R>, streams: Streams) {
    this.#spec = spec;
    this.#lifetimes = streams.once(`${spec.purpose}-lifetime`, key);
    this.#repairing = streams.once(`${spec.purpose}-repair`, key);
  }

  /** Its failures before the end of the window when a lifetime of 1 lasts so many microseconds. */
  failures(scale: number, window: Micros): { readonly at: Micros; readonly repair: R }[] {
    const found: { readonly at: Micros; readonly repair: R }[] = [];
    let repairing = 0;
    for (let i = 0; ; i++) {
      if (i === this.#lived.length) this.#drawNext();
      const at = micros(this.#lived[i]! * scale + repairing);
      if (at >= window) return found;
      const repair = this.#repairs[i]!;
      found.push({ at, repair });
      repairing += repair.duration;
    }
  }

  #drawNext(): void {
    const life =
      this.#lived.length === 0
        ? this.#rest()
        : draw(weibull({ shape: this.#spec.shape, scale: 1 }), this.#lifetimes);
    this.#lived.push((this.#lived.at(-1) ?? 0) + life);
    this.#repairs.push(this.#spec.repair(this.#repairing));
  }

  /**
   * What is left at the beginning of the window of the life that covers it: any part of it with equal odds. Long lives cover more, and
   * weighing a Weibull lifetime by its length makes its power with the shape a gamma variate.
   */
  #rest(): number {
    const { shape } = this.#spec;
    const whole = Math.exp(
      Math.log(draw(gamma({ shape: 1 + 1 / shape, scale: 1 }), this.#lifetimes)) / shape,
    );
    return whole * this.#lifetimes.uniform();
  }
}
