/** The validation book for people and for programs. */
import type { VerificationEntry } from '../sim/verification-result.ts';
import { type Layout, paint, wrap } from './text/layout.ts';

export interface BookOptions {
  /** Columns; default 100. */
  readonly width?: number;
  readonly color?: boolean;
}

const MARKS = { reproduced: '✔', differs: '✘', open: '○' } as const;

/** One paragraph per figure, then how many of each verdict. */
export function renderBookText(entries: readonly VerificationEntry[], options: BookOptions = {}): string {
  const layout: Layout = { width: options.width ?? 100, paint: paint(options.color ?? false) };
  return [...entries.flatMap((entry) => paragraph(entry, layout)), summary(entries), ''].join('\n');
}

function paragraph(
  { id, what, expected, simulated, source, verdict, note }: VerificationEntry,
  { width, paint: p }: Layout,
): string[] {
  const colour = verdict === 'reproduced' ? p.good : verdict === 'differs' ? p.bad : p.unsure;
  const line = (name: string, text: string): string[] =>
    wrap(text, width, `    ${name.padEnd(10)}`, ' '.repeat(14));
  return [
    ...wrap(`${colour(`${MARKS[verdict]} ${verdict}`)}  ${p.title(id)}  ${what}`, width, '', '    '),
    ...line('expected', expected),
    ...line('simulated', simulated),
    ...line('source', source),
    ...line('note', note),
    '',
  ];
}

function summary(entries: readonly VerificationEntry[]): string {
  const count = (verdict: VerificationEntry['verdict']): number =>
    entries.filter((entry) => entry.verdict === verdict).length;
  return `${entries.length} figures: ${count('reproduced')} reproduced, ${count('differs')} differ, ${count('open')} open`;
}

/** One document, `hcpsim.verification/v1`. */
export function renderBookJson(entries: readonly VerificationEntry[], hcpsim: string, model: string): string {
  return `${JSON.stringify({ schema: 'hcpsim.verification/v1', hcpsim, model, entries }, null, 2)}\n`;
}
