/**
 * A 4-ary heap of slots by (time, order). The times lie in the heap itself, so that sifting seldom touches the events' rows:
 * only a tie looks up the orders. `reals` holds rows of four, time first, order second.
 */
export class SlotHeap {
  size = 0;
  private times: Float64Array;
  private slots: Int32Array;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
  }

  /** The least slot; the heap must not be empty. */
  least(): number {
    return this.slots[0]!;
  }

  push(slot: number, reals: Float64Array): void {
    if (this.size === this.slots.length) this.grow();
    const { times, slots } = this;
    const time = reals[slot << 2]!;
    const order = reals[(slot << 2) + 1]!;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < time) break;
      const parentSlot = slots[parent]!;
      if (parentTime === time && reals[(parentSlot << 2) + 1]! < order) break;
      times[hole] = parentTime;
      slots[hole] = parentSlot;
      hole = parent;
    }
    times[hole] = time;
    slots[hole] = slot;
  }

  /** Removes the least slot and returns it; the heap must not be empty. */
  pop(reals: Float64Array): number {
    const least = this.slots[0]!;
    if (--this.size > 0) this.sinkLast(reals);
    return least;
  }

  clear(): void {
    this.size = 0;
  }

  /** Moves the last element, now one past the end, into the hole at the root and down to its place. */
  private sinkLast(reals: Float64Array): void {
    const { times, slots, size } = this;
    const time = times[size]!;
    const slot = slots[size]!;
    let hole = 0;
    for (let first = 1; first < size; first = 4 * hole + 1) {
      const end = first + 4 < size ? first + 4 : size;
      let child = first;
      let childTime = times[first]!;
      for (let i = first + 1; i < end; i++) {
        const t = times[i]!;
        if (t < childTime || (t === childTime && orderedBefore(reals, slots[i]!, slots[child]!))) {
          child = i;
          childTime = t;
        }
      }
      if (time < childTime || (time === childTime && orderedBefore(reals, slot, slots[child]!))) break;
      times[hole] = childTime;
      slots[hole] = slots[child]!;
      hole = child;
    }
    times[hole] = time;
    slots[hole] = slot;
  }

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    const slots = new Int32Array(2 * this.slots.length);
    slots.set(this.slots);
    this.times = times;
    this.slots = slots;
  }
}

function orderedBefore(reals: Float64Array, a: number, b: number): boolean {
  return reals[(a << 2) + 1]! < reals[(b << 2) + 1]!;
}
