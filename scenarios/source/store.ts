import type { Problems } from '../errors/problem.ts';
import type { Located } from './located.ts';
import type { FileReader } from './reader.ts';
import { readYaml } from './yaml.ts';

/** The files of one invocation: each read once, its text kept for code frames. */
export class SourceStore {
  readonly sources = new Map<string, string>();
  readonly problems: Problems;
  readonly #reader: FileReader;
  readonly #documents = new Map<string, readonly Located[] | undefined>();

  constructor(reader: FileReader, problems: Problems) {
    this.#reader = reader;
    this.problems = problems;
  }

  /**
   * The documents of a file, or undefined when it cannot be used at all.
   * @param blame reports a file that cannot be read: where it was named, or the file itself.
   */
  documents(path: string, blame: Blame = blameFile(path, this.problems)): readonly Located[] | undefined {
    if (this.#documents.has(path)) {
      const known = this.#documents.get(path);
      if (known === undefined) this.#text(path, blame);
      return known;
    }
    const text = this.#text(path, blame);
    const documents = text === undefined ? undefined : this.#parse(path, text, blame);
    this.#documents.set(path, documents);
    return documents;
  }

  #parse(path: string, text: string, blame: Blame): readonly Located[] | undefined {
    this.sources.set(path, text);
    const before = this.problems.reports;
    const documents = readYaml(path, text, this.problems);
    if (documents.length > 0) return documents;
    if (this.problems.reports === before) {
      blame('file-empty', `${path} holds no document`, 'at least one YAML document');
    }
    return undefined;
  }

  #text(path: string, blame: Blame): string | undefined {
    const read = this.#reader.read(path);
    if ('failure' in read) {
      const reason = read.failure === 'unreadable' && read.detail !== '' ? `: ${read.detail}` : '';
      blame(`file-${read.failure}`, `${path}${FAILURES[read.failure]}${reason}`, 'a file that can be read');
      return undefined;
    }
    const text = decode(read);
    if (text === undefined) blame('file-binary', `${path} is not UTF-8 text`, 'YAML or JSON in UTF-8');
    return text;
  }
}

export type FileProblem =
  | 'file-missing'
  | 'file-directory'
  | 'file-unreadable'
  | 'file-empty'
  | 'file-binary';
export type Blame = (code: FileProblem, found: string, expected: string) => void;

const FAILURES = {
  missing: ' does not exist',
  directory: ' is a directory',
  unreadable: ' cannot be read',
} as const;

/** Reports at the head of the file itself, for files named on the command line. */
function blameFile(path: string, problems: Problems): Blame {
  return (code, found, expected) =>
    problems.report(code, { file: path, line: 1, column: 1 }, '', { found, expected });
}

/** UTF-8 without its byte order mark; undefined for anything else. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
