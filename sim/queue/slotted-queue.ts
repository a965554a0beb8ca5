import type { EventQueue, SavedEvents } from './queue.ts';

/*
 * One event is one row of 32 bytes in one buffer, seen through two views:
 *
 *   reals[slot * 4 + 0]  time          ints[slot * 8 + 4]  code      ints[slot * 8 + 6]  epoch
 *   reals[slot * 4 + 1]  order         ints[slot * 8 + 5]  target    ints[slot * 8 + 7]  cause
 *
 * A row shares a cache line, where six separate columns cost up to six misses per event once the queue outgrows the cache
 * (README.md has the ratio). The offsets are spelled out where they are used, so that they are constants to any compiler.
 */
const ROW_BYTES = 32;
const LEAST_CAPACITY = 16;

/** True when the event in slot `a` comes before the one in slot `b`. */
export function precedes(reals: Float64Array, a: number, b: number): boolean {
  const timeA = reals[a << 2]!;
  const timeB = reals[b << 2]!;
  return timeA < timeB || (timeA === timeB && reals[(a << 2) + 1]! < reals[(b << 2) + 1]!);
}

/**
 * What all queues share: the rows, the free slots, saving and loading. A subclass only arranges slots by (time, order).
 * Subclasses get slots, never times: a number that is no small integer would be boxed at each call that V8 does not inline.
 */
export abstract class SlottedQueue implements EventQueue {
  abstract readonly name: string;
  size = 0;
  protected reals: Float64Array;
  protected ints: Int32Array;
  /** The list a slot is in: the free slots here, and whatever lists a subclass keeps. -1 ends a list. */
  protected next: Int32Array;
  private free = -1;

  constructor(capacity: number) {
    const rows = Math.max(LEAST_CAPACITY, Math.ceil(capacity));
    const buffer = new ArrayBuffer(rows * ROW_BYTES);
    this.reals = new Float64Array(buffer);
    this.ints = new Int32Array(buffer);
    this.next = new Int32Array(rows);
    this.freeFrom(0);
  }

  /** Takes a filled slot into the order. */
  protected abstract insert(slot: number): void;
  /** Forgets all events; the base class has freed their slots. */
  protected abstract clear(): void;
  abstract peek(): number;
  abstract pop(): number;

  time(slot: number): number {
    return this.reals[slot << 2]!;
  }
  order(slot: number): number {
    return this.reals[(slot << 2) + 1]!;
  }
  code(slot: number): number {
    return this.ints[(slot << 3) + 4]!;
  }
  target(slot: number): number {
    return this.ints[(slot << 3) + 5]!;
  }
  epoch(slot: number): number {
    return this.ints[(slot << 3) + 6]!;
  }
  cause(slot: number): number {
    return this.ints[(slot << 3) + 7]!;
  }

  push(time: number, order: number, code: number, target: number, epoch: number, cause: number): void {
    if (this.free < 0) this.grow();
    const slot = this.free;
    this.free = this.next[slot]!;
    const reals = this.reals;
    const ints = this.ints;
    reals[slot << 2] = time;
    reals[(slot << 2) + 1] = order;
    ints[(slot << 3) + 4] = code;
    ints[(slot << 3) + 5] = target;
    ints[(slot << 3) + 6] = epoch;
    ints[(slot << 3) + 7] = cause;
    this.size++;
    this.insert(slot);
  }

  peekTime(): number {
    const slot = this.peek();
    return slot < 0 ? Number.POSITIVE_INFINITY : this.reals[slot << 2]!;
  }

  /** Gives a slot back. Its row stays as it is until a push takes the slot again. */
  protected release(slot: number): void {
    this.size--;
    this.next[slot] = this.free;
    this.free = slot;
  }

  save(): SavedEvents {
    const { reals } = this;
    const slots = this.pendingSlots().sort((a, b) => (precedes(reals, a, b) ? -1 : 1));
    return {
      time: Float64Array.from(slots, (slot) => this.time(slot)),
      order: Float64Array.from(slots, (slot) => this.order(slot)),
      code: slots.map((slot) => this.code(slot)),
      target: slots.map((slot) => this.target(slot)),
      epoch: slots.map((slot) => this.epoch(slot)),
      cause: slots.map((slot) => this.cause(slot)),
    };
  }

  load(saved: SavedEvents): void {
    this.size = 0;
    this.free = -1;
    this.freeFrom(0);
    this.clear();
    const { time, order, code, target, epoch, cause } = saved;
    for (let i = 0; i < time.length; i++) {
      this.push(time[i]!, order[i]!, code[i]!, target[i]!, epoch[i]!, cause[i]!);
    }
  }

  private pendingSlots(): Int32Array {
    const isFree = new Uint8Array(this.next.length);
    for (let slot = this.free; slot >= 0; slot = this.next[slot]!) isFree[slot] = 1;
    const slots = new Int32Array(this.size);
    let found = 0;
    for (let slot = 0; slot < isFree.length; slot++) {
      if (isFree[slot] === 0) slots[found++] = slot;
    }
    return slots;
  }

  private grow(): void {
    const rows = this.next.length;
    const buffer = new ArrayBuffer(2 * rows * ROW_BYTES);
    const reals = new Float64Array(buffer);
    reals.set(this.reals);
    const next = new Int32Array(2 * rows);
    next.set(this.next);
    this.reals = reals;
    this.ints = new Int32Array(buffer);
    this.next = next;
    this.freeFrom(rows);
  }

  /** Puts all slots from `first` on at the head of the free list. */
  private freeFrom(first: number): void {
    const { next } = this;
    for (let slot = next.length - 1; slot >= first; slot--) {
      next[slot] = this.free;
      this.free = slot;
    }
  }
}
