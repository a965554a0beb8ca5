import { LadderQueue } from './ladder.ts';
import { queueConformance } from './testing/conformance.ts';

queueConformance({ name: 'ladder', make: (capacity) => new LadderQueue(capacity) });
