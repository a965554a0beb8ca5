/** Checks files without running anything. */
import { diskReader } from '../scenarios/files.ts';
import { validateFiles } from '../scenarios/validate.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { tell } from './load.ts';
import { put } from './terminal.ts';

/** Prints what each file holds when all are right, tells every mistake otherwise. */
export function validate(paths: readonly string[]): ExitCode {
  const { files, problems, sources } = validateFiles(paths, diskReader);
  if (problems.length > 0) {
    tell(problems, sources);
    return EXIT.usage;
  }
  for (const { file, holds, notes } of files) {
    put(`${file}: ok, ${holds.join(', ')}\n`);
    for (const note of notes) put(`  ${note}\n`);
  }
  return EXIT.ok;
}
