/** The state of a tally, for snapshots. */
export interface SavedTally {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Count, mean, variance, minimum and maximum of observations that are not kept.
 * Source: Welford, Technometrics 4(3), 1962: no cancellation, however far the mean is from 0.
 */
export class Tally {
  #count = 0;
  #mean = 0;
  /** Sum of squared differences from the mean. */
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#count++;
    const before = value - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }
  /** NaN without observations. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#mean;
  }
  /** Unbiased variance (divisor n - 1); NaN with fewer than two observations. */
  get variance(): number {
    return this.#count < 2 ? Number.NaN : this.#squares / (this.#count - 1);
  }
  /** Infinity without observations. */
  get min(): number {
    return this.#min;
  }
  /** -Infinity without observations. */
  get max(): number {
    return this.#max;
  }

  save(): SavedTally {
    return { count: this.#count, mean: this.#mean, squares: this.#squares, min: this.#min, max: this.#max };
  }

  restore(saved: SavedTally): void {
    this.#count = saved.count;
    this.#mean = saved.mean;
    this.#squares = saved.squares;
    this.#min = saved.min;
    this.#max = saved.max;
  }
}
