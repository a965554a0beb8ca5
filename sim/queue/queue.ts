/**
 * The pending event set. Every implementation keeps its events in typed arrays and hands out the least by (time, order).
 * `order` is unique and carries lane and sequence, so the order is total: no two events ever compare equal.
 *
 * `pop` returns a slot; the event's fields are then read from the queue's columns at that slot and stay there until the next `push`.
 */
export interface EventQueue {
  readonly name: string;
  /** Number of pending events. */
  readonly size: number;
  /** Columns, indexed by slot. They may be replaced when the queue grows: read them afresh after a push. */
  readonly time: Float64Array;
  readonly order: Float64Array;
  readonly code: Int32Array;
  readonly target: Int32Array;
  readonly epoch: Int32Array;
  readonly cause: Int32Array;
  push(time: number, order: number, code: number, target: number, epoch: number, cause: number): void;
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
