/** The failure matrix as Markdown (GitHub's tables), to be pasted into a design document. */
import type { MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { plain } from '../text/layout.ts';
import { plural } from '../view/format.ts';
import { mapStrings } from '../view/strings.ts';
import { type Cell, COLUMN_TITLES, cellsOf } from './cells.ts';
import { method } from './method.ts';
import { whatFails } from './names.ts';
import { failuresIn, groupRows } from './rows.ts';
import { stateOf, verdictSentences } from './verdict.ts';

const MOST_PAIRS = 20;

/** A section per state. Text of users never becomes markup. */
export function renderMatrixMarkdown(document: MatrixDocument): string {
  const safe = mapStrings(document, (text) => escapeMarkdown(plain(text)));
  const sections = safe.results.map((result) => section(result, safe));
  if (document.partial) sections.unshift('**Partial: interrupted, not every failure was tried.**');
  return `${sections.join('\n\n')}\n`;
}

function section(result: MatrixResult, document: MatrixDocument): string {
  const [first, ...others] = verdictSentences(result, document.partial);
  const rows = groupRows(result.rows).flatMap((group) => group.rows);
  return [
    `## Failure matrix of ${result.fleet}, ${stateOf(result)}`,
    [`**${first}**`, ...others].join(' '),
    table(rows, result),
    ...pairs(result),
    ...(result.notes.length > 0 ? [result.notes.map((note) => `- ${note}`).join('\n')] : []),
    method(result, document),
  ].join('\n\n');
}

function pairs(result: MatrixResult): string[] {
  if (result.pairs.length === 0) return [];
  const hidden = failuresIn(result.pairs.slice(MOST_PAIRS));
  return [
    '### Pairs of failures, each harmless alone',
    table(result.pairs.slice(0, MOST_PAIRS), result),
    ...(hidden > 0 ? [`And ${plural(hidden, 'more pair')}.`] : []),
  ];
}

function table(rows: readonly MatrixRow[], result: MatrixResult): string {
  const header = [...Object.values(COLUMN_TITLES), 'worst outage'];
  return [header, header.map(() => '---'), ...rows.map((row) => cells(row, result))]
    .map((texts) => `| ${texts.join(' | ')} |`)
    .join('\n');
}

function cells(row: MatrixRow, result: MatrixResult): string[] {
  const { api, workloads, lifecycle, tunnel, whole, human, worst } = cellsOf(row, result);
  const text = ({ status, length, whom, others, level }: Cell) => {
    const detail = [length, whom, others].filter((part) => part !== '').join(', ');
    return `${level === 'down' ? `**${status}**` : status} ${detail}`.trim();
  };
  const healed = human === '' ? whole : `**${whole}**: ${human}`;
  return [whatFails(row), text(api), text(workloads), text(lifecycle), text(tunnel), healed, worst];
}

/** Characters that mean something to Markdown stand for themselves. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~#&]/g, '\\$&');
}
