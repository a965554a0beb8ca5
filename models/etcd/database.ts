/**
 * The database of hosted etcd: it grows, fragments, is defragmented, and at its quota raises the NOSPACE alarm: from then on reads
 * succeed and writes are refused, until somebody compacts, defragments and disarms (etcd-io/website v3.6 op-guide/maintenance).
 *
 * Growth and fragmentation are straight lines, so nothing ticks: the instants at which they reach quota and threshold are computed, and
 * at default rates there are none. Defragmentation is a sidecar of HighlyAvailable clusters (openshift/hypershift etcd-defrag): followers
 * first, the leader last, one after the other, and not while a member is unhealthy. A member that defragments keeps requests
 * waiting; raft goes on meanwhile, so it stays leader or follower, and the clusters' services are not touched.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { DAY } from '../../sim/time.ts';
import { Timer } from '../../sim/timer.ts';
import type { EnsembleId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Ensembles } from './ensembles.ts';

/** Sizes of a database, MiB, and how they change, MiB per microsecond. */
export interface Filling {
  readonly used: number;
  readonly free: number;
  readonly growth: number;
  readonly fragments: number;
}

/** Microseconds until the database has that size; Infinity when it never does. */
export function reachesSize({ used, free, growth, fragments }: Filling, size: number): number {
  const missing = size - used - free;
  if (missing <= 0) return 0;
  const rate = growth + fragments;
  return rate === 0 ? Number.POSITIVE_INFINITY : missing / rate;
}

/** Microseconds until that share of the database is free space; Infinity when it never is. */
export function reachesFragmentation({ used, free, growth, fragments }: Filling, share: number): number {
  const missing = share * (used + free) - free;
  if (missing <= 0) return 0;
  const rate = fragments - share * (growth + fragments);
  return rate <= 0 ? Number.POSITIVE_INFINITY : missing / rate;
}

