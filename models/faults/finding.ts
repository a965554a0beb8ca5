/** Whom an event means among those that there are when it happens, and what of it is not there. */
import { countOf } from '../plan/count-or-share.ts';
import type { CountOrShare } from '../plan/fleet.ts';
import type { Found } from './effect.ts';

/** What is counted from 0: `worker` of `dev/w`. */
export interface Counted {
  readonly noun: string;
  readonly of: string;
}

export class Finding<Id extends number> {
  /** Each once, in the order in which they were found. */
  readonly #names = new Map<Id, string>();
  readonly #missing: string[] = [];

  add(id: Id, name: string): void {
    if (!this.#names.has(id)) this.#names.set(id, name);
  }
  /** @param what is not there, or out of reach, as half a sentence */
  lack(what: string): void {
    this.#missing.push(what);
  }

  /**
   * Finds all that there are, or one of them.
   * @param there in their order
   * @param ordinal how many stand before the one that is meant; undefined: all are
   */
  choose(
    there: readonly Id[],
    ordinal: number | undefined,
    nameOf: (id: Id, position: number) => string,
    { noun, of }: Counted,
  ): void {
    if (there.length === 0) this.lack(`there is no ${noun} of ${of}`);
    else if (ordinal === undefined) for (const [i, id] of there.entries()) this.add(id, nameOf(id, i));
    else if (ordinal < there.length) this.add(there[ordinal]!, nameOf(there[ordinal]!, ordinal));
    else this.lack(`there is no ${noun} ${ordinal} of ${of} (it has ${there.length}, counted from 0)`);
  }

  /** @param only so many of them, the first ones; undefined: all */
  found(only?: CountOrShare): Found {
    const ids = [...this.#names.keys()];
    const names = [...this.#names.values()];
    if (only === undefined || ids.length === 0) return { ids, names, missing: this.#missing };
    const wanted = countOf(only, ids.length, Math.ceil);
    const missing = wanted > ids.length ? [`there are ${ids.length} of the ${wanted} that it is to hit`] : [];
    return { ids: ids.slice(0, wanted), names: names.slice(0, wanted), missing };
  }
}
