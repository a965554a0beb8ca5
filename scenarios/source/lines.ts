import type { Position } from '../errors/problem.ts';

/**
 * Offsets in a text as lines and columns, both from 1. The counter of the YAML library is not used: while it reports a
 * syntax error it may not have seen every line yet.
 */
export class Lines {
  readonly #file: string;
  readonly #length: number;
  readonly #starts: readonly number[];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#length = text.length;
    this.#starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  }

  /** The place of an offset; beyond the end of the text, its end. */
  position(offset: number): Position {
    const inside = Math.min(Math.max(0, offset), this.#length);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= inside) low = middle;
      else high = middle;
    }
    return { file: this.#file, line: low + 1, column: inside - this.#starts[low]! + 1 };
  }
}
