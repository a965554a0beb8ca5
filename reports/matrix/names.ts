/** What fails, in words: the labels of the model shortened to what a person tells apart. */
import type { MatrixRow } from '../../sim/matrix-result.ts';
import { formatCount } from '../view/format.ts';
import { mergeNames } from '../view/names.ts';

/** `node mgmt-hosting-0 and 8 more`; `node a + zone b and 3 more pairs`; `zone a, while etcd is being replaced`. */
export function whatFails({ failures, alike, during }: MatrixRow): string {
  const name = failures.join(' + ');
  const more = alike.length - 1;
  const pairs = failures.length > 1 ? ` pair${more > 1 ? 's' : ''}` : '';
  const others = more === 0 ? '' : ` and ${formatCount(more)} more${pairs}`;
  return `${name}${others}${during === undefined ? '' : `, while ${during}`}`;
}

/** A label without the name at its end: `node `, `etcd-0 of `. */
export function prefixOf(label: string): string {
  return label.slice(0, label.lastIndexOf(' ') + 1);
}

/** The other failures of a row of single ones, folded: `mgmt-hosting-1 … mgmt-hosting-5 (5)`. */
export function theOthers({ failures, alike }: MatrixRow): string {
  const names = alike.flatMap(([label]) => (label === failures[0] ? [] : [label!]));
  const prefix = prefixOf(failures[0]!);
  const short = names.map((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name));
  return mergeNames(short, 4);
}

/** The chain of causes without what the name of the failure says already. */
export function shortChain(causes: readonly string[], failures: readonly string[]): string {
  const said = (cause: string) =>
    failures.some((label) => cause === label || label.endsWith(cause.replace(/ lost$/, '')));
  const rest = causes.filter((cause) => !said(cause));
  return (rest.length > 0 ? rest : causes).join(' → ');
}
