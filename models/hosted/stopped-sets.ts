/** Sets that somebody scales to 0 for a while, and how many replicas they had. */
import type { I32Column } from '../../sim/entities.ts';
import type { SetId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';

export class StoppedSets {
  readonly #replicas: I32Column<SetId>;

  constructor(
    readonly pods: Pods,
    /** Of the column: who stops them. */
    name: string,
  ) {
    this.#replicas = pods.sets.table.i32(name);
  }

  stop(set: SetId): void {
    this.#replicas.set(set, this.pods.sets.replicas.at(set));
    this.pods.controllers.scale(set, 0);
  }
  /** With as many replicas as before. */
  start(set: SetId): void {
    this.pods.controllers.scale(set, this.#replicas.at(set));
  }
}
