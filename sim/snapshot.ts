import type { SavedTable } from './entities.ts';
import type { SavedFacts } from './facts.ts';
import type { SavedEvents } from './queue/queue.ts';
import type { SavedStreams } from './streams.ts';
import type { Micros } from './time.ts';

/** State outside tables that a snapshot must carry. */
export interface Kept {
  save(): unknown;
  restore(saved: never): void;
}

/** The whole state of a run; good for any number of restores into the same model. */
export interface Snapshot {
  readonly now: Micros;
  readonly sequence: number;
  readonly events: number;
  readonly digest: readonly [number, number];
  readonly queue: SavedEvents;
  readonly tables: readonly SavedTable[];
  readonly facts: SavedFacts;
  readonly streams: SavedStreams;
  readonly kept: readonly unknown[];
}
