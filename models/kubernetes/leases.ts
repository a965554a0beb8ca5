/**
 * Leader election by lease (client-go leaderelection): one holder renews every retry period; a candidate takes over when it has seen
 * no renewal for the lease's duration, at its own next try. A holder that cannot renew until its deadline gives up and exits.
 * After a crash that is at worst duration + retry period: 163 s with OpenShift's 137/107/26 (openshift/enhancements CONVENTIONS.md).
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation, Timer } from '../../sim/simulation.ts';
import type { CandidateId, ClusterId, LeaseId } from '../ids.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';

/** All in microseconds. */
export interface LeaseSpec {
  readonly duration: number;
  readonly renew: number;
  readonly retry: number;
}

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
  readonly #acquire: Timer<LeaseId>;
  readonly #giveUp: Timer<LeaseId>;
  readonly #lostFact: FactKind;
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
    this.#acquire = sim.timer(this.table, 'lease-acquired', 'control', (lease) => this.#take(lease));
    this.#giveUp = sim.timer(this.table, 'lease-given-up', 'control', (lease) =>
      this.#lose(lease, this.#spec[lease]!.renew),
    );
    this.#lostFact = sim.factKind('lease-lost');
    this.#acquiredFact = sim.factKind('lease-acquired');
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
  }

  /** A lease in a cluster's API with so many candidates, one of which holds it. */
  add(name: string, cluster: ClusterId, spec: LeaseSpec, candidates: number): LeaseId {
    const lease = this.table.add();
    this.names[lease] = name;
    this.#spec[lease] = spec;
    this.#ofCluster.join(cluster, lease);
    for (let i = 0; i < candidates; i++) this.#of.join(lease, this.candidates.add());
    if (candidates === 0) return lease;
    const u = this.sim.streams.once('first-holder', name).uniform();
    this.holder.set(lease, this.#of.list(lease)[Math.floor(u * candidates)]!);
    return lease;
  }

  candidate(lease: LeaseId, ordinal: number): CandidateId {
    return (this.#of.first(lease) + ordinal) as CandidateId;
  }
  held(lease: LeaseId): boolean {
    return this.holder.at(lease) !== NONE;
  }

  /** At the beginning of a run: a candidate that has no node never came up. */
  missing(candidate: CandidateId): void {
    this.#up.set(candidate, 0);
    const lease = this.#of.parent(candidate);
    if (this.holder.at(lease) !== candidate) return;
    this.holder.set(lease, this.#firstUp(lease));
    if (!this.held(lease)) this.changed.emit(lease, false);
  }

  /** The candidate's process died without releasing the lease. */
  down(candidate: CandidateId): void {
    if (this.#up.at(candidate) === 0) return;
    this.#up.set(candidate, 0);
    const lease = this.#of.parent(candidate);
    if (this.holder.at(lease) === candidate) this.#lose(lease, this.#sinceRenewal(lease));
    else if (this.#firstUp(lease) === NONE) this.#acquire.cancel(lease);
  }

  /** The candidate's process runs: it tries at once, then every retry period. */
  recovered(candidate: CandidateId): void {
    if (this.#up.at(candidate) === 1) return;
    this.#up.set(candidate, 1);
    const lease = this.#of.parent(candidate);
    if (this.held(lease) || !this.#apiUp(lease)) return;
    const { retry } = this.#spec[lease]!;
    const wait = Math.max(0, this.#expires.at(lease) - this.sim.now);
    const mine = this.sim.now + Math.ceil(wait / retry) * retry;
    if (!this.#acquire.armed(lease) || this.#acquire.due(lease) > mine) this.#acquire.at(lease, mine);
  }

  #apiUp(lease: LeaseId): boolean {
    return this.clusters.apiUp(this.#ofCluster.parent(lease));
  }

  #firstUp(lease: LeaseId): CandidateId | typeof NONE {
    for (let c = this.#of.first(lease); c !== NONE; c = this.#of.next(c)) if (this.#up.at(c) === 1) return c;
    return NONE;
  }

  #uniform(lease: LeaseId): number {
    return this.sim.streams.stream('lease', this.names[lease]!).uniform();
  }

  /** Microseconds since the holder last renewed. */
  #sinceRenewal(lease: LeaseId): number {
    const { renew, retry } = this.#spec[lease]!;
    if (this.#giveUp.armed(lease)) return renew - (this.#giveUp.due(lease) - this.sim.now);
    return this.#uniform(lease) * retry;
  }

  #lose(lease: LeaseId, sinceRenewal: number): void {
    this.#giveUp.cancel(lease);
    this.holder.set(lease, NONE);
    this.#expires.set(lease, this.sim.now - Math.round(sinceRenewal) + this.#spec[lease]!.duration);
    const fact = this.sim.emit(this.#lostFact, lease);
    this.lastLoss.set(lease, fact);
    const outer = this.sim.enter(fact);
    this.changed.emit(lease, false);
    this.#contend(lease);
    this.sim.leave(outer);
  }

  /** Candidates that are up try at phases of their own, from the lease's end on. */
  #contend(lease: LeaseId): void {
    if (this.#firstUp(lease) === NONE || !this.#apiUp(lease)) return;
    const { retry } = this.#spec[lease]!;
    let phase = 1;
    for (let c = this.#of.first(lease); c !== NONE; c = this.#of.next(c)) {
      if (this.#up.at(c) === 1) phase = Math.min(phase, this.#uniform(lease));
    }
    this.#acquire.at(lease, Math.max(this.sim.now, this.#expires.at(lease)) + Math.round(phase * retry));
  }

  #take(lease: LeaseId): void {
    const candidate = this.#firstUp(lease);
    if (candidate === NONE) return;
    this.holder.set(lease, candidate);
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

  #apiGone(lease: LeaseId): void {
    this.#acquire.cancel(lease);
    if (!this.held(lease)) return;
    const { renew, retry } = this.#spec[lease]!;
    this.#giveUp.after(lease, Math.round(renew - this.#uniform(lease) * retry));
  }

  #apiBack(lease: LeaseId): void {
    this.#giveUp.cancel(lease);
    if (!this.held(lease)) this.#contend(lease);
  }
}
