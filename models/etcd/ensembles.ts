/**
 * etcd clusters, of management and hosted control planes alike: members, quorum, leader, term.
 *
 * A leader change with quorum kept only delays requests (they queue for a second or two). Losing the majority stops reads and writes
 * at once, until a majority is back and has elected a leader (etcd-io/website v3.6 op-guide/failures).
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, EnsembleId, MemberId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import { catchUpSeconds } from './catch-up.ts';
import { drawElection } from './election.ts';

/** Members that must agree: more than half (etcd FAQ). */
export function quorumOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

export class Ensembles {
  readonly table: Table<EnsembleId>;
  readonly members: Table<MemberId>;
  readonly of: Membership<EnsembleId, MemberId>;
  /** The cluster whose API this etcd serves. */
  readonly cluster: I32Column<EnsembleId, ClusterId>;
  readonly leader: I32Column<EnsembleId, MemberId>;
  readonly term: I32Column<EnsembleId>;
  readonly #alive: I32Column<EnsembleId>;
  /** Requests can be answered, now or after an election that is under way with quorum kept. */
  readonly #serving: U8Column<EnsembleId>;
  readonly #managed: U8Column<EnsembleId>;
  readonly #up: U8Column<MemberId>;
  /** When the member went down. */
  readonly #wentAt: F64Column<MemberId>;
  /** Faults that keep the member's process down, whichever pod is the member. */
  readonly #holds: I32Column<MemberId>;
  readonly #elected: Timer<EnsembleId>;
  readonly #winner: I32Column<EnsembleId, MemberId>;
  /** The fact of the last loss of a leader or of the quorum. */
  readonly lastLoss: I32Column<EnsembleId, CauseId>;
  readonly #quorumLostFact: FactKind;
  readonly #leaderLostFact: FactKind;
  readonly #electedFact: FactKind;

  /** Leader, quorum or the number of members changed. */
  readonly changed = new Signal<[ensemble: EnsembleId]>();

