/**
 * The pending event set. Every implementation keeps its events in typed arrays and hands out the least by (time, order).
 * `order` is unique and carries lane and sequence, so the order is total: no two events ever compare equal.
 *
 * `pop` and `peek` return a slot. The event's fields are read by slot and stay readable until the next `push` or `load`.
 * Times are integers from 0 to 2^53 - 1 (microseconds); a time may lie before that of an event popped earlier.
 */
export interface EventQueue {
  readonly name: string;
  /** Number of pending events. */
  readonly size: number;
  time(slot: number): number;
  order(slot: number): number;
  code(slot: number): number;
  target(slot: number): number;
  epoch(slot: number): number;
  cause(slot: number): number;
  /** Adds an event; code, target, epoch and cause are signed 32-bit integers. */
  push(time: number, order: number, code: number, target: number, epoch: number, cause: number): void;
  /** Slot of the least event, or -1 when empty. */
  peek(): number;
  /** Time of the least event, or Infinity when empty. */
  peekTime(): number;
  /** Removes the least event and returns its slot, or -1 when empty. */
  pop(): number;
  /** All pending events in order of (time, order), as plain columns. The queue is unchanged. */
  save(): SavedEvents;
  /** Replaces the content. */
  load(saved: SavedEvents): void;
}

/** A copy of a queue's content, sorted by (time, order). */
export interface SavedEvents {
  readonly time: Float64Array;
  readonly order: Float64Array;
  readonly code: Int32Array;
  readonly target: Int32Array;
  readonly epoch: Int32Array;
  readonly cause: Int32Array;
}

/** What makes a queue; `capacity` is only a first size. */
export type QueueFactory = (capacity?: number) => EventQueue;
