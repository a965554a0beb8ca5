import type { RunResult } from '../../sim/result.ts';
import { CAMPAIGNS_TITLE, campaignTexts } from '../view/campaigns.ts';
import { type Layout, wrap } from './layout.ts';

/** How campaigns went: each with its waves, why it stopped, and what was brought back. */
export function campaignLines(run: RunResult, { width, paint }: Layout): string[] {
  if (run.campaigns.length === 0) return [];
  return [
    paint.title(CAMPAIGNS_TITLE),
    ...campaignTexts(run).flatMap(({ head, good, waves, rollbacks }) => {
      const [first, ...rest] = wrap(head, width - 2, '', '    ');
      return [
        `  ${(good ? paint.good : paint.unsure)(first!)}`,
        ...rest,
        ...[...waves, ...rollbacks].flatMap((text) => wrap(text, width, '    ', '      ')),
      ];
    }),
  ];
}
