/** Upgrades that came out alike, told once: how long, phase by phase, what held them up, and whose services fell meanwhile. */
import type { RunResult, UpgradeDip, UpgradeResult } from '../../sim/result.ts';
import { type Micros, seconds } from '../../sim/time.ts';
import { formatRatio, plural, spanRange } from './format.ts';
import { groupBy, groupReadably, keyOf, owner } from './labels.ts';
import { compareNames, mergeNames } from './names.ts';
import { type Range, range } from './range.ts';
import { byMagnitude } from './spread.ts';

export const UPGRADES_TITLE = 'Upgrades';

/** Upgrades of one group, in sentences. */
export interface UpgradeGroup {
  readonly upgrades: readonly UpgradeResult[];
  /** `hosted clusters tenant-0 … tenant-9 (10) from 4.19.8 to 4.20.3: completed in 20m … 31m, asked for at 1h`. */
  readonly head: string;
  /** Whether they reached what was asked for. */
  readonly good: boolean;
  /** What each phase took; empty without phases. */
  readonly phases: string;
  /** A sentence per rule that was broken and stopped nothing, and whatever else is to be known. */
  readonly remarks: readonly string[];
  /** A sentence per thing that was waited for. */
  readonly waits: readonly string[];
  /** A sentence per service that fell. */
  readonly dips: readonly string[];
}

const MOST_PHASES = 8;
const MOST_WAITS = 4;
const MOST_DIPS = 8;

/** Upgrades in the order in which somebody should look at them: what stands still, what goes on, what was refused, the rest. */
const URGENCY: readonly UpgradeResult['outcome'][] = ['going-on', 'refused', 'superseded', 'completed'];
const urgency = (one: UpgradeResult): number => (standsStill(one) ? -1 : URGENCY.indexOf(one.outcome));

/** Whether an upgrade waits for something at the end of the run. */
export const standsStill = ({ outcome, waits }: UpgradeResult): boolean =>
  outcome === 'going-on' && waits.some(({ to }) => to === undefined);

/**
 * Groups of upgrades: first those that stand still, then those that go on, were refused, and the others; alike in the order in which their
 * first was asked for. At most `most`, or as many as there are outcomes. What took more than 4 times as long as another stands by itself where
 * that leaves no more groups.
 */
export function upgradeGroups({ upgrades, duration }: RunResult, most: number): UpgradeGroup[] {
  const coarse = (one: UpgradeResult) => [
    one.kind,
    one.after,
    one.change ?? one.before === one.after,
    one.outcome,
    one.byItself === undefined,
    standsStill(one),
    one.refusal,
  ];
  const exact = (one: UpgradeResult) => [
    ...coarse(one),
    one.before,
    reasons(one),
    one.remarks.map(kindOf),
    one.affected.length > 0,
  ];
  const keys = [exact, coarse].map((key) => (one: UpgradeResult) => keyOf(...key(one)));
  const urgent = upgrades.toSorted((one, other) => urgency(one) - urgency(other));
  const groups = groupReadably(urgent, keys, most);
  const alike = groups.flatMap((group) =>
    inTheirOrder(
      group,
      byMagnitude(group, (one) => tookOf(one, duration)),
    ),
  );
  return (alike.length <= most ? alike : groups).map((group) => ({
    upgrades: group,
    head: headOf(group, duration),
    good: group[0]!.outcome === 'completed',
    phases: phasesOf(group, duration),
    remarks: remarksOf(group),
    waits: waitsOf(group, duration),
    dips: dipsOf(group),
  }));
}

/** Parts of a list, and what is in each, as they come in it. */
function inTheirOrder<T>(all: readonly T[], parts: readonly (readonly T[])[]): T[][] {
  const partOf = new Map(parts.flatMap((part) => part.map((one) => [one, part] as const)));
  const ordered = new Map<unknown, T[]>();
  for (const one of all) {
    const part = partOf.get(one);
    const sofar = ordered.get(part);
    if (sofar === undefined) ordered.set(part, [one]);
    else sofar.push(one);
  }
  return [...ordered.values()];
}

const reasons = ({ waits }: UpgradeResult): readonly string[] =>
  [...new Set(waits.map(({ why }) => kindOf(why)))].sort((a, b) => (a < b ? -1 : 1));

