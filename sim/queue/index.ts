import { LadderQueue } from './ladder.ts';
import type { QueueFactory } from './queue.ts';

export { HeapQueue } from './heap.ts';
export { LadderQueue } from './ladder.ts';
export type { EventQueue, QueueFactory, SavedEvents } from './queue.ts';

/** The queue a simulation uses unless told otherwise, chosen by measurement (README.md). */
export const defaultQueue: QueueFactory = (capacity) => new LadderQueue(capacity);
