/** A first scenario for a new user, with the schema that lets an editor help. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { schemaText } from '../schema.ts';
import { put, say } from '../terminal.ts';
import { FLEET, SCENARIO, SCHEMA_FILE } from './templates.ts';

/**
 * Writes scenario, fleet and schema into a directory and names them on stdout.
 * @throws UsageError when one of them is there already (nothing is written then) or cannot be written.
 */
export function init(directory: string): ExitCode {
  const files = [
    [join(directory, 'scenario.yaml'), SCENARIO],
    [join(directory, 'fleet.yaml'), FLEET],
    [join(directory, SCHEMA_FILE), schemaText(undefined)],
  ] as const;
  const there = files.map(([path]) => path).filter((path) => existsSync(path));
  if (there.length > 0) throw new UsageError(`${there.join(', ')} already there; nothing was written`);
  try {
    makeDirectory(directory);
    for (const [path, text] of files) writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(
      `cannot write to ${directory}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  for (const [path] of files) put(`${path}\n`);
  say(`next: hcpsim run ${files[0][0]}`);
  return EXIT.ok;
}

/** Makes a directory and those above it. Not the recursive mkdir of Node: in a place such as /proc it tries for ever. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above);
  mkdirSync(path);
}
