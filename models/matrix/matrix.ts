/**
 * The failure matrix of a fleet: every single failure replayed from one snapshot of the fleet at rest (or with a zone down, or in mid-rollout), and for
 * depth 2 the pairs that take down what neither of the two takes down alone.
 */
import {
  type Effect,
  type HumanNeed,
  type Impact,
  type MatrixResult,
  type MatrixRow,
  PAIR_DELAY,
} from '../../sim/matrix-result.ts';
import type { Snapshot } from '../../sim/snapshot.ts';
import { MINUTE, type Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { unhealed } from '../results/unhealed.ts';
import { Replication } from '../run.ts';
import { subjectService } from '../services.ts';
import { type Failure, singleFailures } from './failures.ts';
import { dentsSince, impactOf, isHarder, worstOf } from './impact.ts';
import { STRIKES_AT, startingState } from './starting-state.ts';

export interface MatrixOptions {
  readonly seed: number;
  readonly depth: 1 | 2;
  readonly state: MatrixResult['state'];
  readonly parameters: ParameterValues;
  /** How long each failure lasts. */
  readonly failureLasts: Micros;
  /** How long the fleet is watched after the failure has ended. */
  readonly watch: Micros;
  /** Asked between failures; true ends the work with what there is. */
  readonly shouldStop?: () => boolean;
}

export function failureMatrix(fleet: FleetPlan, options: MatrixOptions): MatrixResult {
  const bench = new Bench(fleet, options);
  const strikes = singleFailures(fleet).filter(({ label }) => !bench.gone.has(label));
  const alone = bench.alone === undefined ? [] : [bench.try([bench.alone])];
  const singles: Effect[] = [];
  for (const failure of strikes) {
    if (bench.stopped()) break;
    singles.push(bench.try([failure]));
  }
  const pairs = options.depth === 2 ? minimalPairs(bench, strikes, singles) : [];
  return {
    fleet: fleet.name,
    state: options.state,
    before: bench.before,
    downBefore: bench.downBefore,
    depth: options.depth,
    seed: options.seed,
    hostedClusters: fleet.hostedClusters.length,
    failureLasts: options.failureLasts,
    watched: (options.failureLasts + options.watch) as Micros,
    rows: merged([...alone, ...singles]),
    pairs: merged(pairs).sort((a, b) => tenantsDown(b) - tenantsDown(a) || b.api.hit - a.api.hit),
    runs: bench.runs,
    partial: bench.partial,
    notes: fleet.notes,
  };
}

/** One world that is put back to its snapshot before each try. */
class Bench {
  readonly before: string;
  /** What is down already and cannot fail: the place that is lost, and what stands in it. */
  readonly gone: ReadonlySet<string>;
  /** Nothing fails: where the state before does something by itself. */
  readonly alone: Failure | undefined;
  /** Hosted clusters whose API was down before any failure was tried. */
  readonly downBefore: number;
  runs = 0;
  partial = false;
  readonly #world: Replication;
  readonly #snapshot: Snapshot;
  readonly #exposedBefore: ReadonlySet<ClusterId>;
  /** What needed a human before any failure was tried, as JSON. */
  readonly #neededBefore: ReadonlySet<string>;
  readonly #options: MatrixOptions;

  constructor(fleet: FleetPlan, options: MatrixOptions) {
    this.#options = options;
    const scenario = {
      name: 'matrix',
      description: '',
      fleet,
      seed: options.seed,
      parameters: options.parameters,
    };
    const forever = (options.failureLasts + options.watch + 2 * STRIKES_AT) as Micros;
    const start = startingState(scenario, options.state, forever);
    this.#world = new Replication({ ...scenario, duration: STRIKES_AT, faults: start.faults }, 0);
    this.before = start.before;
    this.gone = start.gone;
    this.alone = start.alone;
    this.#world.run(start.normalAt);
    this.#exposedBefore = this.#world.recorders.exposure.exposedNow();
    this.#world.run(STRIKES_AT);
    this.#snapshot = this.#world.fleet.world.sim.save();
    this.#neededBefore = new Set(unhealed(this.#world).map((one) => JSON.stringify(one)));
    this.downBefore = this.#world.recorders.services
      .histories()
      .filter((history) => subjectService(history.subject) === 'api' && history.last().value === 0).length;
  }

  /** Whether to end the work with what there is. */
  stopped(): boolean {
    this.partial ||= this.#options.shouldStop?.() ?? false;
    return this.partial;
  }

  try(failures: readonly Failure[]): Effect {
    const world = this.#world;
    const { failureLasts, watch } = this.#options;
    const { sim } = world.fleet.world;
    sim.restore(this.#snapshot);
    this.runs++;
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
    return {
      failures: failures.map(({ label }) => label),
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
const SHOWN = ['api', 'etcd', 'tunnel', 'workloads', 'lifecycle'] as const;

function healed(
  wholeAfter: Micros | undefined,
  allElseAfter: Micros | undefined,
): Pick<Effect, 'wholeAfter' | 'allElseAfter'> {
  if (wholeAfter !== undefined) return { wholeAfter };
  return allElseAfter === undefined ? {} : { allElseAfter };
}

/**
 * Two failures are equivalent when they do the same to the same services, to within what chance adds: as low to within a quarter, as long
 * to within five minutes, and with the same left over for somebody to mend.
 */
function kindOf(effect: Effect): string {
  const of = ({ down, lowest, longestDown, longestBelow }: Impact): string => {
    const minutes = Math.ceil((down > 0 ? longestDown : longestBelow) / (5 * MINUTE));
    return `${lowest < 1 ? Math.ceil(lowest * 4) : 'untouched'} ${minutes}`;
  };
  const what = effect.failures.map((label) => label.replace(/ .*/, '')).join('+');
  const { wholeAfter, allElseAfter, needsHuman } = effect;
  const left = [wholeAfter === undefined, allElseAfter === undefined, ...needsHuman.map(({ what }) => what)];
  return [what, of(effect.api), of(effect.workloads), of(effect.lifecycle), ...left].join('; ');
}

/** Effects of one kind become one row: the worst figures of any, the name and the causes of the worst, and all of them below it. */
function merged(effects: readonly Effect[]): MatrixRow[] {
  const kinds = new Map<string, Effect[]>();
  for (const effect of effects) {
    const kind = kindOf(effect);
    kinds.set(kind, [...(kinds.get(kind) ?? []), effect]);
  }
  return [...kinds.values()].map(rowOf);
}

function rowOf(tried: readonly Effect[]): MatrixRow {
  const worst = tried.reduce((a, b) => (isWorse(b, a) ? b : a));
  const impact = (service: (typeof SHOWN)[number]): Impact => worstOf(tried.map((effect) => effect[service]));
  const latest = (key: 'wholeAfter' | 'allElseAfter'): Micros | undefined => {
    const times = tried.map((effect) => effect[key]);
    return times.includes(undefined) ? undefined : (Math.max(...(times as Micros[])) as Micros);
  };
  return {
    failures: worst.failures,
    alike: tried.flatMap(({ alike }) => alike),
    api: impact('api'),
    etcd: impact('etcd'),
    tunnel: impact('tunnel'),
    workloads: impact('workloads'),
    lifecycle: impact('lifecycle'),
    ...healed(latest('wholeAfter'), latest('allElseAfter')),
    needsHuman: mostNeeds(tried),
    tried,
  };
}

/** Of each thing that waits for somebody as many as any of the failures leaves. */
function mostNeeds(tried: readonly Effect[]): HumanNeed[] {
  const found = new Map<string, HumanNeed>();
  for (const need of tried.flatMap(({ needsHuman }) => needsHuman))
    if ((found.get(need.what)?.count ?? 0) < need.count) found.set(need.what, need);
  return [...found.values()];
}

/** Whether one effect is worse than another: tenants down, then their APIs, then their workloads. */
function isWorse(a: Effect, b: Effect): boolean {
  if (tenantsDown(a) !== tenantsDown(b)) return tenantsDown(a) > tenantsDown(b);
  if (isHarder(a.api, b.api) || isHarder(b.api, a.api)) return isHarder(a.api, b.api);
  return isHarder(a.workloads, b.workloads);
}

function tenantsDown({ api, workloads }: Effect): number {
  return Math.max(api.down, workloads.down);
}

/** Pairs that take down an API, a quorum or workloads which neither of their two failures takes down. */
function minimalPairs(bench: Bench, failures: readonly Failure[], singles: readonly Effect[]): Effect[] {
  const harmless = failures.filter((_, i) => singles[i] !== undefined && !takesDown(singles[i]));
  const found: Effect[] = [];
  for (let i = 0; i < harmless.length; i++) {
    for (let j = i + 1; j < harmless.length; j++) {
      if (bench.stopped()) return found;
      const tried = bench.try([harmless[i]!, harmless[j]!]);
      if (takesDown(tried)) found.push(tried);
    }
  }
  return found;
}

function takesDown({ api, workloads }: Effect): boolean {
  return api.down > 0 || workloads.down > 0;
}
