/** The cluster version operator of a hosted cluster applies a release to the guest: work that goes on only while it runs and the API answers. */
import type { F64Column } from '../../../sim/entities.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import { Signal } from '../../signal.ts';

/** Nothing is left, or nothing was begun. */
const DONE = 0;

export class Payload {
  /** Work that is left, microseconds; meaningful while the timer stands. */
  readonly #left: F64Column<ClusterId>;
  readonly #applied: Timer<ClusterId>;

  /** The release is applied. */
  readonly applied = new Signal<[cluster: ClusterId]>();

  constructor(
    sim: Simulation,
    readonly clusters: Clusters,
  ) {
    this.#left = clusters.table.f64('payloadLeft', DONE);
    this.#applied = new Timer(sim, clusters.table, 'payload-applied', 'control', (cluster) => {
      this.#left.set(cluster, DONE);
      this.applied.emit(cluster);
    });
    clusters.apiChanged.subscribe((cluster, up) =>
      up ? this.#goOn(cluster) : this.#stand(cluster, sim.now),
    );
  }

  /** @param work microseconds */
  begin(cluster: ClusterId, work: number): void {
    this.#applied.cancel(cluster);
    this.#left.set(cluster, Math.max(1, work));
    this.#goOn(cluster);
  }
  done(cluster: ClusterId): boolean {
    return this.#left.at(cluster) === DONE;
  }

  #goOn(cluster: ClusterId): void {
    if (this.done(cluster) || !this.clusters.apiUp(cluster)) return;
    this.#applied.after(cluster, this.#left.at(cluster));
  }
  #stand(cluster: ClusterId, now: number): void {
    if (!this.#applied.armed(cluster)) return;
    this.#left.set(cluster, Math.max(1, this.#applied.due(cluster) - now));
    this.#applied.cancel(cluster);
  }
}
