/** Whatever went wrong, in words on stderr and as an exit code. */
import { DefectError, EXIT, type ExitCode, UsageError } from './exit.ts';
import { say } from './terminal.ts';

/** @param args the arguments of this invocation: what repeats a failure that does not know better itself */
export function tellFailure(error: unknown, args: readonly string[]): ExitCode {
  if (error instanceof UsageError) {
    say(`error: ${error.message}`);
    return EXIT.usage;
  }
  const known = error instanceof DefectError;
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  say(`hcpsim has a defect: ${text}`);
  say(`to see it again: ${known ? error.replay : shellWords(['hcpsim', ...args])}`);
  return EXIT.defect;
}

/** Words as a POSIX shell takes them. */
export function shellWords(words: readonly string[]): string {
  const quoted = (word: string) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  return words.map(quoted).join(' ');
}