export class Database {
  /** MiB in use and free at the instant `since`. */
  readonly #used: F64Column<EnsembleId>;
  readonly #free: F64Column<EnsembleId>;
  readonly #since: F64Column<EnsembleId>;
  /** Its members have a defragmentation sidecar. */
  readonly #sidecar: U8Column<EnsembleId>;
  /** The sidecar would defragment if all members were healthy. */
  readonly #waiting: U8Column<EnsembleId>;
  readonly #alarm: U8Column<EnsembleId>;
  /** The fact of the last alarm. */
  readonly lastAlarm: I32Column<EnsembleId, CauseId>;
  readonly #full: Timer<EnsembleId>;
  readonly #look: Timer<EnsembleId>;
  readonly #defragmented: Timer<EnsembleId>;
  readonly #cleaned: Timer<EnsembleId>;
  readonly #alarmFact: FactKind;
  readonly #cleanedFact: FactKind;
  readonly #defragmentedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly ensembles: Ensembles,
    readonly parameters: ParameterValues,
  ) {
    const { table } = ensembles;
    this.#used = table.f64('databaseUsed');
    this.#free = table.f64('databaseFree');
    this.#since = table.f64('databaseSince');
    this.#sidecar = table.u8('defragSidecar');
    this.#waiting = table.u8('defragWaiting');
    this.#alarm = table.u8('noSpaceAlarm');
    this.lastAlarm = table.i32('lastAlarm', BEGINNING);
    this.#full = new Timer(sim, table, 'database-full', 'fail', (ensemble) => this.#raise(ensemble));
    this.#look = new Timer(sim, table, 'defrag-looks', 'control', (ensemble) => this.#defragment(ensemble));
    this.#defragmented = new Timer(sim, table, 'defragmented', 'recover', (ensemble) => this.#done(ensemble));
    this.#cleaned = new Timer(sim, table, 'database-cleaned', 'recover', (ensemble) => this.#clean(ensemble));
    this.#alarmFact = sim.factKind('no-space');
    this.#cleanedFact = sim.factKind('database-cleaned');
    this.#defragmentedFact = sim.factKind('defragmented');
    ensembles.databaseMib = (ensemble) => this.size(ensemble);
    ensembles.refusesWrites = (ensemble) => this.#alarm.at(ensemble) === 1;
    ensembles.changed.subscribe((ensemble) => this.#membersChanged(ensemble));
  }

  /** An etcd cluster gets its database. @param sidecar whether somebody defragments it */
  enter(ensemble: EnsembleId, sidecar: boolean): void {
    this.#sidecar.set(ensemble, sidecar ? 1 : 0);
    this.#become(ensemble, this.parameters.etcd.databaseMib, 0);
  }

  /** MiB on disk right now. */
  size(ensemble: EnsembleId): number {
    const { used, free } = this.#filling(ensemble);
    return used + free;
  }

  /** What refuses writes changes nothing. */
  #filling(ensemble: EnsembleId): Filling {
    const alarm = this.#alarm.at(ensemble) === 1;
    const growth = alarm ? 0 : this.parameters.database.growth / DAY;
    const fragments = alarm ? 0 : this.parameters.database.fragments / DAY;
    const passed = this.sim.now - this.#since.at(ensemble);
    return {
      used: this.#used.at(ensemble) + growth * passed,
      free: this.#free.at(ensemble) + fragments * passed,
      growth,
      fragments,
    };
  }

  /** New sizes from now on, and when they will be too much. */
  #become(ensemble: EnsembleId, used: number, free: number): void {
    this.#used.set(ensemble, used);
    this.#free.set(ensemble, free);
    this.#since.set(ensemble, this.sim.now);
    this.#awaitFull(ensemble);
    this.#awaitFragments(ensemble);
  }

  #awaitFull(ensemble: EnsembleId): void {
    this.#full.cancel(ensemble);
    if (this.#alarm.at(ensemble) === 1) return;
    const wait = reachesSize(this.#filling(ensemble), this.parameters.database.quotaMib);
    this.#within(this.#full, ensemble, wait);
  }

  #awaitFragments(ensemble: EnsembleId): void {
    this.#look.cancel(ensemble);
    if (this.#sidecar.at(ensemble) === 0 || this.#alarm.at(ensemble) === 1) return;
    const { defragThreshold, defragMinimumMib } = this.parameters.database;
    const filling = this.#filling(ensemble);
    if (filling.fragments === 0 && filling.free === 0) return;
    const wait = Math.max(
      reachesFragmentation(filling, defragThreshold),
      reachesSize(filling, defragMinimumMib),
    );
    this.#within(this.#look, ensemble, wait, this.#untilLook(ensemble, wait));
  }

  /** The sidecar looks every period at a phase of its own: microseconds from when there is something to see until it does. */
  #untilLook(ensemble: EnsembleId, wait: number): number {
    const { defragPeriod } = this.parameters.database;
    const key = this.ensembles.keyOf(this.ensembles.cluster.at(ensemble));
    const phase = this.sim.streams.once('defrag', key).uniform() * defragPeriod;
    const from = this.sim.now + wait - phase;
    return Math.ceil(from / defragPeriod) * defragPeriod - from;
  }

  /** Arms a timer unless its instant is beyond the clock's reach. */
  #within(timer: Timer<EnsembleId>, ensemble: EnsembleId, wait: number, more = 0): void {
    const delay = Math.ceil(wait + more);
    if (this.sim.now + delay < Number.MAX_SAFE_INTEGER) timer.after(ensemble, delay);
  }

  #healthy(ensemble: EnsembleId): boolean {
    const { members } = this.ensembles;
    for (let member = members.of.first(ensemble); member !== NONE; member = members.of.next(member))
      if (!members.up(member) || members.stalled(member)) return false;
    return this.ensembles.hasLeader(ensemble);
  }

  #defragment(ensemble: EnsembleId): void {
    if (!this.#healthy(ensemble)) {
      this.#waiting.set(ensemble, 1);
      return;
    }
    const { defragMibPerSecond, defragWait } = this.parameters.database;
    const each = (this.size(ensemble) / defragMibPerSecond) * 1e6 + defragWait;
    this.#defragmented.after(ensemble, Math.round(each * this.ensembles.members.of.count(ensemble)));
  }

  #membersChanged(ensemble: EnsembleId): void {
    if (this.#waiting.at(ensemble) === 0 || !this.#healthy(ensemble)) return;
    this.#waiting.set(ensemble, 0);
    this.#awaitFragments(ensemble);
  }

  #done(ensemble: EnsembleId): void {
    this.sim.emit(this.#defragmentedFact, this.ensembles.cluster.at(ensemble));
    this.#become(ensemble, this.#filling(ensemble).used, 0);
  }

  #raise(ensemble: EnsembleId): void {
    const { used, free } = this.#filling(ensemble);
    const fact = this.sim.emit(this.#alarmFact, this.ensembles.cluster.at(ensemble));
    this.lastAlarm.set(ensemble, fact);
    const outer = this.sim.enter(fact);
    this.#alarm.set(ensemble, 1);
    this.#defragmented.cancel(ensemble);
    this.#become(ensemble, used, free);
    const { cleanupAfter } = this.parameters.database;
    if (cleanupAfter > 0) this.#cleaned.after(ensemble, cleanupAfter);
    this.ensembles.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #clean(ensemble: EnsembleId): void {
    const outer = this.sim.enter(this.sim.emit(this.#cleanedFact, this.ensembles.cluster.at(ensemble)));
    this.#alarm.set(ensemble, 0);
    this.#become(ensemble, this.parameters.etcd.databaseMib, 0);
    this.ensembles.changed.emit(ensemble);
    this.sim.leave(outer);
  }
}
