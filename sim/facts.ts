/**
 * Facts are what became true and why. Each remembers the fact it followed from, so every fact has a chain back to a root cause.
 * The log is append-only columns, in blocks; observers fold facts as they are emitted and can neither schedule nor draw.
 */
import { invariant } from './assert.ts';
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

/** Facts are kept in blocks of so many: a log grows without being copied, and a snapshot shares the blocks that are full. */
const BLOCK_BITS = 14;
const BLOCK = 1 << BLOCK_BITS;

class Block {
  readonly kind = new Uint8Array(BLOCK);
  readonly subject = new Int32Array(BLOCK);
  readonly value = new Float64Array(BLOCK);
  readonly at = new Float64Array(BLOCK);
  readonly cause = new Int32Array(BLOCK);

  copy(): Block {
    const copy = new Block();
    copy.kind.set(this.kind);
    copy.subject.set(this.subject);
    copy.value.set(this.value);
    copy.at.set(this.at);
    copy.cause.set(this.cause);
    return copy;
  }
}

export interface SavedFacts {
  readonly length: number;
  readonly blocks: readonly Block[];
}

export class FactLog {
  readonly #kinds: FactKind[] = [{ code: 0, name: 'beginning', print: printOf('beginning') }];
  #length = 1;
  #blocks: Block[] = [new Block()];

  get length(): number {
    return this.#length;
  }

  kind(name: string): FactKind {
    const kind = { code: this.#kinds.length, name, print: printOf(name) };
    invariant(kind.code < 256, 'more kinds of facts than a byte can tell apart');
    this.#kinds.push(kind);
    return kind;
  }

  append(kind: FactKind, subject: number, value: number, at: Micros, cause: CauseId): CauseId {
    const id = this.#length++;
    const i = id & (BLOCK - 1);
    if (i === 0) this.#blocks.push(new Block());
    const block = this.#blocks[id >> BLOCK_BITS]!;
    block.kind[i] = kind.code;
    block.subject[i] = subject;
    block.value[i] = value;
    block.at[i] = at;
    block.cause[i] = cause;
    return id as CauseId;
  }

  get(id: CauseId): Fact {
    const block = this.#blocks[id >> BLOCK_BITS]!;
    const i = id & (BLOCK - 1);
    return {
      kind: this.#kinds[block.kind[i]!]!,
      subject: block.subject[i]!,
      value: block.value[i]!,
      at: block.at[i]! as Micros,
      cause: block.cause[i]! as CauseId,
    };
  }

  /** The facts that led to this one, root first, itself last; the beginning of the run is left out. */
  chain(id: CauseId): Fact[] {
    const facts: Fact[] = [];
    for (let i = id; i !== BEGINNING; i = facts.at(-1)!.cause) facts.push(this.get(i));
    return facts.reverse();
  }

  save(): SavedFacts {
    return { length: this.#length, blocks: this.#withLastCopied(this.#blocks) };
  }

  restore(saved: SavedFacts): void {
    this.#length = saved.length;
    this.#blocks = this.#withLastCopied(saved.blocks);
  }

  /** Only the last block is still written to. */
  #withLastCopied(blocks: readonly Block[]): Block[] {
    return [...blocks.slice(0, -1), blocks.at(-1)!.copy()];
  }
}
