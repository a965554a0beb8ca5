import { Bottom } from './bottom.ts';
import { Rung } from './rung.ts';
import { SlottedQueue } from './slotted-queue.ts';

/** A bucket with more events is spread over a rung of its own. */
const SPLIT = 32;
/** A bucket with no more is moved together with its neighbours. */
const FEW = 16;
/** How many events are moved to the bottom at once: each trip there has a price of its own. */
const BATCH = 16;
/** But of a rung with few events only a 32nd, lest many new ones come late. */
const SHARE = 5;
/** A top with no more events than this is sorted straight into the bottom. */
const SMALL = 8;
/** Events per bucket aimed at: rounding widths up to powers of two lets it vary between this and twice this. */
const FILL = 0.5;
/** The first rung reaches this many mean waiting times ahead; what lies beyond stays in the top. */
const SPAN = 4;

/**
 * The ladder queue of Tang, Goh and Thng (ACM TOMACS 15(3), 2005): far events wait unsorted in the top, nearer ones in rungs of
 * ever narrower buckets, and only the bucket in hand is sorted, in the bottom. O(1) per event on the average.
 *
 * Three departures from the paper. The first rung is sized by the mean of the waiting times, not by their maximum, so that a
 * long tail neither widens the buckets nor empties the top; by Markov's inequality at least three quarters of the top move down
 * each time. The bottom has a heap for late-comers in place of a rung made from the bottom, which cannot split one instant.
 * Bucket widths are powers of two, which makes their bounds exact.
 */
export class LadderQueue extends SlottedQueue {
  readonly name = 'ladder';
  private topFirst = -1;
  private topCount = 0;
  /** Some time in the top: the sum is of differences to it, to keep its precision. */
  private topBase = Number.NaN;
  private topSum = Number.NaN;
  private topLeast = Number.NaN;
  /** Events from this time on go to the top. */
  private topStart = Number.NaN;
  /** Events before this time go to the bottom; always the opening time of the deepest rung. */
  private bottomEnd = Number.NaN;
  private readonly widest = new Rung();
  private readonly rungs: Rung[] = [this.widest];
  private depth = 0;
  private readonly bottom = new Bottom();
  private width = Number.NaN;

  constructor(capacity = 1024) {
    super(capacity);
    this.reset();
  }

  protected insert(slot: number): void {
    const time = this.reals[slot << 2]!;
    if (time >= this.topStart) {
      if (this.topCount++ === 0) this.emptyTop(time);
      this.topSum += time - this.topBase;
      if (time < this.topLeast) this.topLeast = time;
      this.next[slot] = this.topFirst;
      this.topFirst = slot;
    } else if (time < this.bottomEnd) {
      this.bottom.insert(slot, this.reals);
    } else {
      let rung = this.widest;
      if (time < rung.open) rung = this.rungFor(time);
      const bucket = ((time - rung.start) * rung.inverse) | 0;
      this.next[slot] = rung.heads[bucket]!;
      rung.heads[bucket] = slot;
      rung.bits[bucket >> 5]! |= 1 << bucket;
      rung.count++;
    }
  }

  peek(): number {
    const { bottom } = this;
    if (bottom.head === bottom.tail && bottom.late.size === 0 && !this.refill()) return -1;
    return bottom.least(this.reals);
  }

  pop(): number {
    const { bottom } = this;
    if (bottom.late.size > 0) return this.popLate();
    if (bottom.head === bottom.tail && !this.refill()) return -1;
    const slot = bottom.slots[bottom.head++]!;
    this.release(slot);
    return slot;
  }

  protected clear(): void {
    for (const rung of this.rungs) rung.clear();
    this.bottom.clear();
    this.topFirst = -1;
    this.topCount = 0;
    this.reset();
  }

  private popLate(): number {
    const slot = this.bottom.least(this.reals);
    this.bottom.remove(slot);
    this.release(slot);
    return slot;
  }

  /** The rung that covers a time before the first one's buckets in hand. */
  private rungFor(time: number): Rung {
    let level = 1;
    while (time < this.rungs[level]!.open) level++;
    return this.rungs[level]!;
  }

  /** An empty ladder starts over: everything goes to the top. */
  private reset(): void {
    this.depth = 0;
    this.topStart = 0;
    this.bottomEnd = 0;
    this.width = 1;
  }

  /** Fills the empty bottom with the next events; false when there are none. */
  private refill(): boolean {
    for (;;) {
      while (this.depth > 0) {
        const rung = this.rungs[this.depth - 1]!;
        if (rung.count === 0) this.depth--;
        else if (this.takeBuckets(rung)) return true;
      }
      if (this.topCount === 0) {
        this.reset();
        return false;
      }
      if (this.topCount <= SMALL) {
        this.sortTop();
        return true;
      }
      this.lowerTop();
    }
  }

