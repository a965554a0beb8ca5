/**
 * A 4-ary heap of slots by (time, order). The keys lie in the heap itself, those of four children side by side,
 * so that sifting never touches the events' rows.
 */
export class SlotHeap {
  size = 0;
  private keys: Float64Array;
  private slots: Int32Array;

  constructor(capacity: number) {
    this.keys = new Float64Array(2 * capacity);
    this.slots = new Int32Array(capacity);
  }

  /** The least slot; the heap must not be empty. */
  least(): number {
    return this.slots[0]!;
  }

  /** Adds a slot whose time and order stand in `reals` (rows of four, time first, order second). */
  push(slot: number, reals: Float64Array): void {
    if (this.size === this.slots.length) this.grow();
    const { keys, slots } = this;
    const time = reals[slot << 2]!;
    const order = reals[(slot << 2) + 1]!;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = keys[2 * parent]!;
      if (parentTime < time || (parentTime === time && keys[2 * parent + 1]! < order)) break;
      keys[2 * hole] = parentTime;
      keys[2 * hole + 1] = keys[2 * parent + 1]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    keys[2 * hole] = time;
    keys[2 * hole + 1] = order;
    slots[hole] = slot;
  }

  /** Removes the least slot and returns it; the heap must not be empty. */
  pop(): number {
    const least = this.slots[0]!;
    if (--this.size > 0) this.sinkLast();
    return least;
  }

  clear(): void {
    this.size = 0;
  }

  /** Moves the last element, now one past the end, into the hole at the root and down to its place. */
  private sinkLast(): void {
    const { keys, slots, size } = this;
    const time = keys[2 * size]!;
    const order = keys[2 * size + 1]!;
    let hole = 0;
    for (let first = 1; first < size; first = 4 * hole + 1) {
      const end = Math.min(first + 4, size);
      let child = first;
      let childTime = keys[2 * first]!;
      let childOrder = keys[2 * first + 1]!;
      for (let i = first + 1; i < end; i++) {
        const t = keys[2 * i]!;
        if (t < childTime || (t === childTime && keys[2 * i + 1]! < childOrder)) {
          child = i;
          childTime = t;
          childOrder = keys[2 * i + 1]!;
        }
      }
      if (time < childTime || (time === childTime && order < childOrder)) break;
      keys[2 * hole] = childTime;
      keys[2 * hole + 1] = childOrder;
      slots[hole] = slots[child]!;
      hole = child;
    }
    keys[2 * hole] = time;
    keys[2 * hole + 1] = order;
    slots[hole] = slots[size]!;
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.keys.length);
    keys.set(this.keys);
    const slots = new Int32Array(2 * this.slots.length);
    slots.set(this.slots);
    this.keys = keys;
    this.slots = slots;
  }
}
