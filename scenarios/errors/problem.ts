import type { ProblemCode } from './codes.ts';

/** A place in a file: lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong, in words. */
export interface Details {
  /** What stands there. */
  readonly found: string;
  /** What should stand there. */
  readonly expected: string;
  /** How to mend it; empty when nothing better than `expected` can be said. */
  readonly hint?: string;
}

/** One mistake in what the user wrote. */
export interface Problem extends Position, Required<Details> {
  readonly code: ProblemCode;
  /** Dotted path inside the document, `spec.events.0.at`; empty for a whole file. */
  readonly path: string;
}

/** What stands where one of these was found cannot be read at all: whatever else is wrong there follows from it. */
const UNREADABLE: ReadonlySet<ProblemCode> = new Set(['unknown-alias', 'yaml-syntax']);

/** Collects the mistakes of all files, each once. */
export class Problems {
  readonly #unreadable = new Set<string>();
  readonly #byKey = new Map<string, Problem>();
  #reports = 0;

  report(code: ProblemCode, at: Position, path: string, details: Details): void {
    this.#reports++;
    const { file, line, column } = at;
    const place = [file, line, column].join('\n');
    if (this.#unreadable.has(place)) return;
    if (UNREADABLE.has(code)) this.#unreadable.add(place);
    // A name given twice makes names derived from it double, too; the first report is that of the name itself.
    const key = [place, code, path, code === 'duplicate-name' ? '' : details.found].join('\n');
    if (this.#byKey.has(key)) return;
    this.#byKey.set(key, { code, file, line, column, path, hint: '', ...details });
  }

  /** How many distinct mistakes there are. */
  get count(): number {
    return this.#byKey.size;
  }

  /** How often `report` was called: moves even when a mistake in a shared file is found again. */
  get reports(): number {
    return this.#reports;
  }

  /** By file in the order in which files were first complained about, then by position. */
  sorted(): readonly Problem[] {
    const problems = [...this.#byKey.values()];
    const files = [...new Set(problems.map((problem) => problem.file))];
    return problems.sort(
      (a, b) =>
        files.indexOf(a.file) - files.indexOf(b.file) ||
        a.line - b.line ||
        a.column - b.column ||
        compareText(a.code, b.code) ||
        compareText(a.found, b.found),
    );
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
