export interface HistogramOptions {
  /** Smaller values share one bucket, which is reported as the least observation; a power of two is exact. Default 1. */
  readonly least?: number;
  /** Larger values share the last bucket, which is reported as the largest observation. Default 2^53. */
  readonly most?: number;
  /** Largest relative error of a quantile, from 0.0001 to 0.25. Default 0.01. */
  readonly relativeError?: number;
}

/** The state of a histogram, for snapshots; it goes back only into a histogram with the same options. */
export interface SavedHistogram {
  readonly counts: Float64Array;
  readonly min: number;
  readonly max: number;
}

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Counts of non-negative observations in log-linear buckets: each power of two is divided into equal parts, so that a bucket's
 * width is at most twice the relative error of its lower bound. The upper bits of a double are such a bucket number already.
 */
export class Histogram {
  /** Relative error of quantiles between `least` and `most`; at most what was asked for. */
  readonly relativeError: number;
  readonly #bits: number;
  readonly #first: number;
  readonly #counts: Float64Array;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor({ least = 1, most = 2 ** 53, relativeError = 0.01 }: HistogramOptions = {}) {
    if (!(relativeError >= 0.0001 && relativeError <= 0.25))
      throw new RangeError(`relativeError: found ${relativeError}, expected 0.0001 to 0.25`);
    if (!(least >= Number.MIN_VALUE * 2 ** 52 && most > least && Number.isFinite(most)))
      throw new RangeError(
        `least and most: found ${least} and ${most}, expected 0 < least < most, both normal numbers`,
      );
    this.#bits = Math.ceil(Math.log2(0.5 / relativeError));
    this.relativeError = 2 ** -(this.#bits + 1);
    this.#first = this.#number(least);
    // One bucket below the first and one above the last.
    this.#counts = new Float64Array(this.#number(most) - this.#first + 3);
  }

  get count(): number {
    return this.#count;
  }

  /** @throws RangeError for a negative value, NaN or Infinity. */
  add(value: number): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`value: found ${value}, expected a finite number from 0 on`);
    const bucket = this.#number(value) - this.#first + 1;
    this.#counts[Math.min(Math.max(bucket, 0), this.#counts.length - 1)]!++;
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * The value that a share `q` of the observations does not exceed, to the relative error: the observation of rank ceil(q n).
   * q = 0 is the minimum and q = 1 the maximum, both exact. NaN without observations. @throws RangeError for q outside [0, 1].
   */
  quantile(q: number): number {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: found ${q}, expected 0 to 1`);
    if (this.#count === 0) return Number.NaN;
    const rank = Math.ceil(q * this.#count);
    if (rank <= 1) return this.#min;
    if (rank === this.#count) return this.#max;
    let bucket = 0;
    for (let seen = this.#counts[0]!; seen < rank; seen += this.#counts[bucket]!) bucket++;
    return Math.min(Math.max(this.#middle(bucket), this.#min), this.#max);
  }

  /** Adds the observations of another histogram. @throws RangeError when its buckets are others. */
  merge(other: Histogram): void {
    if (
      other.#bits !== this.#bits ||
      other.#first !== this.#first ||
      other.#counts.length !== this.#counts.length
    )
      throw new RangeError('merge: found a histogram with other options, expected the same');
    this.#include(other.#counts);
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  save(): SavedHistogram {
    return { counts: this.#counts.slice(), min: this.#min, max: this.#max };
  }

  restore(saved: SavedHistogram): void {
    if (saved.counts.length !== this.#counts.length)
      throw new RangeError('restore: found the state of a histogram with other options, expected the same');
    this.#counts.fill(0);
    this.#count = 0;
    this.#include(saved.counts);
    this.#min = saved.min;
    this.#max = saved.max;
  }

  #include(counts: Float64Array): void {
    for (let i = 0; i < counts.length; i++) {
      this.#counts[i]! += counts[i]!;
      this.#count += counts[i]!;
    }
  }

  /** The exponent and the first bits of the mantissa. */
  #number(value: number): number {
    scratch.setFloat64(0, value);
    return scratch.getUint32(0) >>> (20 - this.#bits);
  }

  #middle(bucket: number): number {
    if (bucket === 0) return this.#min;
    if (bucket === this.#counts.length - 1) return this.#max;
    const number = bucket - 1 + this.#first;
    return (this.#lowerBound(number) + this.#lowerBound(number + 1)) / 2;
  }

  #lowerBound(number: number): number {
    scratch.setUint32(0, number << (20 - this.#bits));
    scratch.setUint32(4, 0);
    return scratch.getFloat64(0);
  }
}
