import type { RunResult } from '../../sim/result.ts';
import { SKEW_TITLE, skewTexts } from '../view/skew.ts';
import { type Layout, wrap } from './layout.ts';

/** Whether versions that ran side by side broke a rule. */
export function skewLines(run: RunResult, { width, paint }: Layout): string[] {
  const { good, lines } = skewTexts(run);
  if (lines.length === 0) return [];
  const color = good ? paint.faint : paint.bad;
  return [paint.title(SKEW_TITLE), ...lines.flatMap((line) => wrap(line, width, '  ', '    ').map(color))];
}
