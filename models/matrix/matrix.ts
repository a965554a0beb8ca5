/**
 * The failure matrix of a fleet: every single failure replayed from one snapshot of the fleet at rest (or with a zone down), and for
 * depth 2 the pairs that take down what neither of the two takes down alone.
 */
import type { Impact, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import type { Snapshot } from '../../sim/snapshot.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { subjectService } from '../services.ts';
import { type Failure, singleFailures } from './failures.ts';
import { dentsSince, impactOf } from './impact.ts';

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

/** A failure in force for so long has settled: nothing more follows from it. */
const SETTLED = HOUR;
/** The second of two failures follows the first once its endpoints are dropped and nothing has been rescheduled yet. */
const SECOND_AFTER = (2 * MINUTE) as Micros;

/** A row and what its equality with others is judged by. */
interface Tried {
  readonly row: MatrixRow;
  readonly kind: string;
}

export function failureMatrix(fleet: FleetPlan, options: MatrixOptions): MatrixResult {
  const bench = new Bench(fleet, options);
  const failures = singleFailures(fleet).filter(({ label }) => !bench.gone.has(label));
  const singles: Tried[] = [];
  for (const failure of failures) {
    if (bench.stopped()) break;
    singles.push(bench.try([failure]));
  }
  const pairs = options.depth === 2 ? minimalPairs(bench, failures, singles) : [];
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
    rows: merged(singles),
    pairs: merged(pairs).sort((a, b) => tenantsHit(b) - tenantsHit(a)),
    runs: bench.runs,
    partial: bench.partial,
    notes: fleet.notes,
  };
}

/** Labels of a zone and of everything in it. */
function within(fleet: FleetPlan, zone: string): Set<string> {
  const racks = fleet.places.filter(({ kind, parent }) => kind === 'rack' && parent === zone);
  const nodes = fleet.managementClusters
    .flatMap((cluster) => cluster.nodes)
    .filter((node) => node.zone === zone);
  return new Set([
    `zone ${zone}`,
    ...racks.map(({ name }) => `rack ${name}`),
    ...nodes.map(({ name, controlPlane }) => `${controlPlane ? 'control-plane node' : 'node'} ${name}`),
  ]);
}

/** One world that is put back to its snapshot before each try. */
class Bench {
  readonly before: string;
  /** What is down already and cannot fail: the place that is lost, and what stands in it. */
  readonly gone: ReadonlySet<string>;
  /** Hosted clusters whose API was down before any failure was tried. */
  readonly downBefore: number;
  runs = 0;
  partial = false;
  readonly #world: Replication;
  readonly #snapshot: Snapshot;
  readonly #exposedBefore: ReadonlySet<ClusterId>;
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
    this.#world = new Replication({ ...scenario, duration: HOUR, faults: [] }, 0);
    const zone = singleFailures(fleet).find(({ label }) => label.startsWith('zone '));
    this.before = options.state === 'zone-down' ? (zone?.label ?? '') : '';
    if (options.state === 'zone-down' && zone) {
      const forever = (options.failureLasts + options.watch + 2 * SETTLED) as Micros;
      for (const fault of zone.faults({ at: MINUTE, duration: forever })) this.#world.injector.inject(fault);
    }
    this.gone = zone && this.before !== '' ? within(fleet, this.before.slice('zone '.length)) : new Set();
    this.#world.run(SETTLED);
    this.#snapshot = this.#world.fleet.world.sim.save();
    this.#exposedBefore = this.#world.recorders.exposure.exposedNow();
    this.downBefore = this.#world.recorders.services
      .histories()
      .filter((history) => subjectService(history.subject) === 'api' && history.last().value === 0).length;
  }

  /** Whether to end the work with what there is. */
  stopped(): boolean {
    this.partial ||= this.#options.shouldStop?.() ?? false;
    return this.partial;
  }

  try(failures: readonly Failure[]): Tried {
    const world = this.#world;
    const { failureLasts, watch } = this.#options;
    const { sim } = world.fleet.world;
    sim.restore(this.#snapshot);
    this.runs++;
    const begin = sim.now;
    const end = (begin + failureLasts + watch) as Micros;
    failures.forEach((failure, i) => {
      const at = (begin + i * SECOND_AFTER) as Micros;
      const duration = (failureLasts - i * SECOND_AFTER) as Micros;
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

  #read(failures: readonly Failure[], begin: Micros, end: Micros): Tried {
    const dents = dentsSince(this.#world, begin, end);
    const impact = (service: 'api' | 'etcd' | 'workloads' | 'lifecycle'): Impact =>
      impactOf(dents.of(service), this.#world);
    const whole = Math.max(dents.healedAt, this.#redundantAt(), this.#world.recorders.pending.endedAt(begin));
    const base = {
      failures: failures.map(({ label }) => label),
      alike: alikeOf(failures),
      api: impact('api'),
      etcd: impact('etcd'),
      workloads: impact('workloads'),
      lifecycle: impact('lifecycle'),
    };
    const over = begin + this.#options.failureLasts;
    const row = whole > end ? base : { ...base, wholeAfter: Math.max(0, whole - over) as Micros };
    return { row, kind: kindOf(row) };
  }
}

function alikeOf(failures: readonly Failure[]): string[][] {
  const own = failures.map(({ label }) => label);
  if (failures.length > 1) return [own];
  return [own, ...failures[0]!.alike.map((label) => [label])];
}

/** Two failures are equivalent when they do the same to the same number of clusters, to within what chance adds. */
function kindOf(row: MatrixRow): string {
  const of = ({ down, lowest, longestDown }: Impact): string => {
    const minutes = longestDown === 0 ? 0 : Math.ceil(longestDown / (5 * MINUTE));
    return `${down > 0 ? 'down' : lowest < 1 ? 'dented' : 'untouched'} ${minutes}`;
  };
  const what = row.failures.map((label) => label.replace(/ .*/, '')).join('+');
  return [what, of(row.api), of(row.workloads), of(row.lifecycle), row.wholeAfter === undefined].join('; ');
}

/** Rows of one kind become one: the worst of them, with the names of all. */
function merged(tried: readonly Tried[]): MatrixRow[] {
  const kinds = new Map<string, MatrixRow>();
  for (const { row, kind } of tried) {
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, row);
    else {
      const worse = tenantsHit(row) > tenantsHit(known) ? row : known;
      kinds.set(kind, { ...worse, alike: [...known.alike, ...row.alike] });
    }
  }
  return [...kinds.values()];
}

function tenantsHit(row: MatrixRow): number {
  return Math.max(row.api.down, row.workloads.down) * 1e6 + row.api.hit;
}

/** Pairs that take down an API, a quorum or workloads which neither of their two failures takes down. */
function minimalPairs(bench: Bench, failures: readonly Failure[], singles: readonly Tried[]): Tried[] {
  const harmless = failures.filter((_, i) => singles[i] !== undefined && !takesDown(singles[i].row));
  const found: Tried[] = [];
  for (let i = 0; i < harmless.length; i++) {
    for (let j = i + 1; j < harmless.length; j++) {
      if (bench.stopped()) return found;
      const tried = bench.try([harmless[i]!, harmless[j]!]);
      if (takesDown(tried.row)) found.push(tried);
    }
  }
  return found;
}

function takesDown({ api, workloads }: MatrixRow): boolean {
  return api.down > 0 || workloads.down > 0;
}
