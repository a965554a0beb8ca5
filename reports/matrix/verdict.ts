/** What the matrix comes to, in sentences: the first of them is what one remembers. */
import type { MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatCount, formatSpan, plural } from '../view/format.ts';
import { whatFails } from './names.ts';
import { failuresIn, groupRows, worstFirst } from './rows.ts';

/** How many exceptions a sentence can carry and still be one. */
const MOST_NAMED = 3;

/** `the steady state` or `zone a down already`. */
export function stateOf({ before }: MatrixResult): string {
  return before === '' ? 'steady state' : `${before} down already`;
}

export function verdictSentences(result: MatrixResult, partial = false): readonly string[] {
  const rows = groupRows(result.rows).flatMap((group) => group.rows);
  if (rows.length === 0) return ['No failure was tried.'];
  return [
    apiSentence(rows, result, partial),
    workloadSentence(rows),
    ...wholeSentence(rows, result),
    ...pairSentence(result),
  ];
}

function apiSentence(rows: readonly MatrixRow[], result: MatrixResult, partial: boolean): string {
  const { downBefore = 0 } = result;
  const fatal = rows.filter((row) => row.api.down > 0);
  const already = downBefore === 0 ? '' : `${downAlready(result, downBefore)}; `;
  const more = downBefore === 0 ? 'a hosted API' : 'another hosted API';
  const none = partial ? 'none of the failures tried so far takes' : 'no single failure takes';
  if (fatal.length === 0) return sentence(`${already}${none} ${more} down`);
  const named = fatal.map((row) => `${whatFails(row)} (${reach(row, result)})`);
  if (fatal.length <= 2) return sentence(`${already}${none} ${more} down, except: ${named.join('; ')}`);
  const shown = [...fatal].sort(worstFirst).slice(0, MOST_NAMED);
  const worst = shown.map((row) => `${whatFails(row)} (${reach(row, result)})`).join('; ');
  const counts = `${formatCount(failuresIn(fatal))} of ${formatCount(failuresIn(rows))} single failures`;
  const rest = failuresIn(fatal) - failuresIn(shown);
  const others = rest > 0 ? `; and ${formatCount(rest)} more` : '';
  return sentence(`${already}${counts} take ${more} down, worst first: ${worst}${others}`);
}

function downAlready({ before, hostedClusters }: MatrixResult, count: number): string {
  const apis = `${ofAll(count, hostedClusters)} hosted APIs`;
  return before === '' ? `${apis} are down to begin with` : `${before} alone takes ${apis} down`;
}

function reach({ api, alike }: MatrixRow, { hostedClusters }: MatrixResult): string {
  const most = alike.length > 1 && api.down > 1 ? 'up to ' : '';
  return `${most}${ofAll(api.down, hostedClusters)} for ${formatSpan(api.longestDown)}`;
}

function workloadSentence(rows: readonly MatrixRow[]): string {
  const down = rows.filter((row) => row.workloads.down > 0);
  const hit = rows.filter((row) => row.workloads.hit > 0);
  if (hit.length === 0) return 'Workloads run on through every one of them.';
  const lose = `${plural(failuresIn(hit), 'failure')} cost${failuresIn(hit) === 1 ? 's' : ''} replicas of workloads`;
  if (down.length === 0) return `${lose}, none takes all of them.`;
  return `${lose}, ${formatCount(failuresIn(down))} ${failuresIn(down) === 1 ? 'takes' : 'take'} all of some.`;
}

function wholeSentence(rows: readonly MatrixRow[], { watched, failureLasts }: MatrixResult): string[] {
  const open = failuresIn(rows.filter((row) => row.wholeAfter === undefined));
  if (open === 0) return [];
  const watch = formatSpan((watched - failureLasts) as Micros);
  return [
    `After ${open === failuresIn(rows) ? 'all' : formatCount(open)} of them the fleet is not whole again within ${watch} of their end.`,
  ];
}

function pairSentence({ depth, pairs, ...result }: MatrixResult): string[] {
  if (depth === 1) return [];
  const [worst] = pairs;
  if (worst === undefined) return ['No two failures that are harmless alone take an API or workloads down.'];
  const [count, service] =
    worst.api.down >= worst.workloads.down
      ? [worst.api.down, 'APIs']
      : [worst.workloads.down, 'sets of workloads'];
  return [
    `${plural(failuresIn(pairs), 'pair')} of failures that are harmless alone take an API or workloads down together; the worst: ` +
      `${worst.failures.join(' + ')} (${ofAll(count, result.hostedClusters)} ${service}).`,
  ];
}

const ofAll = (count: number, all: number): string => `${formatCount(count)} of ${formatCount(all)}`;

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
