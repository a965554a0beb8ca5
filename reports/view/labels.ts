import type { Labels } from '../../sim/result.ts';

/** Whom something belongs to: the hosted cluster where there is one, else the management cluster or the campaign, else the fleet. */
export function owner(labels: Labels): string {
  return labels.hostedCluster ?? labels.managementCluster ?? labels.campaign ?? 'fleet';
}

/** A key for grouping: parts joined so that no two different lists give one key. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/** Groups in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const id = key(item);
    const group = groups.get(id);
    if (group) group.push(item);
    else groups.set(id, [item]);
  }
  return [...groups.values()];
}

/**
 * The finest grouping that is still readable: each key is tried in turn, from exact to coarse, until at most `most` groups
 * are left; the last one stands whatever it gives.
 */
export function groupReadably<T>(
  items: readonly T[],
  keys: readonly ((item: T) => string)[],
  most: number,
): T[][] {
  let groups: T[][] = [];
  for (const key of keys) {
    groups = groupBy(items, key);
    if (groups.length <= most) return groups;
  }
  return groups;
}
