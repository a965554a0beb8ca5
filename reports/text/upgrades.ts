import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { UPGRADES_TITLE, type UpgradeGroup, upgradeGroups } from '../view/upgrades.ts';
import { type Layout, wrap } from './layout.ts';

const MOST = 12;

/** What was upgraded, how long each phase took, what blocked it and who felt it. */
export function upgradeLines(run: RunResult, layout: Layout): string[] {
  const { paint } = layout;
  if (run.upgrades.length === 0) return [];
  const groups = upgradeGroups(run, MOST);
  const hidden = groups.length - MOST;
  return [
    `${paint.title(UPGRADES_TITLE)} ${paint.faint(plural(run.upgrades.length, 'upgrade'))}`,
    ...groups.slice(0, MOST).flatMap((group) => groupLines(group, layout)),
    ...(hidden > 0 ? [paint.faint(`and ${plural(hidden, 'more group')} (all of them: -o json)`)] : []),
  ];
}

function groupLines(
  { head, good, phases, remarks, waits, dips }: UpgradeGroup,
  { width, paint }: Layout,
): string[] {
  const [first, ...rest] = wrap(head, width - 2, '', '    ');
  const below = (text: string): string[] => wrap(text, width, '    ', '      ');
  return [
    `  ${(good ? paint.good : paint.unsure)(first!)}`,
    ...rest,
    ...(phases === '' ? [] : below(phases).map(paint.faint)),
    ...remarks.flatMap(below),
    ...waits.flatMap(below),
    ...dips.flatMap(below),
  ];
}
