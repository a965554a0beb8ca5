/**
 * Which children belong to which parent (pods of a node, members of a cluster): doubly linked lists threaded through columns,
 * so that joining, leaving and walking cost nothing per event and a snapshot copies them with everything else.
 * Order is order of joining.
 */
import { invariant } from './assert.ts';
import { type I32Column, NONE, type Table } from './entities.ts';

export class Membership<P extends number, C extends number> {
  readonly #first: I32Column<P, C>;
  readonly #last: I32Column<P, C>;
  readonly #count: I32Column<P>;
  readonly #parent: I32Column<C, P>;
  readonly #next: I32Column<C, C>;
  readonly #previous: I32Column<C, C>;

  constructor(
    readonly name: string,
    parents: Table<P>,
    children: Table<C>,
  ) {
    this.#first = parents.i32(`${name}:first`, NONE);
    this.#last = parents.i32(`${name}:last`, NONE);
    this.#count = parents.i32(`${name}:count`, 0);
    this.#parent = children.i32(`${name}:parent`, NONE);
    this.#next = children.i32(`${name}:next`, NONE);
    this.#previous = children.i32(`${name}:previous`, NONE);
  }

  /** The parent of a child, or NONE. */
  parent(child: C): P {
    return this.#parent.at(child);
  }
  count(parent: P): number {
    return this.#count.at(parent);
  }
  /** First child, or NONE. Walk: `for (let c = m.first(p); c !== NONE; c = m.next(c))`. */
  first(parent: P): C {
    return this.#first.at(parent);
  }
  next(child: C): C {
    return this.#next.at(child);
  }

  /** Children as an array, for walks during which children come and go. */
  list(parent: P): C[] {
    const children: C[] = [];
    for (let c = this.first(parent); c !== NONE; c = this.next(c)) children.push(c);
    return children;
  }

  /** Appends a child that has no parent yet. */
  join(parent: P, child: C): void {
    invariant(this.#parent.at(child) === NONE, () => `${this.name}: ${child} already has a parent`);
    const last = this.#last.at(parent);
    this.#parent.set(child, parent);
    this.#previous.set(child, last);
    this.#next.set(child, NONE);
    if (last === NONE) this.#first.set(parent, child);
    else this.#next.set(last, child);
    this.#last.set(parent, child);
    this.#count.add(parent, 1);
  }

  /** Takes a child out of its parent; does nothing when it has none. */
  leave(child: C): void {
    const parent = this.#parent.at(child);
    if (parent === NONE) return;
    const next = this.#next.at(child);
    const previous = this.#previous.at(child);
    if (previous === NONE) this.#first.set(parent, next);
    else this.#next.set(previous, next);
    if (next === NONE) this.#last.set(parent, previous);
    else this.#previous.set(next, previous);
    this.#parent.set(child, NONE);
    this.#next.set(child, NONE);
    this.#previous.set(child, NONE);
    this.#count.add(parent, -1);
  }
}
