/** What the matrix comes to, in sentences: the first of them is what one remembers. */
import type { MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatCount, formatSpan, plural } from '../view/format.ts';
import { whatFails } from './names.ts';
import { failuresIn, groupRows, withFailure, worstFirst } from './rows.ts';

/** How many exceptions a sentence can carry and still be one. */
const MOST_NAMED = 3;

/** `steady state`, `zone a down already` or `in mid-rollout, upgrade of every hosted cluster`. */
export function stateOf({ before, state }: MatrixResult): string {
  if (before === '') return 'steady state';
  return state === 'upgrade' ? `in mid-rollout, ${before}` : `${before} down already`;
}

export function verdictSentences(result: MatrixResult, partial = false): readonly string[] {
  const rows = groupRows(withFailure(result.rows)).flatMap((group) => group.rows);
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
  return [...humanSentence(rows), ...openSentence(rows, watched, failureLasts)];
}

function humanSentence(rows: readonly MatrixRow[]): string[] {
  const needing = rows.filter(({ needsHuman }) => needsHuman.length > 0);
  if (needing.length === 0) return [];
  const things = [...new Set(needing.flatMap(({ needsHuman }) => needsHuman.map(({ what }) => what)))];
  const shown = things.slice(0, MOST_NAMED).join(', ');
  const more = things.length > MOST_NAMED ? ` and ${formatCount(things.length - MOST_NAMED)} more` : '';
  return [`After ${countOf(needing, rows)} of them something needs a human: ${shown}${more}.`];
}

const countOf = (some: readonly MatrixRow[], all: readonly MatrixRow[]): string =>
  failuresIn(some) === failuresIn(all) ? 'all' : formatCount(failuresIn(some));

/** Failures after which the fleet is not whole, and nobody needs to do anything: it heals still. */
function openSentence(rows: readonly MatrixRow[], watched: Micros, failureLasts: Micros): string[] {
  const open = rows.filter(
    ({ wholeAfter, needsHuman }) => wholeAfter === undefined && needsHuman.length === 0,
  );
  if (open.length === 0) return [];
  const watch = formatSpan((watched - failureLasts) as Micros);
  return [`After ${countOf(open, rows)} of them the fleet is not whole again within ${watch} of their end.`];
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
