/** What the run comes to for those who use it, in a few sentences: who lost the API, who never found a node, which upgrades got nowhere. */
import type { Outage, RunResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { accountText, fellShort } from './campaigns.ts';
import { formatCount, formatRatio, formatSpan, plural } from './format.ts';
import { groupBy, owner } from './labels.ts';
import { longestDown, segmentsOf } from './levels.ts';
import { compareNames } from './names.ts';
import { reasonsOf } from './pending.ts';
import { standsStill } from './upgrades.ts';

/** The API account, where there are hosted clusters, the pods that found no node at the start, and what upgrades and campaigns did not reach, if any. */
export function accountOf(run: RunResult): string[] {
  return [...apiAccount(run), ...startAccount(run), ...upgradeAccount(run)];
}

/** What one hosted cluster lost of its API. */
interface Loss {
  readonly name: string;
  readonly down: Micros;
  /** Lowest level, and the longest outage. */
  readonly lowest: number;
  readonly longest: Micros;
  readonly neverUp: boolean;
}

function apiAccount(run: RunResult): string[] {
  const all = run.fleet.hostedClusters;
  if (all === 0) return [];
  const losses = groupBy(
    run.outages.filter(({ service }) => service === 'api'),
    ({ labels }) => owner(labels),
  ).map(lossOf);
  const never = losses.filter(({ neverUp }) => neverUp);
  const down = losses.filter((loss) => loss.down > 0 && !loss.neverUp);
  const dented = losses.filter((loss) => loss.down === 0);
  const parts = [
    ...(never.length > 0 ? [`${share(never.length, all)} never came up`] : []),
    ...(down.length > 0 || never.length === 0 ? [downText(down, all)] : []),
    ...(dented.length > 0 ? [dentText(dented, all)] : []),
  ];
  const over = run.replications > 1 ? ` (in any of ${run.replications} replications)` : '';
  return [`Hosted APIs: ${parts.join('; ')}${over}`];
}

function lossOf(outages: readonly Outage[]): Loss {
  return {
    name: owner(outages[0]!.labels),
    down: outages.reduce((longest, o) => Math.max(longest, longestDown(o)), 0) as Micros,
    lowest: outages.reduce((lowest, o) => Math.min(lowest, o.lowest), 1),
    longest: outages.reduce((longest, o) => Math.max(longest, o.to - o.from), 0) as Micros,
    neverUp: outages.some((o) => o.from === 0 && o.open && segmentsOf(o).every(({ value }) => value === 0)),
  };
}

/** `none went down`, or `2 of 20 were down, longest 33m7s (tenant-4)`. */
function downText(down: readonly Loss[], all: number): string {
  if (down.length === 0) return 'none went down';
  const [worst] = [...down].sort((a, b) => b.down - a.down || compareNames(a.name, b.name));
  const verb = down.length === 1 ? 'was' : 'were';
  return `${share(down.length, all)} ${verb} down, longest ${formatSpan(worst!.down)} (${worst!.name})`;
}

function dentText(dented: readonly Loss[], all: number): string {
  const lowest = dented.reduce((low, loss) => Math.min(low, loss.lowest), 1);
  const longest = dented.reduce((long, loss) => Math.max(long, loss.longest), 0) as Micros;
  return `${share(dented.length, all)} lost up to ${fraction(1 - lowest)} of requests for up to ${formatSpan(longest)}`;
}

const share = (count: number, all: number): string => `${formatCount(count)} of ${formatCount(all)}`;

const FRACTIONS: readonly (readonly [number, string])[] = [
  [1 / 4, 'a quarter'],
  [1 / 3, 'a third'],
  [1 / 2, 'half'],
  [2 / 3, 'two thirds'],
  [3 / 4, 'three quarters'],
];

function fraction(part: number): string {
  return FRACTIONS.find(([value]) => Math.abs(value - part) < 1e-9)?.[1] ?? formatRatio(part);
}

const MOST_REASONS = 3;

/** `46 pods of 9 hosted clusters found no node at the start (Insufficient cpu, Too many pods), 12 of them to the end`. */
function startAccount({ pending }: RunResult): string[] {
  const pods = pending.filter(({ since }) => since === 0);
  if (pods.length === 0) return [];
  const owners = new Set(pods.map(({ labels }) => owner(labels)));
  const clusters = owners.size === 1 ? [...owners][0]! : plural(owners.size, 'cluster');
  const open = pods.filter(({ until }) => until === undefined).length;
  const end =
    open === 0 ? '' : open === pods.length ? ', nor later' : `, ${formatCount(open)} of them nor later`;
  return [
    `${plural(pods.length, 'pod')} of ${clusters} found no node at the start (${mainReasons(pods)})${end}`,
  ];
}

/** The reasons of most pods. Nodes of other roles refuse everybody: they are named only when nothing else is. */
function mainReasons(pods: RunResult['pending']): string {
  const counts = new Map<string, number>();
  for (const pod of pods)
    for (const reason of reasonsOf(pod)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const all = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([reason]) => reason);
  const own = all.filter((reason) => !reason.includes('node-role.kubernetes.io/'));
  const shown = own.length > 0 ? own : all;
  const words = shown.slice(0, MOST_REASONS).map((reason) => reason.replace(/^node\(s\) /, ''));
  return words.join(', ') + (shown.length > MOST_REASONS ? ', …' : '');
}

/** `Upgrades: 2 of 12 stand still at the end, 1 was refused`, and which campaigns fell short; nothing where all went well. */
function upgradeAccount({ upgrades, campaigns, replications }: RunResult): string[] {
  const which = replications > 1 ? ' (first replication)' : '';
  const parts = [
    [upgrades.filter(standsStill).length, 'stands still at the end', 'stand still at the end'],
    [
      upgrades.filter((one) => one.outcome === 'going-on' && !standsStill(one)).length,
      'is not over at the end',
      'are not over at the end',
    ],
    [upgrades.filter(({ outcome }) => outcome === 'refused').length, 'was refused', 'were refused'],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${share(count, upgrades.length)} ${count === 1 ? one : many}`);
  return [
    ...(told.length > 0 ? [`Upgrades: ${told.join(', ')}${which}`] : []),
    ...campaigns.filter((one) => fellShort(one) > 0).map(accountText),
  ];
}
