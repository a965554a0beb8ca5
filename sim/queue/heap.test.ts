import { HeapQueue } from './heap.ts';
import { queueConformance } from './testing/conformance.ts';

queueConformance({ name: 'heap', make: (capacity) => new HeapQueue(capacity) });
