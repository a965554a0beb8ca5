/** For how long each hosted cluster was one failure away from an outage of its API. */
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { Health } from '../health.ts';
import type { ClusterId } from '../ids.ts';

export class ExposureRecorder {
  #since = new Map<ClusterId, Micros>();
  #total = new Map<ClusterId, number>();
  #changed = 0;

  constructor(sim: Simulation, health: Health) {
    sim.observe(health.exposureFact, (subject, value, _fact, at) => {
      const cluster = subject as ClusterId;
      this.#changed = at;
      if (value === 1) this.#since.set(cluster, at);
      else this.#total.set(cluster, this.exposed(cluster, at));
      if (value === 0) this.#since.delete(cluster);
    });
    sim.keep({
      save: () => ({ since: [...this.#since], total: [...this.#total], changed: this.#changed }),
      restore: (saved: { since: [ClusterId, Micros][]; total: [ClusterId, number][]; changed: number }) => {
        this.#changed = saved.changed;
        this.#since = new Map(saved.since);
        this.#total = new Map(saved.total);
      },
    });
  }

  /** The clusters that are exposed now. */
  exposedNow(): ReadonlySet<ClusterId> {
    return new Set(this.#since.keys());
  }
  /** When some cluster became exposed, or ceased to be, for the last time. */
  changedAt(): number {
    return this.#changed;
  }

  /** Microseconds of exposure up to an instant. */
  exposed(cluster: ClusterId, until: Micros): number {
    const since = this.#since.get(cluster);
    return (this.#total.get(cluster) ?? 0) + (since === undefined ? 0 : until - since);
  }
}
