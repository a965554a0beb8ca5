import type { Micros } from '../time.ts';

export interface TimeWeightedOptions {
  /** When the first value takes hold. */
  readonly at: Micros;
  readonly value: number;
  /** Values of this level or less are timed on their own, e.g. 0 for down time; none by default. */
  readonly level?: number;
}

/** The state, for snapshots: plain numbers. */
export interface SavedTimeWeighted {
  readonly start: number;
  readonly since: number;
  readonly value: number;
  readonly area: number;
  readonly low: number;
  readonly least: number;
  readonly largest: number;
}

/**
 * Statistics of a step function over time. A value counts from the instant it is set until the next is set; what holds for
 * no time at all counts for nothing, neither as minimum nor as maximum.
 */
export class TimeWeighted {
  readonly #level: number;
  #start: number;
  #since: number;
  #value: number;
  /** Integral of the value up to `since`, in microseconds times the value's unit. */
  #area = 0;
  #low = 0;
  #least = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;

  constructor({ at, value, level = Number.NEGATIVE_INFINITY }: TimeWeightedOptions) {
    this.#level = level;
    this.#start = at;
    this.#since = at;
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** The value from `at` on. @throws RangeError when `at` lies before the last change. */
  set(at: Micros, value: number): void {
    const held = this.#held(at);
    if (held > 0) {
      this.#area += this.#value * held;
      if (this.#value <= this.#level) this.#low += held;
      if (this.#value < this.#least) this.#least = this.#value;
      if (this.#value > this.#largest) this.#largest = this.#value;
      this.#since = at;
    }
    this.#value = value;
  }

  /** Mean over the time from the start until `until`; NaN when no time has passed. */
  mean(until: Micros): number {
    return (this.#area + this.#value * this.#held(until)) / (until - this.#start);
  }

  /** The least value that held for some time before `until`; Infinity when no time has passed. */
  min(until: Micros): number {
    return this.#held(until) > 0 ? Math.min(this.#least, this.#value) : this.#least;
  }

  /** The largest value that held for some time before `until`; -Infinity when no time has passed. */
  max(until: Micros): number {
    return this.#held(until) > 0 ? Math.max(this.#largest, this.#value) : this.#largest;
  }

  /** Time until `until` at which the value was the level or less. */
  timeAtOrBelow(until: Micros): Micros {
    return (this.#low + (this.#value <= this.#level ? this.#held(until) : 0)) as Micros;
  }

  save(): SavedTimeWeighted {
    return {
      start: this.#start,
      since: this.#since,
      value: this.#value,
      area: this.#area,
      low: this.#low,
      least: this.#least,
      largest: this.#largest,
    };
  }

  restore(saved: SavedTimeWeighted): void {
    this.#start = saved.start;
    this.#since = saved.since;
    this.#value = saved.value;
    this.#area = saved.area;
    this.#low = saved.low;
    this.#least = saved.least;
    this.#largest = saved.largest;
  }

  #held(until: Micros): number {
    if (until < this.#since)
      throw new RangeError(`time: found ${until}, expected ${this.#since} (the last change) or later`);
    return until - this.#since;
  }
}
