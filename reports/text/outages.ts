import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { groupOutages, type OutageGroup } from '../view/outages.ts';
import { outageText } from '../view/sentences.ts';
import { type Layout, wrap } from './layout.ts';

const MOST = 20;

/** The outages, worst first, with the chain from root cause to effect and what ended them. */
export function outageLines(run: RunResult, layout: Layout): string[] {
  const { paint } = layout;
  if (run.outages.length === 0) return [paint.title('Outages'), 'None: no service was ever below 100%.'];
  const groups = groupOutages(run.outages, MOST);
  const hidden = groups.length - MOST;
  return [
    `${paint.title('Outages')} ${paint.faint(`${plural(run.outages.length, 'outage')}, worst first`)}`,
    ...groups.slice(0, MOST).flatMap((group) => groupLines(group, run, layout)),
    ...(hidden > 0
      ? [paint.faint(`and ${plural(hidden, 'more group')} of outages (all of them: -o json)`)]
      : []),
  ];
}

function groupLines(group: OutageGroup, run: RunResult, { width, paint }: Layout): string[] {
  const example = group.example === '' ? '' : `${group.example}: `;
  const chain = example + (group.causes.length > 0 ? group.causes.join(' → ') : 'cause unknown');
  const [head, ...rest] = wrap(outageText(group, run), width - 2, '', '    ');
  const ended = group.open
    ? ['still so at the end of the run']
    : group.endedBy.length > 0
      ? [`ended by ${group.endedBy.join(' → ')}`]
      : [];
  return [
    `  ${(group.lowest === 0 ? paint.bad : paint.unsure)(head!)}`,
    ...rest,
    ...wrap(chain, width, '    ', '      '),
    ...ended.flatMap((text) => wrap(text, width, '    ', '      ').map(paint.faint)),
  ];
}