  constructor(
    readonly sim: Simulation,
    /** Names the random stream of a cluster's etcd. */
    readonly keyOf: (cluster: ClusterId) => string,
    readonly parameters: ParameterValues,
  ) {
    this.table = sim.table<EnsembleId>('ensemble');
    this.members = sim.table<MemberId>('member');
    this.of = new Membership('members of ensemble', this.table, this.members);
    this.cluster = this.table.i32('cluster', NONE);
    this.leader = this.table.i32('leader', NONE);
    this.term = this.table.i32('term', 1);
    this.#alive = this.table.i32('alive');
    this.#serving = this.table.u8('serving', 1);
    this.#winner = this.table.i32('winner', NONE);
    this.lastLoss = this.table.i32('lastLoss', BEGINNING);
    this.#managed = this.table.u8('managed', 1);
    this.#up = this.members.u8('up', 1);
    this.#wentAt = this.members.f64('wentAt');
    this.#holds = this.members.i32('holds');
    this.#elected = new Timer(sim, this.table, 'leader-elected', 'recover', (ensemble) =>
      this.#elect(ensemble),
    );
    this.#quorumLostFact = sim.factKind('quorum-lost');
    this.#leaderLostFact = sim.factKind('leader-lost');
    this.#electedFact = sim.factKind('leader-elected');
  }

  /** A new etcd cluster with all members alive and one of them leading. One that is not managed is somebody else's and always serves. */
  add(cluster: ClusterId, members: number, managed = true): EnsembleId {
    const ensemble = this.table.add();
    this.#managed.set(ensemble, managed ? 1 : 0);
    if (managed && members === 0) this.#serving.set(ensemble, 0);
    this.cluster.set(ensemble, cluster);
    for (let i = 0; i < members; i++) this.of.join(ensemble, this.members.add());
    this.#alive.set(ensemble, members);
    if (members > 0) {
      const u = this.sim.streams.once('first-leader', this.keyOf(cluster)).uniform();
      this.leader.set(ensemble, this.of.list(ensemble)[Math.floor(u * members)]!);
    }
    return ensemble;
  }

  member(ensemble: EnsembleId, ordinal: number): MemberId {
    return (this.of.first(ensemble) + ordinal) as MemberId;
  }
  managed(ensemble: EnsembleId): boolean {
    return this.#managed.at(ensemble) === 1;
  }
  alive(ensemble: EnsembleId): number {
    return this.#alive.at(ensemble);
  }
  memberUp(member: MemberId): boolean {
    return this.#up.at(member) === 1;
  }
  quorum(ensemble: EnsembleId): number {
    return quorumOf(this.of.count(ensemble));
  }
  hasQuorum(ensemble: EnsembleId): boolean {
    return !this.managed(ensemble) || this.#alive.at(ensemble) >= this.quorum(ensemble);
  }
  /** A leader with quorum: a write goes through right now. */
  hasLeader(ensemble: EnsembleId): boolean {
    return !this.managed(ensemble) || this.leader.at(ensemble) !== NONE;
  }
  /** Requests succeed, at the price of waiting for an election at most. */
  serving(ensemble: EnsembleId): boolean {
    return this.#serving.at(ensemble) === 1;
  }

  /** A fault keeps the member's process down, or does no more. Returns how many do. */
  hold(member: MemberId): number {
    return this.#holds.add(member, 1);
  }
  release(member: MemberId): number {
    return this.#holds.add(member, -1);
  }
  holds(member: MemberId): number {
    return this.#holds.at(member);
  }

  /** Microseconds that a member which starts now needs to get what the others wrote without it; without quorum nobody wrote. */
  catchUp(member: MemberId): number {
    if (!this.serving(this.of.parent(member))) return 0;
    return Math.round(
      1e6 * catchUpSeconds((this.sim.now - this.#wentAt.at(member)) / 1e6, this.parameters.etcd),
    );
  }

  /** At the beginning of a run: a member that has no node never came up. */
  missing(member: MemberId): void {
    const ensemble = this.of.parent(member);
    this.#up.set(member, 0);
    this.#alive.add(ensemble, -1);
    const leader = this.leader.at(ensemble);
    if (!this.hasQuorum(ensemble)) {
      this.leader.set(ensemble, NONE);
      this.#serving.set(ensemble, 0);
    } else if (leader === member) this.leader.set(ensemble, this.#aliveMembers(ensemble)[0]!);
  }

  memberDown(member: MemberId): void {
    if (!this.memberUp(member)) return;
    const ensemble = this.of.parent(member);
    this.#up.set(member, 0);
    this.#wentAt.set(member, this.sim.now);
    this.#alive.add(ensemble, -1);
    const led = this.leader.at(ensemble);
    const outer = this.sim.enter(this.sim.cause);
    if (!this.hasQuorum(ensemble)) this.#loseQuorum(ensemble);
    else if (led === NONE) this.#startElection(ensemble, 0);
    else if (led === member) this.#loseLeader(ensemble);
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  memberRecovered(member: MemberId): void {
    if (this.memberUp(member)) return;
    const ensemble = this.of.parent(member);
    this.#up.set(member, 1);
    this.#alive.add(ensemble, 1);
    // A member that joins while others campaign does not disturb them: it has a timeout of its own to wait for.
    if (this.leader.at(ensemble) === NONE && this.hasQuorum(ensemble) && !this.#elected.armed(ensemble)) {
      this.#startElection(ensemble, 0);
    }
    this.changed.emit(ensemble);
  }

  /** Makes the loss the cause of what follows; the caller puts the former cause back. */
  #loseQuorum(ensemble: EnsembleId): void {
    this.leader.set(ensemble, NONE);
    this.#elected.cancel(ensemble);
    if (!this.serving(ensemble)) return;
    this.#serving.set(ensemble, 0);
    const fact = this.sim.emit(this.#quorumLostFact, this.cluster.at(ensemble), this.#alive.at(ensemble));
    this.lastLoss.set(ensemble, fact);
    this.sim.enter(fact);
  }

  /** As above. */
  #loseLeader(ensemble: EnsembleId): void {
    this.leader.set(ensemble, NONE);
    const fact = this.sim.emit(this.#leaderLostFact, this.cluster.at(ensemble));
    this.lastLoss.set(ensemble, fact);
    this.sim.enter(fact);
    const u = this.#stream(ensemble).uniform();
    this.#startElection(ensemble, u * this.parameters.etcd.heartbeat);
  }

  #startElection(ensemble: EnsembleId, sinceHeartbeat: number): void {
    const alive = this.#aliveMembers(ensemble);
    const spec = {
      heartbeat: this.parameters.etcd.heartbeat,
      timeoutTicks: this.parameters.etcd.electionTicks,
      roundTrip: this.parameters.etcd.roundTrip,
    };
    const election = drawElection(
      alive.length,
      this.quorum(ensemble),
      sinceHeartbeat,
      spec,
      this.#stream(ensemble),
    );
    this.term.add(ensemble, election.rounds);
    this.#winner.set(ensemble, alive[election.winner]!);
    this.#elected.after(ensemble, Math.round(election.duration));
  }

  #elect(ensemble: EnsembleId): void {
    this.leader.set(ensemble, this.#winner.at(ensemble));
    this.#serving.set(ensemble, 1);
    const outer = this.sim.enter(
      this.sim.emit(this.#electedFact, this.cluster.at(ensemble), this.term.at(ensemble)),
    );
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #aliveMembers(ensemble: EnsembleId): MemberId[] {
    return this.of.list(ensemble).filter((member) => this.memberUp(member));
  }

  #stream(ensemble: EnsembleId) {
    return this.sim.streams.stream('election', this.keyOf(this.cluster.at(ensemble)));
  }
}
