/** Files that the program writes. A reader never sees half of one: they appear under their name when they are complete. */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './exit.ts';

const CHUNK_LENGTH = 1 << 16;

/** Finds out before a long run whether a file can be put there; creates nothing. @throws UsageError when not. */
export function checkWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a directory');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Makes sure that nothing written destroys what was read, or what else is written, links followed.
 * @param outputs by the option that names each; undefined for none
 * @throws UsageError when two are the same file.
 */
export function checkDistinct(
  outputs: Readonly<Record<string, string | undefined>>,
  inputs: readonly string[],
): void {
  const taken = new Map(inputs.map((path) => [realPath(path), `the input ${path}`]));
  for (const [option, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    const real = realPath(path);
    const other = taken.get(real);
    if (other !== undefined) throw new UsageError(`${option} ${path} would overwrite ${other}`);
    taken.set(real, `that of ${option}`);
  }
}

/** Where a path leads, whether or not a file stands there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const directory = dirname(path);
    return directory === path ? path : join(realPath(directory), basename(path));
  }
}

/** Writes a whole file, replacing what was there. @throws UsageError when it cannot be written. */
export function writeWhole(path: string, text: string): void {
  const draft = draftOf(path);
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannotWrite(path, error);
  }
}

/** A file that grows line by line and takes its name when closed. */
export class LineFile {
  readonly #path: string;
  readonly #descriptor: number;
  #pending: string[] = [];
  #length = 0;

  /** @throws UsageError when the file cannot be created. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#descriptor = openSync(draftOf(path), 'w');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  write(line: string): void {
    this.#pending.push(line, '\n');
    this.#length += line.length + 1;
    if (this.#length >= CHUNK_LENGTH) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
    try {
      renameSync(draftOf(this.#path), this.#path);
    } catch (error) {
      rmSync(draftOf(this.#path), { force: true });
      throw cannotWrite(this.#path, error);
    }
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(''));
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.#pending = [];
    this.#length = 0;
  }
}

const draftOf = (path: string): string => `${path}.${process.pid}.part`;

function cannotWrite(path: string, error: unknown): UsageError {
  return new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
}
