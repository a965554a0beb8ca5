/**
 * Facts are what became true and why. Each remembers the fact it followed from, so every fact has a chain back to a root cause.
 * The log is append-only columns; observers fold facts as they are emitted and can neither schedule nor draw.
 */
import { printOf } from './digest.ts';
import type { Micros } from './time.ts';

/** Number of a fact in the log. 0 is the beginning of the run, the cause of what no fact caused. */
export type CauseId = number & { readonly __id: 'cause' };
export const BEGINNING = 0 as CauseId;

export interface FactKind {
  readonly code: number;
  readonly name: string;
  /** What the digest knows it by. */
  readonly print: number;
}

/** Called at the instant of the fact. `subject` and `value` mean what the kind says they mean. */
export type Observer = (subject: number, value: number, fact: CauseId, at: Micros) => void;

export interface Fact {
  readonly kind: FactKind;
  readonly subject: number;
  readonly value: number;
  readonly at: Micros;
  readonly cause: CauseId;
}

export interface SavedFacts {
  readonly kind: Int32Array;
  readonly subject: Int32Array;
  readonly value: Float64Array;
  readonly at: Float64Array;
  readonly cause: Int32Array;
}

const FIRST_CAPACITY = 1024;

export class FactLog {
  readonly #kinds: FactKind[] = [{ code: 0, name: 'beginning', print: printOf('beginning') }];
  #length = 1;
  #kind = new Int32Array(FIRST_CAPACITY);
  #subject = new Int32Array(FIRST_CAPACITY);
  #value = new Float64Array(FIRST_CAPACITY);
  #at = new Float64Array(FIRST_CAPACITY);
  #cause = new Int32Array(FIRST_CAPACITY);

  get length(): number {
    return this.#length;
  }

  kind(name: string): FactKind {
    const kind = { code: this.#kinds.length, name, print: printOf(name) };
    this.#kinds.push(kind);
    return kind;
  }

  append(kind: FactKind, subject: number, value: number, at: Micros, cause: CauseId): CauseId {
    if (this.#length === this.#kind.length) this.#grow(this.#length * 2);
    const i = this.#length++;
    this.#kind[i] = kind.code;
    this.#subject[i] = subject;
    this.#value[i] = value;
    this.#at[i] = at;
    this.#cause[i] = cause;
    return i as CauseId;
  }

  get(id: CauseId): Fact {
    return {
      kind: this.#kinds[this.#kind[id]!]!,
      subject: this.#subject[id]!,
      value: this.#value[id]!,
      at: this.#at[id]! as Micros,
      cause: this.#cause[id]! as CauseId,
    };
  }

  /** The facts that led to this one, root first, itself last; the beginning of the run is left out. */
  chain(id: CauseId): Fact[] {
    const facts: Fact[] = [];
    for (let i = id; i !== BEGINNING; i = this.#cause[i]! as CauseId) facts.push(this.get(i));
    return facts.reverse();
  }

  save(): SavedFacts {
    return {
      kind: this.#kind.slice(0, this.#length),
      subject: this.#subject.slice(0, this.#length),
      value: this.#value.slice(0, this.#length),
      at: this.#at.slice(0, this.#length),
      cause: this.#cause.slice(0, this.#length),
    };
  }

  restore(saved: SavedFacts): void {
    this.#length = saved.kind.length;
    if (this.#length > this.#kind.length) this.#grow(2 ** Math.ceil(Math.log2(this.#length)));
    this.#kind.set(saved.kind);
    this.#subject.set(saved.subject);
    this.#value.set(saved.value);
    this.#at.set(saved.at);
    this.#cause.set(saved.cause);
  }

  #grow(capacity: number): void {
    const wider = <A extends Int32Array | Float64Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.#kind = wider(this.#kind, new Int32Array(capacity));
    this.#subject = wider(this.#subject, new Int32Array(capacity));
    this.#value = wider(this.#value, new Float64Array(capacity));
    this.#at = wider(this.#at, new Float64Array(capacity));
    this.#cause = wider(this.#cause, new Int32Array(capacity));
  }
}
