import type { EventQueue, SavedEvents } from '../queue.ts';

interface Row {
  readonly time: number;
  readonly order: number;
  readonly ints: readonly [code: number, target: number, epoch: number, cause: number];
}

/** A reference for tests only: an array that is kept sorted, too plain to be wrong and too slow to be used. */
export class SortedArrayQueue implements EventQueue {
  readonly name = 'sorted array';
  private pending: Row[] = [];
  /** The rows that slots stand for, popped ones included. */
  private readonly rows: Row[] = [];

  get size(): number {
    return this.pending.length;
  }

  time = (slot: number): number => this.rows[slot]!.time;
  order = (slot: number): number => this.rows[slot]!.order;
  code = (slot: number): number => this.rows[slot]!.ints[0];
  target = (slot: number): number => this.rows[slot]!.ints[1];
  epoch = (slot: number): number => this.rows[slot]!.ints[2];
  cause = (slot: number): number => this.rows[slot]!.ints[3];

  push(time: number, order: number, code: number, target: number, epoch: number, cause: number): void {
    this.pending.push({ time, order, ints: [code, target, epoch, cause] });
    this.pending.sort((a, b) => a.time - b.time || a.order - b.order);
  }

  peek(): number {
    return this.pending.length === 0 ? -1 : this.rows.push(this.pending[0]!) - 1;
  }

  peekTime(): number {
    return this.pending[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  pop(): number {
    const slot = this.peek();
    this.pending.shift();
    return slot;
  }

  save(): SavedEvents {
    const int = (i: 0 | 1 | 2 | 3) => Int32Array.from(this.pending, (row) => row.ints[i]);
    return {
      time: Float64Array.from(this.pending, (row) => row.time),
      order: Float64Array.from(this.pending, (row) => row.order),
      code: int(0),
      target: int(1),
      epoch: int(2),
      cause: int(3),
    };
  }

  load(saved: SavedEvents): void {
    this.pending = Array.from(saved.time, (time, i) => ({
      time,
      order: saved.order[i]!,
      ints: [saved.code[i]!, saved.target[i]!, saved.epoch[i]!, saved.cause[i]!],
    }));
  }
}
