/** How cause chains name a fault: by what it hits, or by how many those are. */
import type { FaultKind } from './faults.ts';

/** So many targets are named one by one. */
const MOST_NAMED = 3;

/** @param noun what the targets are called where they are too many to name */
export function faultLabel(kind: FaultKind, targets: readonly string[], noun: string): string {
  const named = targets.length <= MOST_NAMED ? targets.join(', ') : `of ${targets.length} ${noun}`;
  return `${kind} ${named}`;
}
