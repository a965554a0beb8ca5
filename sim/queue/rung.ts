/**
 * One rung of the ladder: buckets of equal width, each a list of slots, and one bit per bucket that says whether it holds any.
 * Widths are powers of two and times are integers, so that a bucket's index and its bounds are exact.
 */
export class Rung {
  /** Time at which the first bucket starts. */
  start = Number.NaN;
  width = Number.NaN;
  inverse = Number.NaN;
  /** Time at which the first bucket starts that has not been emptied; earlier events belong further down. */
  open = Number.NaN;
  /** Index of that bucket. */
  cursor = 0;
  /** Events in the rung. */
  count = 0;
  /** First slot of each bucket's list, -1 when empty. */
  heads = new Int32Array(64).fill(-1);
  bits = new Int32Array(2);

  /** Prepares an empty rung. All buckets are empty because every event has left it before. */
  reset(start: number, width: number, buckets: number): void {
    this.start = start;
    this.width = width;
    this.inverse = 1 / width;
    this.open = start;
    this.cursor = 0;
    this.count = 0;
    if (buckets > this.heads.length) this.grow(buckets);
  }

  /** Empties a bucket and everything before it for good; returns the first slot of its list. */
  take(bucket: number): number {
    const first = this.heads[bucket]!;
    this.heads[bucket] = -1;
    this.bits[bucket >> 5]! &= ~(1 << bucket);
    this.advance(bucket + 1);
    return first;
  }

  /** Closes the buckets before this one. */
  advance(bucket: number): void {
    this.cursor = bucket;
    this.open = this.start + bucket * this.width;
  }

  /** Forgets all events. */
  clear(): void {
    this.count = 0;
    this.heads.fill(-1);
    this.bits.fill(0);
  }

  private grow(buckets: number): void {
    let length = this.heads.length;
    while (length < buckets) length *= 2;
    this.heads = new Int32Array(length).fill(-1);
    this.bits = new Int32Array(length >> 5);
  }
}
