/** Why a file could not be read. */
export interface ReadFailure {
  readonly failure: 'missing' | 'directory' | 'unreadable';
  /** The system's own words, or empty. */
  readonly detail: string;
}

/** Where files come from: a disk, an archive, a page. */
export interface FileReader {
  read(path: string): Uint8Array | ReadFailure;
}

/** Path of `reference` as written in `file`: relative to the directory of that file. Slashes go forward. */
export function resolvePath(file: string, reference: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(reference)) return reference;
  const directory = file.replaceAll('\\', '/').split('/').slice(0, -1);
  const parts: string[] = [...directory];
  for (const part of reference.replaceAll('\\', '/').split('/')) {
    if (part === '.' || part === '') continue;
    const above = parts.at(-1);
    const root = parts.length === 1 && above === '';
    if (part !== '..' || above === undefined || above === '..' || above === '.') parts.push(part);
    else if (!root) parts.pop();
  }
  return parts.join('/');
}
