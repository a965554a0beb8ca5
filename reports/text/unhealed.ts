import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { UNHEALED_TITLE, unhealedGroups } from '../view/unhealed.ts';
import { type Layout, wrap } from './layout.ts';

const MOST = 12;

/** What the fleet does not get back by itself, why, and what to do about it. */
export function unhealedLines(run: RunResult, { width, paint }: Layout): string[] {
  if (run.unhealed.length === 0) return [];
  const groups = unhealedGroups(run);
  const hidden = groups.length - MOST;
  return [
    `${paint.title(UNHEALED_TITLE)} ${paint.faint(`${plural(run.unhealed.length, 'thing')} at the end`)}`,
    ...groups
      .slice(0, MOST)
      .flatMap(({ what, why, remedy }) => [
        ...wrap(`${what}: ${why}`, width, '  ', '    '),
        ...wrap(`remedy: ${remedy}`, width, '    ', '      ').map(paint.faint),
      ]),
    ...(hidden > 0 ? [paint.faint(`and ${plural(hidden, 'more group')} (all of them: -o json)`)] : []),
  ];
}
