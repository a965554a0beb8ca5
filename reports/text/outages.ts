import type { RunResult } from '../../sim/result.ts';
import { chainText, fallOf } from '../view/chains.ts';
import { endings } from '../view/endings.ts';
import { plural, spanRange } from '../view/format.ts';
import { levelText } from '../view/levels.ts';
import { listOutages, type OutageGroup } from '../view/outages.ts';
import { phasesOf } from '../view/phases.ts';
import { outageText, phaseText } from '../view/sentences.ts';
import { type Layout, wrap } from './layout.ts';

const MOST = 20;

/** The outages, worst first: the chain of the fall, the phases, what ended them. */
export function outageLines(run: RunResult, layout: Layout): string[] {
  const { paint } = layout;
  if (run.outages.length === 0) return [paint.title('Outages'), 'None: no service was ever below 100%.'];
  const { groups, initial } = listOutages(run, MOST);
  return [
    ...section('Outages', groups, run, layout),
    ...(groups.length > 0 && initial.length > 0 ? [''] : []),
    ...section('From the beginning, not by an event', initial, run, layout),
  ];
}

function section(title: string, groups: readonly OutageGroup[], run: RunResult, layout: Layout): string[] {
  if (groups.length === 0) return [];
  const { paint } = layout;
  const outages = groups.reduce((sum, group) => sum + group.outages.length * group.services.length, 0);
  const hidden = groups.length - MOST;
  return [
    `${paint.title(title)} ${paint.faint(`${plural(outages, 'outage')}, worst first`)}`,
    ...groups.slice(0, MOST).flatMap((group) => groupLines(group, run, layout)),
    ...(hidden > 0
      ? [paint.faint(`and ${plural(hidden, 'more group')} of outages (all of them: -o json)`)]
      : []),
  ];
}

function groupLines(group: OutageGroup, run: RunResult, layout: Layout): string[] {
  const { width, paint } = layout;
  const example = group.example === '' ? '' : `${group.example}: `;
  const [head, ...rest] = wrap(outageText(group, run), width - 2, '', '    ');
  return [
    `  ${(group.lowest === 0 ? paint.bad : paint.unsure)(head!)}`,
    ...rest,
    ...wrap(example + chainText(fallOf(group.leader)), width, '    ', '      '),
    ...phaseLines(group, layout),
    ...endings(group).flatMap((text) => wrap(text, width, '    ', '      ').map(paint.faint)),
  ];
}

/** A line per phase: since when, how long, at which level where that changes, and what it waited for. */
function phaseLines(group: OutageGroup, { width, paint }: Layout): string[] {
  const { phases, hidden } = phasesOf(group);
  const leveled = phases.some(({ value }) => value !== phases[0]!.value);
  const rows = phases.map((phase) => [
    spanRange(phase.from),
    spanRange(phase.length),
    ...(leveled ? [levelText(phase.value)] : []),
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  const lines = rows.flatMap((row, i) => {
    const figures = row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
    const indent = `      ${figures}  `;
    return wrap(phaseText(phases[i]!, group), width, indent, ' '.repeat(indent.length));
  });
  return [...lines, ...(hidden > 0 ? [paint.faint(`      +${hidden} more, shorter`)] : [])];
}
