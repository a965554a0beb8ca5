/**
 * Leader election by lease (client-go leaderelection): one holder renews every retry period; a candidate takes over when it has seen
 * no renewal for the lease's duration, at its own next try. A holder that cannot renew until its deadline gives up and exits, and
 * like every new process then grants the record a whole duration before it takes over.
 * After a crash that is at worst duration + retry period: 163 s with OpenShift's 137/107/26 (openshift/enhancements CONVENTIONS.md).
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { CandidateId, ClusterId, LeaseId } from '../ids.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';

/** All in microseconds. */
export interface LeaseSpec {
  readonly duration: number;
  readonly renew: number;
  readonly retry: number;
}

/** A candidate that has not been able to look at the lease. */
const NOT_SEEN = Number.MAX_SAFE_INTEGER;
const HELD = -1;

export class Leases {
  readonly table: Table<LeaseId>;
  readonly names: string[] = [];
  readonly candidates: Table<CandidateId>;
  readonly #of: Membership<LeaseId, CandidateId>;
  readonly #ofCluster: Membership<ClusterId, LeaseId>;
  readonly #spec: LeaseSpec[] = [];
  readonly holder: I32Column<LeaseId, CandidateId>;
  /** When the last renewal runs out; meaningful without a holder. */
  readonly #expires: F64Column<LeaseId>;
  /** The fact of the last loss of the holder. */
  readonly lastLoss: I32Column<LeaseId, CauseId>;
  readonly #up: U8Column<CandidateId>;
  /** The network keeps the candidate from the API. */
  readonly #cutOff: U8Column<CandidateId>;
  /** Until when a candidate takes the lease for valid from its own first look at it; NOT_SEEN while it could not look. */
  readonly #grantsUntil: F64Column<CandidateId>;
  /** Who takes the lease next. */
  readonly #next: I32Column<LeaseId, CandidateId>;
  readonly #keys: string[] = [];
  /** The last holder gave the lease back: whoever looks may take it. */
  readonly #returned: U8Column<LeaseId>;
  /** Since when nobody holds it, or HELD; for how long nobody did before, in total and at a stretch. */
  readonly #vacantSince: F64Column<LeaseId>;
  readonly #vacant: F64Column<LeaseId>;
  readonly #longestVacancy: F64Column<LeaseId>;
  readonly #acquire: Timer<LeaseId>;
  readonly #giveUp: Timer<LeaseId>;
  readonly #lostFact: FactKind;
  readonly #cutOffFact: FactKind;
  readonly #acquiredFact: FactKind;