/** What each kind of subject is called, of one and of several. */
export const UPGRADE_NOUNS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  hostedCluster: ['hosted cluster', 'hosted clusters'],
  nodePool: ['node pool', 'node pools'],
  managementCluster: ['management cluster', 'management clusters'],
  machineConfigPool: ['machine config pool', 'machine config pools'],
  operator: ['operator of', 'operators of'],
};

function headOf(group: readonly UpgradeResult[], end: Micros): string {
  const { kind, outcome, refusal } = group[0]!;
  const names = group.map(({ name }) => name).sort(compareNames);
  const noun = (UPGRADE_NOUNS[kind] ?? [kind, kind])[new Set(names).size === 1 ? 0 : 1];
  const took = tookText(group, end);
  const became = {
    completed: `completed in ${took}`,
    superseded: `superseded after ${took}`,
    'going-on': `still going on after ${took}`,
    refused: `refused: ${refusal}`,
  }[outcome];
  return `${noun} ${mergeNames(names)} ${changeText(group)}: ${became}, ${askedText(group)}`;
}

/** How long an upgrade took, or goes on so far. */
const tookOf = ({ asked, ended }: UpgradeResult, end: Micros): Micros => ((ended ?? end) - asked) as Micros;

/** The slowest is named where it took this many times as long as the fastest. */
const WIDE = 1.1;

/** `14m42s … 15m13s`, or `40m47s … 2h24m8s (tenant-3/metal)` where that is no longer the same. */
function tookText(group: readonly UpgradeResult[], end: Micros): string {
  const [least, most] = range(group.map((one) => tookOf(one, end)));
  const text = spanRange([least, most]);
  if (most <= WIDE * least) return text;
  const slowest = group.filter((one) => tookOf(one, end) === most).map(({ name }) => name);
  return `${text} (${mergeNames(slowest.sort(compareNames))})`;
}

/** `asked for at 1h`, or `begun by itself at 3h, refused when asked for at 1h`. */
function askedText(group: readonly UpgradeResult[]): string {
  const at = spanRange(range(group.map(({ asked }) => asked)));
  if (group[0]!.byItself === undefined) return `asked for at ${at}`;
  const requested = group.flatMap(({ byItself }) => byItself?.requested ?? []);
  const when = requested.length === 0 ? 'before the run' : `at ${spanRange(range(requested))}`;
  return `begun by itself at ${at}, refused when asked for ${when}`;
}

/** What was asked for where nobody named a release, in words. */
export const UPGRADE_CHANGES: Readonly<Record<string, string>> = {
  config: 'other MachineConfigs',
  tuning: 'another tuning',
  platform: 'another platform of the machines',
  pause: 'paused',
  resume: 'resumed',
};

function changeText(group: readonly UpgradeResult[]): string {
  const { after, change } = group[0]!;
  if (change === undefined) return releaseText(group);
  const stays = group.every((one) => one.before === one.after);
  return `${stays ? `at ${after}` : releaseText(group)}, ${UPGRADE_CHANGES[change] ?? change}`;
}

function releaseText(group: readonly UpgradeResult[]): string {
  const { before, after } = group[0]!;
  if (group.every((one) => one.before === one.after)) return `at ${after}, the same release again`;
  return group.every((one) => one.before === before) ? `from ${before} to ${after}` : `to ${after}`;
}

interface Stretch {
  readonly from: Micros;
  readonly to?: Micros;
}

/** The length of several stretches of time together; those that overlap count each. */
const lengthOf = (stretches: readonly Stretch[], end: Micros): Micros =>
  stretches.reduce((sum, { from, to = end }) => sum + to - from, 0) as Micros;

/** Lengths within the upgrades of a group, by a key of what is measured, in order of first appearance. */
function lengths<T extends Stretch>(
  group: readonly UpgradeResult[],
  of: (upgrade: UpgradeResult) => readonly T[],
  key: (item: T) => string,
  end: Micros,
): { readonly first: T; readonly count: number; readonly length: Range }[] {
  const perUpgrade = group.flatMap((upgrade) => groupBy(of(upgrade), key));
  return groupBy(perUpgrade, ([first]) => key(first!)).map((items) => ({
    first: items[0]![0]!,
    count: items.length,
    length: range(items.map((stretches) => lengthOf(stretches, end))),
  }));
}

