/** Upgrades over time as a picture: a line per upgrade, or per group of those that went on at the same times. */
import type { RunResult, UpgradeResult } from '../../sim/result.ts';
import { groupBy, keyOf } from '../view/labels.ts';
import { compareNames, mergeNames } from '../view/names.ts';
import { type Bar, type BarClass, drawBars, sliceOf } from './bars.ts';
import type { Markup } from './markup.ts';

const MOST_LANES = 40;

const UNDER_WAY = { name: 'under way', color: 'var(--up)' };
const WAITS = { name: 'waits', color: 'var(--dented)' };
const REFUSED = { name: 'refused', color: 'var(--down)' };
const CLASSES: readonly BarClass[] = [UNDER_WAY, WAITS, REFUSED];

export interface UpgradeChart {
  /** An `<svg>` element. */
  readonly svg: Markup;
  /** Lines that were left out for space. */
  readonly hidden: number;
}

/** Draws the upgrades of a run, of which there is at least one, in the order in which they were asked for. */
export async function upgradeChart(run: RunResult): Promise<UpgradeChart> {
  const lanes = groupBy(run.upgrades, (one) => keyOf(one.kind, one.after, one.change, barsOf(one, run, '')));
  const bars = lanes.slice(0, MOST_LANES).flatMap((lane) => barsOf(lane[0]!, run, nameOf(lane)));
  return { svg: await drawBars(run, bars, CLASSES), hidden: Math.max(0, lanes.length - MOST_LANES) };
}

function nameOf(lane: readonly UpgradeResult[]): string {
  const names = lane.map(({ name }) => name).sort(compareNames);
  const what = lane[0]!.kind === 'operator' ? 'operator of ' : '';
  const { after, change } = lane[0]!;
  return `${what}${mergeNames(names, 1)} ${change === 'pause' ? 'paused at' : 'to'} ${after}`;
}

function barsOf(one: UpgradeResult, run: RunResult, lane: string): Bar[] {
  const bar = (from: number, to: number, { name: kind }: BarClass): Bar => {
    const start = Math.floor(sliceOf(from, run));
    return { lane, from: start, to: Math.max(start + 1, Math.ceil(sliceOf(to, run))), kind };
  };
  const end = one.ended ?? run.duration;
  if (one.outcome === 'refused') return [bar(one.asked, end, REFUSED)];
  const waits = one.waits.map(({ from, to = end }) => bar(from, to, WAITS));
  return [bar(one.asked, end, UNDER_WAY), ...waits];
}
