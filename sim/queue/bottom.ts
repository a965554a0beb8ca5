import { SlotHeap } from './slot-heap.ts';
import { precedes } from './slotted-queue.ts';
import { sortSlots } from './sort-slots.ts';

/** How far an insertion may look from the end of the sorted run before the heap takes the event. */
const REACH = 32;

/**
 * The ladder's bottom: a sorted run from which events leave at the head, and a heap for late-comers.
 * A late-comer that belongs near the end of the run is put there; one that belongs far from it goes to the heap,
 * so an insertion costs O(log n) even when 100,000 events wait at one instant and their followers interleave.
 */
export class Bottom {
  /** The run is slots[head] to slots[tail - 1], least first. */
  slots = new Int32Array(64);
  head = 0;
  tail = 0;
  readonly late = new SlotHeap(64);
  private scratch = new Int32Array(64);

  insert(slot: number, reals: Float64Array): void {
    if (this.tail === this.slots.length) this.makeRoom();
    const { slots, head, tail } = this;
    // What follows at once comes before all others: it takes the place of the event just popped.
    if (head > 0 && head < tail && precedes(reals, slot, slots[head]!)) {
      slots[--this.head] = slot;
      return;
    }
    const stop = Math.max(head, tail - REACH);
    let place = tail;
    while (place > stop && precedes(reals, slot, slots[place - 1]!)) place--;
    if (place === stop && place > head && precedes(reals, slot, slots[place - 1]!)) {
      this.late.push(slot, reals);
      return;
    }
    for (let i = tail; i > place; i--) slots[i] = slots[i - 1]!;
    slots[place] = slot;
    this.tail = tail + 1;
  }

  /** Fills the empty run with a list of `count` slots, which lists mostly the newest first. */
  fill(first: number, count: number, next: Int32Array, reals: Float64Array): void {
    while (this.slots.length < count) this.grow();
    const { slots } = this;
    let i = count;
    for (let slot = first; slot >= 0; slot = next[slot]!) slots[--i] = slot;
    if (count > 1) sortSlots(slots, count, reals, this.scratch);
    this.head = 0;
    this.tail = count;
  }

  /** Adds a list of a few slots, none of which precedes any in the run, to a run with room for them. */
  append(first: number, next: Int32Array, reals: Float64Array): void {
    const { slots, tail: from } = this;
    let end = from;
    for (let slot = first; slot >= 0; slot = next[slot]!) {
      let place = end++;
      while (place > from && precedes(reals, slot, slots[place - 1]!)) {
        slots[place] = slots[place - 1]!;
        place--;
      }
      slots[place] = slot;
    }
    this.tail = end;
  }

  /** The least slot, or -1 when both run and heap are empty. */
  least(reals: Float64Array): number {
    const { late } = this;
    if (this.head === this.tail) return late.size > 0 ? late.least() : -1;
    const slot = this.slots[this.head]!;
    return late.size > 0 && precedes(reals, late.least(), slot) ? late.least() : slot;
  }

  /** Removes the slot that `least` returned. */
  remove(slot: number): void {
    if (this.head < this.tail && this.slots[this.head] === slot) this.head++;
    else this.late.pop();
  }

  clear(): void {
    this.head = 0;
    this.tail = 0;
    this.late.clear();
  }

  /** Reclaims what has left at the head when that is half of the space or more, else doubles. */
  private makeRoom(): void {
    if (2 * this.head < this.slots.length) {
      this.grow();
      return;
    }
    this.slots.copyWithin(0, this.head, this.tail);
    this.tail -= this.head;
    this.head = 0;
  }

  private grow(): void {
    const slots = new Int32Array(2 * this.slots.length);
    slots.set(this.slots);
    this.slots = slots;
    this.scratch = new Int32Array(slots.length);
  }
}
