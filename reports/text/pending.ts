import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { mergeNames } from '../view/names.ts';
import { type PendingGroup, pendingTexts, refusalText } from '../view/pending.ts';
import { pendingText } from '../view/sentences.ts';
import { type Layout, wrap } from './layout.ts';

const MOST = 12;

/** Pods that waited for a node and why each node refused them. */
export function pendingLines(run: RunResult, layout: Layout): string[] {
  const { paint } = layout;
  if (run.pending.length === 0) return [];
  const { groups, short } = pendingTexts(run, MOST);
  const hidden = groups.length - MOST;
  return [
    `${paint.title('Pending pods')} ${paint.faint(plural(run.pending.length, 'pod'))}`,
    ...groups.slice(0, MOST).flatMap((group) => groupLines(group, layout)),
    ...(hidden > 0
      ? [paint.faint(`and ${plural(hidden, 'more group')} of pods (all of them: -o json)`)]
      : []),
    ...(short === '' ? [] : wrap(short, layout.width, '  ').map(paint.faint)),
  ];
}

function groupLines(group: PendingGroup, { width, paint }: Layout): string[] {
  return [
    ...wrap(pendingText(group), width, '  ', '    '),
    ...wrap(refusalText(group), width, '    ', '      ').map(paint.faint),
    ...group.reasons.flatMap(({ reason, nodes }) =>
      wrap(`${mergeNames(nodes)}: ${reason}`, width, '      ', '        '),
    ),
  ];
}
