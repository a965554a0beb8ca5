import type { Replication } from '../../run.ts';

/** Something that holds between any two events of any run, recomputed from scratch. */
export interface Invariant {
  readonly name: string;
  /** What breaks it right now, one sentence each. */
  readonly broken: (replication: Replication) => Iterable<string>;
}

/** Ids of the rows of a table that are in use. */
export function* rows<I extends number>(table: {
  readonly length: number;
  has(id: I): boolean;
}): Generator<I> {
  for (let id = 0; id < table.length; id++) if (table.has(id as I)) yield id as I;
}
