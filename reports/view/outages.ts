/** Outages for reading: equal ones of many clusters told once, worst first. */
import type { InjectedEvent, Outage, RunResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { fallOf } from './chains.ts';
import { groupBy, keyOf, owner } from './labels.ts';
import { segmentsOf } from './levels.ts';
import { compareNames } from './names.ts';
import { pattern } from './patterns.ts';
import { type Range, range } from './range.ts';
import { byMagnitude } from './spread.ts';

/** Outages that tell one story. Earliest, latest and lowest over all of them. */
export interface OutageGroup {
  /** One, or several that fell, waited and came back together. */
  readonly services: readonly string[];
  readonly owners: readonly string[];
  readonly outages: readonly Outage[];
  readonly from: Range;
  readonly to: Range;
  readonly length: Range;
  readonly lowest: number;
  /** The worst one: its chains are told. */
  readonly leader: Outage;
  /** Whose chains are told when those of others differ. Empty when all are the same. */
  readonly example: string;
  readonly open: boolean;
  /** How many replications it happened in. */
  readonly replications: number;
}

/** The outages of a run under two headings. */
export interface OutageList {
  readonly groups: readonly OutageGroup[];
  /** Those that were there from the beginning and that no injected event caused. */
  readonly initial: readonly OutageGroup[];
}

export function listOutages(run: RunResult, most: number): OutageList {
  const injected = new Set(run.injected.map(({ label }) => label));
  const isInitial = (o: Outage): boolean => o.from === 0 && !injected.has(fallOf(o)[0] ?? '');
  return {
    groups: groupOutages(
      run.outages.filter((o) => !isInitial(o)),
      most,
      run.injected,
    ),
    initial: groupOutages(run.outages.filter(isInitial), most),
  };
}

/**
 * Groups outages and orders them by what they cost.
 * Equal means: service, times, depth and chain. When that leaves more than `most` groups, times may differ; then the numbers
 * and cluster names within chains too; both first among the outages of one event, then among those of all events that are called
 * the same; then only the service, the root cause and the kind of end count. Lengths within a group never differ by more than a factor of 4.
 */
export function groupOutages(
  outages: readonly Outage[],
  most = 20,
  injected: readonly InjectedEvent[] = [],
): OutageGroup[] {
  const begun = beginnings(injected);
  // Of the events that are called as the root cause, the last before the outage.
  const eventOf = (o: Outage): number => begun.get(fallOf(o)[0] ?? '')?.findLast((at) => at <= o.from) ?? -1;
  const ofOneEvent = (key: (o: Outage) => string) => (o: Outage) => keyOf(key(o), eventOf(o));
  let groups: Outage[][] = [];
  const keys = [exactKey, ofOneEvent(chainKey), ofOneEvent(patternKey), chainKey, patternKey, rootKey];
  for (const key of keys) {
    groups = groupBy(outages, key).flatMap((group) => byMagnitude(group, (o) => o.to - o.from));
    if (groups.length <= most) break;
  }
  return together(groups.map(toGroup)).sort(
    (a, b) => lostTime(b.leader) - lostTime(a.leader) || byName(a, b),
  );
}

/** When events began, by what they are called; in order. */
function beginnings(injected: readonly InjectedEvent[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { label, at } of [...injected].sort((x, y) => x.at - y.at)) {
    const known = found.get(label);
    if (known === undefined) found.set(label, [at]);
    else known.push(at);
  }
  return found;
}

/** Services of the same clusters whose outages are the same in all they tell. */
function together(groups: readonly OutageGroup[]): OutageGroup[] {
  const told = ({ owners, from, to, length, outages, leader }: OutageGroup): string =>
    keyOf(owners, from, to, length, outages.length, leader.labels, leader.segments, leader.endedBy);
  return groupBy(groups, told).map((same) => ({
    ...same[0]!,
    services: same.flatMap(({ services }) => services).sort(compareNames),
  }));
}

/** Full seconds of service lost, in microseconds: the time below 1, weighted with the share that was missing. */
function lostTime(outage: Outage): number {
  return segmentsOf(outage).reduce((total, s) => total + (1 - s.value) * (s.to - s.from), 0);
}

const exactKey = (o: Outage): string =>
  keyOf(o.service, o.from, o.to, o.lowest, o.open, fallOf(o), o.endedBy);

const chainKey = (o: Outage): string => keyOf(o.service, o.lowest === 0, o.open, fallOf(o), o.endedBy);

const patternKey = (o: Outage): string => {
  const [root, ...others] = fallOf(o);
  return keyOf(o.service, o.lowest === 0, o.open, endKind(o), root, ...others.map((c) => pattern(c, o)));
};

const rootKey = (o: Outage): string => keyOf(o.service, o.lowest === 0, o.open, endKind(o), fallOf(o)[0]);

/** Which kind of last link ended it. */
const endKind = (o: Outage): string => pattern(o.endedBy.at(-1) ?? '', o);

function toGroup(outages: readonly Outage[]): OutageGroup {
  const leader = outages.reduce((a, b) => (lostTime(b) > lostTime(a) ? b : a));
  return {
    services: [leader.service],
    owners: [...new Set(outages.map((o) => owner(o.labels)))].sort(compareNames),
    outages,
    from: range(outages.map((o) => o.from)),
    to: range(outages.map((o) => o.to)),
    length: range(outages.map((o) => (o.to - o.from) as Micros)),
    lowest: outages.reduce((low, o) => Math.min(low, o.lowest), 1),
    leader,
    example: outages.every((o) => sameChains(o, leader)) ? '' : owner(leader.labels),
    open: leader.open,
    replications: new Set(outages.map((o) => o.replication)).size,
  };
}

const sameChains = (a: Outage, b: Outage): boolean =>
  keyOf(fallOf(a), a.endedBy) === keyOf(fallOf(b), b.endedBy);

const byName = (a: OutageGroup, b: OutageGroup): number =>
  compareNames(a.services[0]!, b.services[0]!) || compareNames(a.owners[0]!, b.owners[0]!);
