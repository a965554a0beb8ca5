/** What a word of hcpsim means. */
import { didYouMean } from '../../scenarios/errors/suggest.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { put } from '../terminal.ts';
import { entries } from './entries.ts';

/**
 * Prints all that carries the name, whatever its kind: `etcd` is a service and a component. Case does not matter, and a
 * parameter is found without its group.
 * @throws UsageError when nothing does.
 */
export function explain(word: string): ExitCode {
  const all = entries();
  const wanted = word.toLowerCase();
  const exact = all.filter(({ name }) => name.toLowerCase() === wanted);
  const found =
    exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase().endsWith(`.${wanted}`));
  if (found.length === 0) {
    const hint = didYouMean(
      word,
      all.map(({ name }) => name),
    );
    throw new UsageError(`nothing is called "${word}"${hint ? `; ${hint}` : ''}`);
  }
  const blocks = found.map(({ kind, name, lines }) => [
    `${name} (${kind})`,
    ...lines.map((line) => `  ${line}`),
  ]);
  put(`${blocks.map((block) => block.join('\n')).join('\n\n')}\n`);
  return EXIT.ok;
}
