/** Waves of a stage: its targets cut into parts, each target in one of them. */
import { byName } from '../events/targets.ts';
import { parsePercentage } from '../read/percentage.ts';
import type { StageSpec } from '../schema/campaign.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Subject } from '../upgrade-subjects.ts';

type Wave = StageSpec['waves'][number];

/** Shares are sums of decimals. */
const ROUNDING = 1e-9;

/**
 * The names of each wave, those that no wave takes as a last one. Reports every wave that wants more than there is.
 * @param subjects in the order in which they are upgraded
 * @param cursor points to the waves
 */
export function wavesOf(subjects: readonly Subject[], waves: readonly Wave[], cursor: Cursor): string[][] {
  let left = subjects.map(({ name }) => name);
  let share = 0;
  let overdrawn = false;
  const cut: string[][] = [];
  waves.forEach((wave, i) => {
    const place = cursor.to(i);
    if (!isOneThing(place)) return;
    const before = cursor.problems.reports;
    share = checkShare(wave, share, place.to('percent'));
    checkCount(wave, left.length, place.to('count'));
    overdrawn ||= cursor.problems.reports > before;
    const taken = takenBy(wave, left, subjects, place);
    // After a wave that wants too much nothing is left for that reason.
    if (taken?.length === 0 && !overdrawn && cursor.problems.reports === before) {
      place.report('selector-matches-nothing', {
        found: 'a wave for which no target is left',
        expected: 'waves that are at most all targets together',
      });
    }
    if (wave.percent === undefined) share += (taken?.length ?? 0) / subjects.length;
    if (taken !== undefined && taken.length > 0) cut.push(taken);
    left = left.filter((name) => taken?.includes(name) !== true);
  });
  return left.length > 0 ? [...cut, left] : cut;
}

/** True for exactly one of the three ways to say who is in a wave; reports none, or several. */
function isOneThing(place: Cursor): boolean {
  const given = (['targets', 'count', 'percent'] as const).filter((key) => place.to(key).node !== undefined);
  if (given.length === 1) return true;
  place.report(given.length === 0 ? 'missing-key' : 'conflicting-keys', {
    found: given.length === 0 ? 'a wave of nothing' : `${given.join(' and ')} in one wave`,
    expected: 'one of targets, count, percent',
  });
  return false;
}

/** @param before the share of all targets that the waves before have. @returns the same with this wave, when that is a share */
function checkShare({ percent }: Wave, before: number, place: Cursor): number {
  const own = percent === undefined ? undefined : parsePercentage(percent);
  if (own === undefined) return before;
  const sum = before + own;
  if (own === 0) {
    place.report('out-of-range', { found: `${percent}, which is nobody`, expected: 'more than 0%' });
  } else if (sum > 1 + ROUNDING) {
    const found = before === 0 ? `${percent}` : `${percent}, with the waves before ${percentText(sum)}`;
    const most = Math.max(0, 1 - before);
    const expected = most > ROUNDING ? `at most ${percentText(most)}` : 'no further share of the targets';
    place.report('out-of-range', { found, expected, hint: 'what no wave takes is a last wave by itself' });
  }
  return sum;
}

const percentText = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;

function checkCount({ count }: Wave, left: number, place: Cursor): void {
  if (count === undefined || count <= left || left === 0) return;
  place.report('out-of-range', {
    found: `count ${count}, of which ${left} ${left === 1 ? 'is' : 'are'} left`,
    expected: `at most ${left}`,
    hint: 'what no wave takes is a last wave by itself',
  });
}

/** The names that a wave takes of those that are left; undefined where what it says could not be read. */
function takenBy(
  { targets, count, percent }: Wave,
  left: readonly string[],
  subjects: readonly Subject[],
  place: Cursor,
): string[] | undefined {
  if (targets !== undefined) {
    const named = byName(targets, subjects, place.to('targets'), 'target of the stage');
    return named.map(({ name }) => name).filter((name) => left.includes(name));
  }
  if (count !== undefined) return left.slice(0, count);
  const share = parsePercentage(percent ?? '');
  return share === undefined ? undefined : left.slice(0, Math.ceil(share * subjects.length));
}
