/** Spans that belong together: of one order of magnitude. */

/** Within a part, the largest is at most that many times the smallest. */
const FACTOR = 4;

/**
 * Parts items so that within a part no size is more than 4 times another. Where there is a choice, the cut goes into the widest
 * gap, so that what is alike stays together. Parts come in order of size, items within in their given order when equal.
 * @param size a number that is not negative
 */
export function byMagnitude<T>(items: readonly T[], size: (item: T) => number): T[][] {
  const sorted = items.map((item) => ({ item, size: size(item) })).sort((a, b) => a.size - b.size);
  const parts: T[][] = [];
  let start = 0;
  while (start < sorted.length) {
    const least = sorted[start]!.size;
    let end = start;
    while (end < sorted.length && sorted[end]!.size <= FACTOR * least) end++;
    if (end < sorted.length) end = widestGap(sorted, start, end);
    parts.push(sorted.slice(start, end).map(({ item }) => item));
    start = end;
  }
  return parts;
}

/** Where to cut between start and end, end included: before the item that is the most times its predecessor. */
function widestGap(sorted: readonly { readonly size: number }[], start: number, end: number): number {
  let [cut, widest] = [end, 0];
  for (let i = end; i > start; i--) {
    const [before, after] = [sorted[i - 1]!.size, sorted[i]!.size];
    const gap = before === 0 ? (after === 0 ? 1 : Number.POSITIVE_INFINITY) : after / before;
    if (gap > widest) [cut, widest] = [i, gap];
  }
  return cut;
}
