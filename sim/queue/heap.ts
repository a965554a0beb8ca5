import { SlotHeap } from './slot-heap.ts';
import { SlottedQueue } from './slotted-queue.ts';

/** The pending event set as one 4-ary heap: O(log n) per event whatever the times are. */
export class HeapQueue extends SlottedQueue {
  readonly name = 'heap';
  private readonly heap: SlotHeap;

  constructor(capacity = 1024) {
    super(capacity);
    this.heap = new SlotHeap(Math.max(16, Math.ceil(capacity)));
  }

  protected insert(slot: number): void {
    this.heap.push(slot, this.reals);
  }

  peek(): number {
    return this.size === 0 ? -1 : this.heap.least();
  }

  pop(): number {
    if (this.size === 0) return -1;
    const slot = this.heap.pop();
    this.release(slot);
    return slot;
  }

  protected clear(): void {
    this.heap.clear();
  }
}
