/**
 * How many replicas people want of something that can be scaled: what the fleet began with, until somebody says otherwise. Of several
 * words the last one that still stands counts, so that wishes which end may overlap in any order.
 */
import { type I32Column, NONE, type Table } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';

/** One wish that somebody uttered. */
export type WishId = number & { readonly __wish: 'wish' };

/** Nobody scales it. */
const UNSCALED = -1;

export class Wishes<T extends number> {
  readonly #table: Table<WishId>;
  readonly #replicas: I32Column<WishId>;
  readonly #standing: Membership<T, WishId>;
  readonly #base: I32Column<T>;

  constructor(sim: Simulation, name: string, scaled: Table<T>) {
    this.#table = sim.table<WishId>(`wish for ${name}`);
    this.#replicas = this.#table.i32('replicas');
    this.#base = scaled.i32('wished', UNSCALED);
    this.#standing = new Membership(`wishes for ${name}`, scaled, this.#table);
  }

  /** What is wanted where nobody said anything. */
  begin(target: T, replicas: number): void {
    this.#base.set(target, replicas);
  }
  /** It is something that people scale. */
  knows(target: T): boolean {
    return this.#base.at(target) !== UNSCALED;
  }
  /** Replicas wanted now. */
  of(target: T): number {
    let last: WishId | typeof NONE = NONE;
    for (let wish = this.#standing.first(target); wish !== NONE; wish = this.#standing.next(wish))
      last = wish;
    return last === NONE ? this.#base.at(target) : this.#replicas.at(last as WishId);
  }

  utter(target: T, replicas: number): WishId {
    const wish = this.#table.add();
    this.#replicas.set(wish, replicas);
    this.#standing.join(target, wish);
    return wish;
  }
  /** @returns whose wish it was */
  withdraw(wish: WishId): T {
    const target = this.#standing.parent(wish);
    this.#standing.leave(wish);
    this.#table.remove(wish);
    return target;
  }
}
