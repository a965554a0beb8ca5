/** A result as text that a person reads in a terminal: the verdict first, the identity of the run last. */
import type { ResultDocument, RunResult } from '../sim/result.ts';
import { campaignLines } from './text/campaigns.ts';
import { type Layout, paint, plain, wrap } from './text/layout.ts';
import { outageLines } from './text/outages.ts';
import { pendingLines } from './text/pending.ts';
import { skewLines } from './text/skew.ts';
import { stripLines } from './text/strip.ts';
import { tableLines } from './text/table.ts';
import { unhealedLines } from './text/unhealed.ts';
import { upgradeLines } from './text/upgrades.ts';
import { verdictLines } from './text/verdict.ts';
import { identity } from './view/sentences.ts';
import { withShortNodes } from './view/short-nodes.ts';
import { mapStrings } from './view/strings.ts';

export interface TextOptions {
  /** Columns to stay within, 60 to 200; 100 unless given. Single words may be longer. */
  readonly width?: number;
  /** Colours by escape sequences; off unless given. */
  readonly color?: boolean;
}

/** All runs of a document, one after the other, ending in a newline. Control characters in names are made visible. */
export function renderText(document: ResultDocument, options: TextOptions = {}): string {
  const width = Math.min(200, Math.max(60, options.width ?? 100));
  const layout: Layout = { width, paint: paint(options.color ?? false) };
  const parts = document.runs.map((run) => runText(mapStrings(withShortNodes(run), plain), layout));
  if (document.partial)
    parts.push(layout.paint.unsure('PARTIAL: interrupted, what is shown is not the whole.'));
  return `${parts.join(`\n\n${'─'.repeat(width)}\n\n`)}\n`;
}

function runText(run: RunResult, layout: Layout): string {
  const sections = [
    verdictLines(run, layout),
    tableLines(run, layout),
    outageLines(run, layout),
    stripLines(run, layout),
    campaignLines(run, layout),
    upgradeLines(run, layout),
    skewLines(run, layout),
    unhealedLines(run, layout),
    pendingLines(run, layout),
    noteLines(run, layout),
    wrap(identity(run), layout.width).map(layout.paint.faint),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function noteLines(run: RunResult, { width, paint }: Layout): string[] {
  if (run.notes.length === 0) return [];
  return [paint.title('Notes'), ...run.notes.flatMap((note) => wrap(note, width, '  - ', '    '))];
}
