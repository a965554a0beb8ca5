/** A plan of upgrades as Markdown, for a change request. */
import type { UpgradePlan } from '../../models/versions/plan/steps.ts';
import { escapeMarkdown } from '../../reports/matrix/markdown.ts';
import { plain } from '../../reports/text/layout.ts';
import { nearestText, refusalLines, refuses, releaseName, sizeOf, stepLines } from './lines.ts';

/** Text of users never becomes markup. */
export function planMarkdown(plan: UpgradePlan): string {
  const safe = (text: string): string => escapeMarkdown(plain(text));
  const steps = plan.stages.flatMap((stage) =>
    stepLines(stage).map((line) => [`${stage.number}`, ...[line.whom, line.what, line.why].map(safe)]),
  );
  const refused = refusalLines(plan).flatMap(({ whom, reaches, findings, heldUpBy }) =>
    findings.map(({ rule, found }) => [
      safe(whom),
      safe(releaseName(reaches)),
      `\`${rule.id}\` (${refuses(rule)})`,
      ...[`${found}. ${rule.statement}`, heldUpBy, rule.remedy ?? '', rule.source].map(safe),
    ]),
  );
  const parts = [
    `## Upgrade of ${safe(plan.fleet)} to ${safe(plan.to)}`,
    `${sizeOf(plan)}.${plan.refused.length > 0 ? ` ${nearestText(plan)}` : ''}`,
    ...(steps.length > 0 ? [table(['stage', 'whom', 'what', 'why'], steps)] : []),
    ...(refused.length > 0
      ? [
          '### Refused',
          table(['whom', 'gets to', 'rule', 'why', 'held up by', 'what frees the way', 'source'], refused),
        ]
      : []),
    ...plan.notes.map((note) => `- ${safe(note)}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
