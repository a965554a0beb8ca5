/** A plan of upgrades as text that a person reads in a terminal. */
import type { UpgradePlan } from '../../models/versions/plan/steps.ts';
import { type Layout, paint, plain, wrap } from '../../reports/text/layout.ts';
import {
  nearestText,
  type RefusalLine,
  refusalLines,
  refuses,
  releaseName,
  type StepLine,
  sizeOf,
  stepLines,
} from './lines.ts';

const LEAST_WIDTH = 60;

export function planText(
  plan: UpgradePlan,
  options: { readonly width?: number; readonly color?: boolean },
): string {
  const layout: Layout = {
    width: Math.min(140, Math.max(LEAST_WIDTH, options.width ?? 100)),
    paint: paint(options.color ?? false),
  };
  return `${linesOf(plan, layout).map(plain).join('\n')}\n`;
}

function linesOf(plan: UpgradePlan, layout: Layout): readonly string[] {
  const refused = refusalLines(plan);
  const { title, good, bad } = layout.paint;
  const count = plan.refused.length;
  const verdict = count === 0 ? '' : `, and ${count} that ${count === 1 ? 'does' : 'do'} not get there`;
  const head = `${plan.fleet} to ${plan.to}: ${sizeOf(plan)}${verdict}`;
  return [
    ...wrap(head, layout.width, '', '  ').map(count === 0 ? good : bad),
    ...(count === 0 ? [] : wrap(nearestText(plan), layout.width, '', '  ')),
    ...plan.stages.flatMap((stage) => [
      '',
      title(`Stage ${stage.number}`),
      ...stepLines(stage).flatMap((line) => stepText(line, layout)),
    ]),
    ...(refused.length > 0 ? ['', title('Refused')] : []),
    ...refused.flatMap((line) => refusalText(line, layout)),
    ...(plan.notes.length > 0 ? ['', title('Notes')] : []),
    ...plan.notes.flatMap((note) => wrap(note, layout.width, '  - ', '    ')),
  ];
}

function stepText({ whom, what, why }: StepLine, { width, paint }: Layout): readonly string[] {
  return [...wrap(`${whom}: ${what}`, width, '  ', '    '), ...wrap(why, width, '    ').map(paint.faint)];
}

function refusalText(
  { whom, single, from, reaches, findings, heldUpBy }: RefusalLine,
  { width, paint }: Layout,
) {
  const where =
    from === reaches
      ? `${single ? 'stays' : 'stay'} at ${releaseName(from)}`
      : `from ${from} ${single ? 'gets' : 'get'} as far as ${reaches}`;
  return [
    ...wrap(`${whom}: ${where}`, width, '  ', '    '),
    ...(heldUpBy === '' ? [] : wrap(`held up by ${heldUpBy}`, width, '    ', '      ').map(paint.bad)),
    ...findings.flatMap(({ rule, found }) => [
      ...wrap(`${rule.id} (${refuses(rule)}): ${found}`, width, '    ', '      ').map(paint.bad),
      ...wrap(rule.statement, width, '      '),
      ...(rule.remedy === undefined ? [] : wrap(`What frees the way: ${rule.remedy}`, width, '      ')),
      ...wrap(rule.source, width, '      ').map(paint.faint),
    ]),
  ];
}
