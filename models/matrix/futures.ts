/** What failures do from one moment on: each future begins with the same snapshot of one world. */
import type { Effect, HumanNeed, Impact } from '../../sim/matrix-result.ts';
import { PAIR_DELAY } from '../../sim/matrix-result.ts';
import type { Snapshot } from '../../sim/snapshot.ts';
import type { Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import type { ScenarioPlan } from '../plan/scenario.ts';
import { unhealed } from '../results/unhealed.ts';
import { Replication } from '../run.ts';
import { subjectService } from '../services.ts';
import type { Failure } from './failures.ts';
import { dentsSince, impactOf } from './impact.ts';
import { type Moment, STRIKES_AT } from './starting-state.ts';

/** How long a failure lasts, and for how long the fleet is watched after its end. */
export interface Watch {
  readonly failureLasts: Micros;
  readonly watch: Micros;
}

/** One world that is put back to its snapshot before each try. */
export class Futures {
  /** Hosted clusters whose API was down before any failure was tried. */
  readonly downBefore: number;
  readonly #world: Replication;
  readonly #snapshot: Snapshot;
  readonly #exposedBefore: ReadonlySet<ClusterId>;
  /** What needed a human before any failure was tried, as JSON. */
  readonly #neededBefore: ReadonlySet<string>;
  readonly #moment: Moment;
  readonly #options: Watch;

  constructor(scenario: Omit<ScenarioPlan, 'duration' | 'faults'>, moment: Moment, options: Watch) {
    this.#moment = moment;
    this.#options = options;
    this.#world = new Replication({ ...scenario, duration: STRIKES_AT, faults: moment.faults }, 0);
    this.#world.run(moment.normalAt);
    this.#exposedBefore = this.#world.recorders.exposure.exposedNow();
    this.#world.run(STRIKES_AT);
    this.#snapshot = this.#world.fleet.world.sim.save();
    this.#neededBefore = new Set(unhealed(this.#world).map((one) => JSON.stringify(one)));
    this.downBefore = this.#world.recorders.services
      .histories()
      .filter((history) => subjectService(history.subject) === 'api' && history.last().value === 0).length;
  }

  try(failures: readonly Failure[]): Effect {
    const world = this.#world;
    const { failureLasts, watch } = this.#options;
    const { sim } = world.fleet.world;
    sim.restore(this.#snapshot);
    const begin = sim.now;
    const end = (begin + failureLasts + watch) as Micros;
    failures.forEach((failure, i) => {
      const at = (begin + i * PAIR_DELAY) as Micros;
      const duration = (failureLasts - i * PAIR_DELAY) as Micros;
      for (const fault of failure.faults({ at, duration })) world.injector.inject(fault);
    });
    world.run(end);
    return this.#read(failures, begin, end);
  }

  /** When every cluster was as far from an outage as before the failure; Infinity while one is not. */
  #redundantAt(): number {
    const { exposure } = this.#world.recorders;
    const now = exposure.exposedNow();
    const same =
      now.size === this.#exposedBefore.size && [...now].every((cluster) => this.#exposedBefore.has(cluster));
    return same ? exposure.changedAt() : Number.POSITIVE_INFINITY;
  }

  /** What waits for somebody now and did not before, by what it is. */
  #needs(): HumanNeed[] {
    const found = new Map<string, HumanNeed>();
    for (const one of unhealed(this.#world)) {
      if (this.#neededBefore.has(JSON.stringify(one))) continue;
      const { what, remedy } = one;
      found.set(what, { what, remedy, count: (found.get(what)?.count ?? 0) + 1 });
    }
    return [...found.values()];
  }

  #read(failures: readonly Failure[], begin: Micros, end: Micros): Effect {
    const dents = dentsSince(this.#world, begin, end);
    const impact = (service: (typeof SHOWN)[number]): Impact => impactOf(dents.of(service), this.#world);
    const others = Math.max(this.#redundantAt(), this.#world.recorders.pending.endedAt(begin));
    const over = begin + this.#options.failureLasts;
    const after = (at: number): Micros | undefined =>
      at > end ? undefined : (Math.max(0, at - over) as Micros);
    const wholeAfter = after(Math.max(dents.healedAt, others));
    const allElseAfter = after(Math.max(dents.allElseAt, others));
    const { during } = this.#moment;
    return {
      failures: failures.map(({ label }) => label),
      ...(during === undefined ? {} : { during }),
      alike: alikeOf(failures),
      api: impact('api'),
      etcd: impact('etcd'),
      tunnel: impact('tunnel'),
      workloads: impact('workloads'),
      lifecycle: impact('lifecycle'),
      ...healed(wholeAfter, allElseAfter),
      needsHuman: wholeAfter === undefined ? this.#needs() : [],
    };
  }
}

function alikeOf(failures: readonly Failure[]): string[][] {
  const own = failures.map(({ label }) => label);
  if (failures.length > 1) return [own];
  return [own, ...failures[0]!.alike.map((label) => [label])];
}

/** The services whose impact is shown. */
export const SHOWN = ['api', 'etcd', 'tunnel', 'workloads', 'lifecycle'] as const;

/** When all, or all but tunnels, was as before; absent where it was not. */
export function healed(
  wholeAfter: Micros | undefined,
  allElseAfter: Micros | undefined,
): Pick<Effect, 'wholeAfter' | 'allElseAfter'> {
  if (wholeAfter !== undefined) return { wholeAfter };
  return allElseAfter === undefined ? {} : { allElseAfter };
}