  /** Moves the rung's first buckets to the bottom, a handful of events; or the first to a new rung when it holds too much (false). */
  private takeBuckets(rung: Rung): boolean {
    const { next, bottom, reals } = this;
    const { heads, bits } = rung;
    const wanted = Math.min(BATCH, rung.count >> SHARE);
    let word = rung.cursor >> 5;
    let set = bits[word]!;
    let bucket = 0;
    let taken = 0;
    bottom.head = 0;
    bottom.tail = 0;
    do {
      while (set === 0) set = bits[++word]!;
      const lowest = set & -set;
      const candidate = (word << 5) + 31 - Math.clz32(lowest);
      const first = heads[candidate]!;
      const second = next[first]!;
      let count = 1;
      // Most buckets hold one event: it follows all before it, and its row need not be looked at yet.
      if (second < 0) bottom.slots[bottom.tail++] = first;
      else {
        for (let slot = second; slot >= 0; slot = next[slot]!) count++;
        if (count > FEW) {
          if (taken > 0) break;
          return this.takeFull(rung, candidate, count);
        }
        bottom.append(first, next, reals);
      }
      bucket = candidate;
      heads[bucket] = -1;
      set ^= lowest;
      bits[word] = set;
      taken += count;
    } while (taken < wanted);
    rung.count -= taken;
    rung.advance(bucket + 1);
    this.bottomEnd = rung.open;
    return true;
  }

  /** Moves a bucket of many events to the bottom, or to a new rung when it can be split (false). */
  private takeFull(rung: Rung, bucket: number, count: number): boolean {
    const first = rung.take(bucket);
    rung.count -= count;
    if (count > SPLIT && rung.width > 1) {
      this.spread(first, count, rung.start + bucket * rung.width, rung.width);
      return false;
    }
    this.bottomEnd = rung.open;
    this.bottom.fill(first, count, this.next, this.reals);
    return true;
  }

  /** Spreads a bucket's list over a new, deeper rung that covers exactly that bucket. */
  private spread(first: number, count: number, start: number, range: number): void {
    const width = Math.min(this.fit((range * FILL) / count), range / 2);
    const rung = this.addRung(start, width, range / width);
    const { next, reals } = this;
    const { heads, bits, inverse } = rung;
    for (let slot = first; slot >= 0; ) {
      const following = next[slot]!;
      const bucket = ((reals[slot << 2]! - start) * inverse) | 0;
      next[slot] = heads[bucket]!;
      heads[bucket] = slot;
      bits[bucket >> 5]! |= 1 << bucket;
      slot = following;
    }
    rung.count = count;
  }

  /** Moves the near part of the top to a new first rung; the far part stays. */
  private lowerTop(): void {
    const start = this.topLeast;
    const mean = Math.max(0, this.topBase - start + this.topSum / this.topCount);
    const width = this.fit((mean * FILL) / this.topCount);
    const buckets = Math.ceil((SPAN * mean) / width) + 1;
    const end = start + buckets * width;
    const rung = this.addRung(start, width, buckets);
    const { next, reals } = this;
    const { heads, bits, inverse } = rung;
    let slot = this.topFirst;
    let moved = this.topCount;
    this.topStart = end;
    this.topFirst = -1;
    this.topCount = 0;
    while (slot >= 0) {
      const following = next[slot]!;
      if (reals[slot << 2]! < end) {
        const bucket = ((reals[slot << 2]! - start) * inverse) | 0;
        next[slot] = heads[bucket]!;
        heads[bucket] = slot;
        bits[bucket >> 5]! |= 1 << bucket;
      } else {
        this.insert(slot);
        moved--;
      }
      slot = following;
    }
    rung.count = moved;
  }

  /** Sorts a small top into the bottom. */
  private sortTop(): void {
    const { bottom } = this;
    bottom.fill(this.topFirst, this.topCount, this.next, this.reals);
    this.topFirst = -1;
    this.topCount = 0;
    this.topStart = this.reals[bottom.slots[bottom.tail - 1]! << 2]! + 1;
    this.bottomEnd = this.topStart;
  }

  private emptyTop(time: number): void {
    this.topBase = time;
    this.topSum = 0;
    this.topLeast = time;
  }

  private addRung(start: number, width: number, buckets: number): Rung {
    if (this.depth === this.rungs.length) this.rungs.push(new Rung());
    const rung = this.rungs[this.depth++]!;
    rung.reset(start, width, buckets);
    return rung;
  }

  /** The least power of two, 1 or more, that is not below `width`; found from the last one, which is mostly near. */
  private fit(width: number): number {
    let fitted = this.width;
    while (fitted < width) fitted *= 2;
    while (fitted > 1 && fitted / 2 >= width) fitted /= 2;
    this.width = fitted;
    return fitted;
  }
}
