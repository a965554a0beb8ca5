/** What a word of hcpsim means. */
import { didYouMean } from '../../scenarios/errors/suggest.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { put } from '../terminal.ts';
import { type Entry, entries } from './entries.ts';

/**
 * Prints all that carries the name, or every name there is when none is given, whatever its kind: `etcd` is a service and a component. Case does not matter, and a
 * parameter is found without its group. A word that several names begin with, such as the group of parameters or metrics, stands for all of them.
 * @throws UsageError when nothing does.
 */
export function explain(word: string | undefined): ExitCode {
  const all = entries();
  if (word === undefined) return list(all);
  const wanted = word.toLowerCase();
  const exact = all.filter(({ name }) => name.toLowerCase() === wanted);
  const ending = all.filter(({ name }) => name.toLowerCase().endsWith(`.${wanted}`));
  const beginning = all.filter(({ name }) => beginsWith(name, wanted));
  const found = [exact, ending, beginning].find((some) => some.length > 0) ?? [];
  if (found.length === 0) {
    const hint = didYouMean(
      word,
      all.map(({ name }) => name),
    );
    const where = '"hcpsim explain" without a word lists all names, docs/ has them with their meaning';
    throw new UsageError(`nothing is called "${word}"; ${hint ? `${hint} - ` : ''}${where}`);
  }
  const blocks = found.map(({ kind, name, lines }) => [
    `${name} (${kind})`,
    ...lines.map((line) => `  ${line}`),
  ]);
  put(`${blocks.map((block) => block.join('\n')).join('\n\n')}\n`);
  return EXIT.ok;
}

/** Where it ends a word does: `lease.controller` begins `lease.controllerDuration`, `lease.con` nothing. */
function beginsWith(name: string, wanted: string): boolean {
  return name.toLowerCase().startsWith(wanted) && /^[.A-Z]/.test(name.slice(wanted.length));
}

/** The names by kind, a kind per line. Keys have a page of their own: there are hundreds. */
function list(all: readonly Entry[]): ExitCode {
  for (const kind of new Set(all.map((entry) => entry.kind))) {
    if (kind === 'key') continue;
    const names = all.filter((entry) => entry.kind === kind).map(({ name }) => name);
    put(`${kind}: ${names.join(', ')}\n`);
  }
  return EXIT.ok;
}
