import { readFileSync } from 'node:fs';
import type { FileReader, ReadFailure } from './source/reader.ts';

const FAILURES: Readonly<Record<string, ReadFailure['failure']>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'directory',
};

/** Reads from the disk; paths as the operating system understands them. */
export const diskReader: FileReader = {
  read(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      return { failure: FAILURES[code] ?? 'unreadable', detail: reasonOf(error) };
    }
  },
};

/** `EACCES: permission denied`, as the operating system puts it; Node adds the call and the path. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, '') : String(error);
}
