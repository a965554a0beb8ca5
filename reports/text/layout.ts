/** Lines of text within a width. */
import pc from 'picocolors';
import type { Verdict } from '../../sim/result.ts';

/** How a text is laid out, handed to every section. */
export interface Layout {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly unsure: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly title: (text: string) => string;
}

export function paint(color: boolean): Paint {
  const c = pc.createColors(color);
  return { good: c.green, bad: c.red, unsure: c.yellow, faint: c.dim, title: c.bold };
}

export function verdictPaint(verdict: Verdict, { good, bad, unsure }: Paint): (text: string) => string {
  return verdict === 'pass' ? good : verdict === 'fail' ? bad : unsure;
}

/** Breaks text at blanks so that every line fits; words longer than a line stand alone. */
export function wrap(text: string, width: number, indent = '', hanging = indent): string[] {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/** Text that loses its end where it is longer than `width`. */
export function shorten(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/**
 * User-supplied text on one line: control characters (a name could carry an escape sequence of the terminal) become
 * visible.
 */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