const outOf = (count: number, group: readonly UpgradeResult[]): string =>
  count === group.length ? '' : ` (${count} of ${group.length})`;

function phasesOf(group: readonly UpgradeResult[], end: Micros): string {
  const phases = lengths(
    group,
    (upgrade) => upgrade.phases,
    (phase) => phase.name,
    end,
  );
  // Those of one node after the other are told together.
  const kinds = groupBy(phases, ({ first }) => kindOf(first.name));
  const shown = kinds.slice(0, MOST_PHASES).map((same) => {
    const names = mergeNames(same.map(({ first }) => first.name).sort(compareNames), 1);
    const length = spanRange(range(same.flatMap((one) => one.length)));
    return `${names} ${length}${same.length === 1 ? outOf(same[0]!.count, group) : ''}`;
  });
  const hidden = kinds.length - MOST_PHASES;
  return [...shown, ...(hidden > 0 ? [plural(hidden, 'more phase')] : [])].join(', ');
}

/** Reasons that differ in numbers alone, as those of one node after the other, are of one kind. */
const kindOf = (why: string): string => why.replaceAll(/\d+/g, '#');

function waitsOf(group: readonly UpgradeResult[], end: Micros): string[] {
  const waits = lengths(
    group,
    (upgrade) => upgrade.waits,
    (wait) => keyOf(wait.phase, kindOf(wait.why)),
    end,
  ).sort((one, other) => other.length[1] - one.length[1]);
  const shown = waits.slice(0, MOST_WAITS).map(({ first, count, length }) => {
    const open = first.to === undefined ? ', and still does' : '';
    return `${first.phase} waited for ${spanRange(length)}${outOf(count, group)}${open}: ${first.why}${alike(group, first)}`;
  });
  const hidden = waits.length - MOST_WAITS;
  return [...shown, ...(hidden > 0 ? [`${plural(hidden, 'more reason')} to wait, shorter`] : [])];
}

/** How many other reasons stand for one. */
function alike(group: readonly UpgradeResult[], first: UpgradeResult['waits'][number]): string {
  const same = group
    .flatMap(({ waits }) => waits)
    .filter(({ phase, why }) => phase === first.phase && kindOf(why) === kindOf(first.why));
  const others = new Set(same.map(({ why }) => why)).size - 1;
  return others === 0 ? '' : `, and ${others} alike`;
}

function remarksOf(group: readonly UpgradeResult[]): string[] {
  const remarks = group.flatMap((one) => [...new Set(one.remarks)].map((remark) => ({ one, remark })));
  return groupBy(remarks, ({ remark }) => kindOf(remark)).map((same) => {
    const count = new Set(same.map(({ one }) => one)).size;
    return `remarked${outOf(count, group)}: ${same[0]!.remark}`;
  });
}

function dipsOf(group: readonly UpgradeResult[]): string[] {
  const dips = group.flatMap(({ affected }) => affected);
  // Told together is only what fell equally far; where that is too much to read, at least nobody is said to have been down who was not.
  const exact = (dip: UpgradeDip) => keyOf(dip.service, formatRatio(dip.lowest));
  const coarse = (dip: UpgradeDip) => keyOf(dip.service, dip.lowest === 0);
  const told = groupReadably(dips, [exact, coarse], MOST_DIPS).map((same) => ({
    service: same[0]!.service,
    fell: `${fellOf(same)} and lost ${spanRange(range(same.map((dip) => seconds(dip.lost))))}`,
    names: mergeNames([...new Set(same.map(({ labels }) => owner(labels)))].sort(compareNames)),
  }));
  // Services that fall with each other, as most do with the API, share a sentence.
  return groupBy(told, ({ names, fell }) => keyOf(names, fell)).map((same) => {
    const { names, fell } = same[0]!;
    return `meanwhile ${same.map(({ service }) => service).join(', ')} of ${names} fell to ${fell}`;
  });
}

/** `0% at the lowest`, or `5% … 50% at the lowest`. */
function fellOf(dips: readonly UpgradeDip[]): string {
  const levels = dips.map((dip) => dip.lowest).sort((a, b) => a - b);
  const [low, high] = [formatRatio(levels[0]!), formatRatio(levels.at(-1)!)];
  return `${low === high ? low : `${low} … ${high}`} at the lowest`;
}