  /** The lease got or lost its holder. */
  readonly changed = new Signal<[lease: LeaseId, held: boolean]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
  ) {
    this.table = sim.table<LeaseId>('lease');
    this.candidates = sim.table<CandidateId>('candidate');
    this.#of = new Membership('candidates of lease', this.table, this.candidates);
    this.#ofCluster = new Membership('leases of cluster', clusters.table, this.table);
    this.holder = this.table.i32('holder', NONE);
    this.#expires = this.table.f64('expires');
    this.lastLoss = this.table.i32('lastLoss', BEGINNING);
    this.#up = this.candidates.u8('up', 1);
    this.#cutOff = this.candidates.u8('cutOff');
    this.#grantsUntil = this.candidates.f64('grantsUntil');
    this.#next = this.table.i32('next', NONE);
    this.#returned = this.table.u8('returned');
    this.#vacantSince = this.table.f64('vacantSince', HELD);
    this.#vacant = this.table.f64('vacant');
    this.#longestVacancy = this.table.f64('longestVacancy');
    this.#acquire = new Timer(sim, this.table, 'lease-acquired', 'control', (lease) => this.#take(lease));
    this.#giveUp = new Timer(sim, this.table, 'lease-given-up', 'control', (lease) => this.#surrender(lease));
    this.#lostFact = sim.factKind('lease-lost');
    this.#cutOffFact = sim.factKind('lease-holder-cut-off');
    this.#acquiredFact = sim.factKind('lease-acquired');
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
  }

  /**
   * A lease in a cluster's API with so many candidates, one of which holds it.
   * @param spare further candidates that may come, as the pods of a rollout do
   */
  add(name: string, cluster: ClusterId, spec: LeaseSpec, candidates: number, spare = 0): LeaseId {
    const lease = this.table.add();
    this.names[lease] = name;
    this.#spec[lease] = spec;
    this.#ofCluster.join(cluster, lease);
    for (let i = 0; i < candidates + spare; i++) {
      const candidate = this.candidates.add();
      this.#of.join(lease, candidate);
      if (i >= candidates) this.#up.set(candidate, 0);
    }
    if (candidates === 0) this.#vacate(lease);
    const u = candidates > 1 ? this.sim.streams.once('first-holder', this.#key(lease)).uniform() : 0;
    if (candidates > 0) this.holder.set(lease, this.candidate(lease, Math.floor(u * candidates)));
    return lease;
  }

  /** Names the lease's random stream; most leases never draw. */
  #key(lease: LeaseId): string {
    this.#keys[lease] ??= `${this.clusters.key(this.api(lease))}/${this.names[lease]}`;
    return this.#keys[lease];
  }

  /** A lease that nobody holds moves to the API of another cluster, where no record of it stands yet. */
  rehouse(lease: LeaseId, cluster: ClusterId): void {
    // The name of its random stream stays what it was.
    this.#key(lease);
    this.#ofCluster.leave(lease);
    this.#ofCluster.join(cluster, lease);
    this.#expires.set(lease, 0);
    this.#returned.set(lease, 1);
  }

  candidate(lease: LeaseId, ordinal: number): CandidateId {
    return (this.#of.first(lease) + ordinal) as CandidateId;
  }
  /** The cluster in whose API the lease lives. */
  api(lease: LeaseId): ClusterId {
    return this.#ofCluster.parent(lease);
  }
  /** The candidate's process runs. */
  isUp(candidate: CandidateId): boolean {
    return this.#up.at(candidate) === 1;
  }
  /** Somebody holds the lease and can act on it. */
  held(lease: LeaseId): boolean {
    const holder = this.holder.at(lease);
    return holder !== NONE && this.#cutOff.at(holder) === 0;
  }

  /** At the beginning of a run: a candidate that has no node never came up. */
  missing(candidate: CandidateId): void {
    this.#up.set(candidate, 0);
    const lease = this.#of.parent(candidate);
    if (this.holder.at(lease) !== candidate) return;
    this.holder.set(lease, this.#firstUp(lease));
    if (this.held(lease)) return;
    this.#vacate(lease);
    this.changed.emit(lease, false);
  }

  /** The candidate stops in good order. A holder gives the lease back, so others may take it at their next try, if it reaches the API. */
  released(candidate: CandidateId): void {
    const lease = this.#of.parent(candidate);
    if (this.holder.at(lease) === candidate && this.held(lease) && this.#apiUp(lease))
      this.#returned.set(lease, 1);
    this.down(candidate);
  }

  /** Microseconds up to now for which nobody held the lease, in total. */
  vacant(lease: LeaseId): number {
    return this.#vacant.at(lease) + this.#vacantNow(lease);
  }
  /** The longest stretch of that. */
  longestVacancy(lease: LeaseId): number {
    return Math.max(this.#longestVacancy.at(lease), this.#vacantNow(lease));
  }
  #vacate(lease: LeaseId): void {
    if (this.#vacantSince.at(lease) === HELD) this.#vacantSince.set(lease, this.sim.now);
  }
  #occupy(lease: LeaseId): void {
    this.#longestVacancy.set(lease, this.longestVacancy(lease));
    this.#vacant.set(lease, this.vacant(lease));
    this.#vacantSince.set(lease, HELD);
  }
  #vacantNow(lease: LeaseId): number {
    const since = this.#vacantSince.at(lease);
    return since === HELD ? 0 : this.sim.now - since;
  }

  /** The candidate's process died without releasing the lease. */
  down(candidate: CandidateId): void {
    if (this.#up.at(candidate) === 0) return;
    this.#up.set(candidate, 0);
    const lease = this.#of.parent(candidate);
    if (this.holder.at(lease) === candidate) this.#lose(lease, this.#sinceRenewal(lease));
    else this.#leaveContest(lease, candidate);
  }

  /**
   * The candidate's process runs. It has never seen the record before, so it grants whoever stands in it a whole duration, even when
   * nobody has renewed for long (client-go tryAcquireOrRenew: observedTime is the time of the first look).
   */
  recovered(candidate: CandidateId): void {
    if (this.#up.at(candidate) === 1) return;
    this.#up.set(candidate, 1);
    const lease = this.#of.parent(candidate);
    this.#firstLook(lease, candidate);
    this.#enterContest(lease, candidate);
  }

  /** The network keeps the candidate from the API: a holder can do nothing and gives up at its deadline. */
  cutOff(candidate: CandidateId): void {
    if (this.#cutOff.at(candidate) === 1) return;
    const lease = this.#of.parent(candidate);
    const held = this.held(lease);
    this.#cutOff.set(candidate, 1);
    if (this.holder.at(lease) === candidate && held) {
      if (!this.#giveUp.armed(lease)) this.#armGiveUp(lease);
      this.lastLoss.set(lease, this.sim.emit(this.#cutOffFact, lease));
      this.#vacate(lease);
      this.changed.emit(lease, false);
    } else this.#leaveContest(lease, candidate);
  }
  /** The network lets the candidate through again; a holder that has not given up goes on. */
  connected(candidate: CandidateId): void {
    if (this.#cutOff.at(candidate) === 0) return;
    const lease = this.#of.parent(candidate);
    this.#cutOff.set(candidate, 0);
    if (this.holder.at(lease) === candidate) {
      if (this.#apiUp(lease)) this.#renewIfInTime(lease);
      this.#occupy(lease);
      this.changed.emit(lease, true);
      return;
    }
    this.#firstLook(lease, candidate);
    this.#enterContest(lease, candidate);
  }

  #firstLook(lease: LeaseId, candidate: CandidateId): void {
    const until =
      this.#apiUp(lease) && this.#cutOff.at(candidate) === 0
        ? this.sim.now + this.#spec[lease]!.duration
        : NOT_SEEN;
    this.#grantsUntil.set(candidate, until);
  }

  #apiUp(lease: LeaseId): boolean {
    return this.clusters.apiUp(this.api(lease));
  }

  #firstUp(lease: LeaseId): CandidateId | typeof NONE {
    for (let c = this.#of.first(lease); c !== NONE; c = this.#of.next(c)) if (this.#up.at(c) === 1) return c;
    return NONE;
  }

  #uniform(lease: LeaseId): number {
    return this.sim.streams.stream('lease', this.#key(lease)).uniform();
  }

  /** Microseconds since the holder last renewed. */
  #sinceRenewal(lease: LeaseId): number {
    const { renew, retry } = this.#spec[lease]!;
    if (this.#giveUp.armed(lease)) return retry + renew - (this.#giveUp.due(lease) - this.sim.now);
    return this.#uniform(lease) * retry;
  }

  #lose(lease: LeaseId, sinceRenewal: number): void {
    this.#giveUp.cancel(lease);
    this.holder.set(lease, NONE);
    this.#vacate(lease);
    this.#expires.set(lease, this.sim.now - Math.round(sinceRenewal) + this.#spec[lease]!.duration);
    const fact = this.sim.emit(this.#lostFact, lease);
    this.lastLoss.set(lease, fact);
    const outer = this.sim.enter(fact);
    this.changed.emit(lease, false);
    this.#contend(lease);
    this.sim.leave(outer);
  }

  /** The deadline passed without a renewal: the holder exits, and its successor process starts from nothing. */
  #surrender(lease: LeaseId): void {
    const { renew, retry } = this.#spec[lease]!;
    this.#firstLook(lease, this.holder.at(lease));
    this.#lose(lease, retry + renew);
  }

  /** One more candidate; it keeps nobody waiting who waited already. */
  #enterContest(lease: LeaseId, candidate: CandidateId): void {
    if (this.#acquire.armed(lease)) this.#compete(lease, candidate);
    else if (this.holder.at(lease) === NONE) this.#contend(lease);
  }
  #leaveContest(lease: LeaseId, candidate: CandidateId): void {
    if (this.#acquire.armed(lease) && this.#next.at(lease) === candidate) this.#contend(lease);
  }

  /** Candidates that are up try at phases of their own, from when they take the lease for expired. */
  #contend(lease: LeaseId): void {
    this.#acquire.cancel(lease);
    if (this.holder.at(lease) !== NONE || !this.#apiUp(lease)) return;
    for (let c = this.#of.first(lease); c !== NONE; c = this.#of.next(c)) this.#compete(lease, c);
  }

  /** A candidate takes the lease at its first try after that, unless another one is earlier. */
  #compete(lease: LeaseId, candidate: CandidateId): void {
    const granted = this.#grantsUntil.at(candidate);
    if (this.#up.at(candidate) === 0 || this.#cutOff.at(candidate) === 1 || granted === NOT_SEEN) return;
    const valid = this.#returned.at(lease) === 1 ? 0 : Math.max(this.#expires.at(lease), granted);
    const phase = Math.round(this.#uniform(lease) * this.#spec[lease]!.retry);
    const tries = Math.max(this.sim.now, valid) + phase;
    if (this.#acquire.armed(lease) && this.#acquire.due(lease) <= tries) return;
    this.#next.set(lease, candidate);
    this.#acquire.at(lease, tries);
  }

  #take(lease: LeaseId): void {
    this.holder.set(lease, this.#next.at(lease));
    this.#returned.set(lease, 0);
    this.#occupy(lease);
    const outer = this.sim.enter(this.sim.emit(this.#acquiredFact, lease));
    this.changed.emit(lease, true);
    this.sim.leave(outer);
  }

  #apiChanged(cluster: ClusterId, up: boolean): void {
    for (let lease = this.#ofCluster.first(cluster); lease !== NONE; lease = this.#ofCluster.next(lease)) {
      if (up) this.#apiBack(lease);
      else this.#apiGone(lease);
    }
  }

  /** The deadline counts from the first try after a renewal, one retry period later (client-go renew). */
  #apiGone(lease: LeaseId): void {
    this.#acquire.cancel(lease);
    if (this.held(lease)) this.#armGiveUp(lease);
  }

  #armGiveUp(lease: LeaseId): void {
    const { renew, retry } = this.#spec[lease]!;
    this.#giveUp.after(lease, Math.round(this.#uniform(lease) * retry + renew));
  }

  /**
   * The API answers again: the holder renews at its next try, and gives up all the same when there is none before its deadline. It tries
   * at once and then every retry period until then (client-go LeaderElector.renew: PollUntilContextTimeout, immediate).
   */
  #renewIfInTime(lease: LeaseId): void {
    if (!this.#giveUp.armed(lease)) return;
    const { renew, retry } = this.#spec[lease]!;
    const due = this.#giveUp.due(lease);
    const first = due - renew;
    const tries = Math.max(0, Math.ceil((this.sim.now - first) / retry));
    if (first + tries * retry < due) this.#giveUp.cancel(lease);
  }

  #apiBack(lease: LeaseId): void {
    if (this.held(lease)) this.#renewIfInTime(lease);
    for (let c = this.#of.first(lease); c !== NONE; c = this.#of.next(c)) {
      if (this.#grantsUntil.at(c) === NOT_SEEN) this.#firstLook(lease, c);
    }
    if (this.holder.at(lease) === NONE) this.#contend(lease);
  }
}
