/** Outages for reading: equal ones of many clusters told once, worst first. */
import type { Outage } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { groupReadably, keyOf, owner } from './labels.ts';
import { compareNames } from './names.ts';

/** Outages that tell one story. Earliest, latest and lowest over all of them. */
export interface OutageGroup {
  readonly service: string;
  readonly owners: readonly string[];
  readonly outages: readonly Outage[];
  readonly from: readonly [earliest: Micros, latest: Micros];
  readonly to: readonly [earliest: Micros, latest: Micros];
  readonly length: readonly [shortest: Micros, longest: Micros];
  readonly lowest: number;
  /** Whose chains are told when those of others differ: the worst one's. Empty when all are the same. */
  readonly example: string;
  /** Chain of the worst one, root first. */
  readonly causes: readonly string[];
  readonly endedBy: readonly string[];
  readonly open: boolean;
  /** How many replications it happened in. */
  readonly replications: number;
}

/**
 * Groups outages and orders them by what they cost.
 * Equal means: service, times, depth and chain. When that leaves more than `most` groups, times may differ; then the numbers
 * and cluster names within chains too; then only the service and the root cause count.
 */
export function groupOutages(outages: readonly Outage[], most = 20): OutageGroup[] {
  const groups = groupReadably(outages, [exactKey, chainKey, patternKey, rootKey], most);
  return groups
    .map(toGroup)
    .sort((a, b) => Number(a.lowest > 0) - Number(b.lowest > 0) || worst(b) - worst(a) || byName(a, b));
}

/** Full seconds of service lost, in microseconds: the time below 1, weighted with the share that was missing. */
export function lostTime(outage: Outage): number {
  if (outage.segments.length === 0) return (1 - outage.lowest) * (outage.to - outage.from);
  return outage.segments.reduce((total, s) => total + (1 - s.value) * (s.to - s.from), 0);
}

const exactKey = (o: Outage): string => keyOf(o.service, o.from, o.to, o.lowest, o.open, o.causes, o.endedBy);

const chainKey = (o: Outage): string => keyOf(o.service, o.lowest === 0, o.open, o.causes, o.endedBy);

const patternKey = (o: Outage): string => {
  const [root, ...others] = o.causes;
  return keyOf(o.service, o.lowest === 0, o.open, root, ...others.map((cause) => pattern(cause, o)));
};

const rootKey = (o: Outage): string => keyOf(o.service, o.lowest === 0, o.open, o.causes[0]);

/** A cause without what sets one cluster or one replica apart from the next. */
function pattern(cause: string, outage: Outage): string {
  return cause.replaceAll(owner(outage.labels), '*').replace(/\d+/g, '#');
}

function toGroup(outages: readonly Outage[]): OutageGroup {
  const leader = outages.reduce((a, b) => (lostTime(b) > lostTime(a) ? b : a));
  return {
    service: leader.service,
    owners: [...new Set(outages.map((o) => owner(o.labels)))].sort(compareNames),
    outages,
    from: range(outages.map((o) => o.from)),
    to: range(outages.map((o) => o.to)),
    length: range(outages.map((o) => (o.to - o.from) as Micros)),
    lowest: outages.reduce((low, o) => Math.min(low, o.lowest), 1),
    example: outages.every((o) => sameChains(o, leader)) ? '' : owner(leader.labels),
    causes: leader.causes,
    endedBy: leader.endedBy,
    open: leader.open,
    replications: new Set(outages.map((o) => o.replication)).size,
  };
}

const sameChains = (a: Outage, b: Outage): boolean =>
  keyOf(a.causes, a.endedBy) === keyOf(b.causes, b.endedBy);

/** Least and greatest of a list that is not empty. */
export function range(values: readonly Micros[]): readonly [Micros, Micros] {
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const worst = (group: OutageGroup): number =>
  group.outages.reduce((most, o) => Math.max(most, lostTime(o)), 0);

const byName = (a: OutageGroup, b: OutageGroup): number =>
  compareNames(a.service, b.service) || compareNames(a.owners[0]!, b.owners[0]!);
