/** Stretches of time as sets of moments. */
import type { Opening } from '../../models/plan/campaign.ts';

/** The same moments in as few stretches as it takes, in order and apart from each other. */
export function union(spans: readonly Opening[]): Opening[] {
  const joined: Opening[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (span.to <= span.from) continue;
    if (last !== undefined && span.from <= last.to) {
      if (span.to > last.to) joined[joined.length - 1] = { from: last.from, to: span.to };
    } else joined.push(span);
  }
  return joined;
}

/** What is left of joined stretches without others; both in order and apart. */
export function without(spans: readonly Opening[], holes: readonly Opening[]): Opening[] {
  const left: Opening[] = [];
  let next = 0;
  for (const { from, to } of spans) {
    let start = from;
    while (next < holes.length && holes[next]!.to <= start) next++;
    for (let i = next; i < holes.length && holes[i]!.from < to; i++) {
      const hole = holes[i]!;
      if (hole.from > start) left.push({ from: start, to: hole.from });
      if (hole.to > start) start = hole.to;
    }
    if (start < to) left.push({ from: start, to });
  }
  return left;
}
