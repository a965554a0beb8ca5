/**
 * The failure matrix of a fleet: every single failure replayed from a snapshot of the fleet at rest (or with a zone down, or of two in mid-rollout), and for
 * depth 2 the pairs that take down what neither of the two takes down alone.
 */
import type { Effect, HumanNeed, Impact, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { MINUTE, type Micros } from '../../sim/time.ts';
import type { ParameterValues } from '../parameters.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { type Failure, singleFailures } from './failures.ts';
import { Futures, healed, type SHOWN } from './futures.ts';
import { isHarder, worstOf } from './impact.ts';
import { STRIKES_AT, type StartingState, startingState } from './starting-state.ts';

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
  const { before, gone, alone: nothing } = bench.state;
  const strikes = singleFailures(fleet).filter(({ label }) => !gone.has(label));
  const alone = nothing === undefined ? [] : [bench.try([nothing])];
  const singles: Effect[] = [];
  for (const failure of strikes) {
    if (bench.stopped()) break;
    singles.push(bench.try([failure]));
  }
  const pairs = options.depth === 2 ? minimalPairs(bench, strikes, singles) : [];
  return {
    fleet: fleet.name,
    state: options.state,
    before,
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

/** The fleet in its state, in which failures are tried. */
class Bench {
  readonly state: StartingState;
  runs = 0;
  partial = false;
  readonly #futures: readonly Futures[];
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
    this.state = startingState(scenario, options.state, forever);
    this.#futures = this.state.moments.map((moment) => new Futures(scenario, moment, options));
  }

  /** Hosted clusters whose API was down before any failure was tried. */
  get downBefore(): number {
    return Math.max(...this.#futures.map((one) => one.downBefore));
  }

  /** Whether to end the work with what there is. */
  stopped(): boolean {
    this.partial ||= this.#options.shouldStop?.() ?? false;
    return this.partial;
  }

  /** What failures do at the worst moment. */
  try(failures: readonly Failure[]): Effect {
    this.runs += this.#futures.length;
    const tried = this.#futures.map((one) => one.try(failures));
    const worst = worstFigures(tried);
    if (new Set(tried.map(kindOf)).size > 1) return worst;
    // The moment makes no difference.
    const { during: _, ...always } = worst;
    return always;
  }
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
  return { ...worstFigures(tried), alike: tried.flatMap(({ alike }) => alike), tried };
}

/** The effect that is worst in all, with the worst figure of any in each place. */
function worstFigures(tried: readonly Effect[]): Effect {
  if (tried.length === 1) return tried[0]!;
  const worst = tried.reduce((a, b) => (isWorse(b, a) ? b : a));
  const impact = (service: (typeof SHOWN)[number]): Impact => worstOf(tried.map((effect) => effect[service]));
  const latest = (key: 'wholeAfter' | 'allElseAfter'): Micros | undefined => {
    const times = tried.map((effect) => effect[key]);
    return times.includes(undefined) ? undefined : (Math.max(...(times as Micros[])) as Micros);
  };
  return {
    failures: worst.failures,
    ...(worst.during === undefined ? {} : { during: worst.during }),
    alike: worst.alike,
    api: impact('api'),
    etcd: impact('etcd'),
    tunnel: impact('tunnel'),
    workloads: impact('workloads'),
    lifecycle: impact('lifecycle'),
    ...healed(latest('wholeAfter'), latest('allElseAfter')),
    needsHuman: mostNeeds(tried),
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
