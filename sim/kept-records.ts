/**
 * Records that snapshots keep without copying them: a record is shared by the run and its snapshots until somebody writes it, and only then
 * does the run get a copy of its own. For what there is much of and little of it changes between a snapshot and the next.
 */
import type { Simulation } from './simulation.ts';

export class KeptRecords<T extends object> {
  #records: T[] = [];
  /** Records that no snapshot shares. */
  readonly #own = new Set<number>();

  /** @param restored called when a snapshot has been put back */
  constructor(sim: Pick<Simulation, 'keep'>, restored: () => void = () => {}) {
    sim.keep({
      save: () => {
        this.#own.clear();
        return [...this.#records];
      },
      restore: (saved: T[]) => {
        this.#own.clear();
        this.#records = [...saved];
        restored();
      },
    });
  }

  /** All of them, to be read only. */
  get all(): readonly T[] {
    return this.#records;
  }
  /** One of them, to be read only. */
  at(index: number): T {
    return this.#records[index]!;
  }
  has(index: number): boolean {
    return this.#records[index] !== undefined;
  }
  set(index: number, record: T): void {
    this.#records[index] = record;
    this.#own.add(index);
  }
  /** One of them, to be written. */
  write(index: number): T {
    if (!this.#own.has(index)) this.set(index, structuredClone(this.at(index)));
    return this.at(index);
  }
}
