import type { ProblemCode } from '../errors/codes.ts';
import type { Details, Position, Problems } from '../errors/problem.ts';
import { child, type Located, type PathKey } from './located.ts';

/** A finger on a place in a document: checks walk with it and report what they find where it points. */
export class Cursor {
  readonly node: Located | undefined;
  readonly problems: Problems;
  readonly #path: readonly PathKey[];
  readonly #near: Position;
  readonly #key: Position;

  constructor(
    node: Located | undefined,
    near: Position,
    problems: Problems,
    path: readonly PathKey[] = [],
    key = near,
  ) {
    this.node = node;
    this.problems = problems;
    this.#path = path;
    this.#near = node?.at ?? near;
    this.#key = key;
  }

  /** The place below, whether or not something stands there; a missing one points to the nearest place around it. */
  to(...keys: readonly PathKey[]): Cursor {
    return keys.reduce<Cursor>((cursor, key) => cursor.#step(key), this);
  }

  get path(): string {
    return this.#path.join('.');
  }

  get keys(): readonly PathKey[] {
    return this.#path;
  }

  /** Where the value stands. */
  get position(): Position {
    return this.#near;
  }

  report(code: ProblemCode, details: Details): void {
    this.problems.report(code, this.#near, this.path, details);
  }

  reportKey(code: ProblemCode, details: Details): void {
    this.problems.report(code, this.#key, this.path, details);
  }

  #step(key: PathKey): Cursor {
    const next = child(this.node, key);
    const entry = this.node?.type === 'map' ? this.node.entries.get(String(key)) : undefined;
    return new Cursor(
      next,
      this.#near,
      this.problems,
      [...this.#path, key],
      entry?.at ?? next?.at ?? this.#near,
    );
  }
}
