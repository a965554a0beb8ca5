/** The passes of each cluster's monitor loop: a period, and a phase that every new leader draws anew. */
import type { F64Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId } from '../ids.ts';
import type { Clusters } from './clusters.ts';

export class MonitorPasses {
  readonly #phase: F64Column<ClusterId>;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    /** Microseconds between passes. */
    readonly period: number,
  ) {
    this.#phase = clusters.table.f64('monitorPhase');
  }

  /** A leader begins its loop at a moment of its own. */
  begin(cluster: ClusterId): void {
    const u = this.sim.streams.stream('monitor-phase', this.clusters.key(cluster)).uniform();
    this.#phase.set(cluster, Math.floor(u * this.period));
  }

  /** The first pass at or after an instant. */
  from(cluster: ClusterId, instant: number): number {
    const phase = this.#phase.at(cluster);
    return Math.ceil((instant - phase) / this.period) * this.period + phase;
  }
}
