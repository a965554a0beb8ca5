/** How events say from which snapshot of etcd they go on. */
import type { SnapshotSource } from '../../models/plan/faults.ts';
import { duration, positiveDuration, readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';

export const snapshotKeys = {
  snapshotAge: duration('How old the snapshot is when the last write is lost.').optional(),
  snapshotEvery: positiveDuration(
    'Backups are made so often: the latest one is restored. When the first was made is drawn for each hosted cluster.',
  ).optional(),
};

/** The snapshot that an event names: a backup of an age, the latest of regular ones, or a copy of what a member has. */
export function snapshotOf(
  { snapshotAge, snapshotEvery }: { snapshotAge?: string | undefined; snapshotEvery?: string | undefined },
  cursor: Cursor,
): SnapshotSource {
  if (snapshotAge !== undefined && snapshotEvery !== undefined) {
    cursor.to('snapshotEvery').reportKey('conflicting-keys', {
      found: 'snapshotEvery beside snapshotAge',
      expected: 'one of them, or neither',
    });
  }
  if (snapshotAge !== undefined) return { kind: 'age', age: readDuration(snapshotAge) };
  if (snapshotEvery !== undefined) return { kind: 'every', every: readDuration(snapshotEvery) };
  return { kind: 'member' };
}
