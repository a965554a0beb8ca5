/**
 * etcd clusters, of management and hosted control planes alike: leader, term, elections, quorum.
 *
 * A leader change with quorum kept only delays requests (they queue for a second or two). Losing the majority stops reads and writes
 * at once, until a majority is back and has elected a leader (etcd-io/website v3.6 op-guide/failures). A leader that is stuck or cut off
 * from its quorum is not replaced before the others' timeouts are over; if it is back by then it goes on leading, else it steps down
 * (etcd-io/raft, CheckQuorum).
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, EnsembleId, MemberId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import { catchUpSeconds } from './catch-up.ts';
import { drawElection } from './election.ts';
import { Members, quorumOf } from './members.ts';
import { HARDWARE_SPEEDS, type HardwareSpeed, type Ticks, ticksBySpeed } from './ticks.ts';

export class Ensembles {
  readonly table: Table<EnsembleId>;
  readonly members: Members;
  /** The cluster whose API this etcd serves. */
  readonly cluster: I32Column<EnsembleId, ClusterId>;
  readonly leader: I32Column<EnsembleId, MemberId>;
  readonly term: I32Column<EnsembleId>;
  /** A leader that is stuck or cut off and has not been replaced yet. */
  readonly #unheard: I32Column<EnsembleId, MemberId>;
  /** Requests can be answered, now or after an election that is under way with quorum kept. */
  readonly #serving: U8Column<EnsembleId>;
  readonly #managed: U8Column<EnsembleId>;
  /** Position in HARDWARE_SPEEDS. */
  readonly #speed: U8Column<EnsembleId>;
  readonly #ticks: readonly Ticks[];
  /** Faults that keep the member's process down, whichever pod is the member. */
  readonly #holds: I32Column<MemberId>;
  readonly #decided: Timer<EnsembleId>;
  /** Who wins the election under way; NONE when nobody does. */
  readonly #winner: I32Column<EnsembleId, MemberId>;
  readonly #rounds: I32Column<EnsembleId>;
  /** The fact of the last loss of a leader or of the quorum. */
  readonly lastLoss: I32Column<EnsembleId, CauseId>;
  readonly #quorumLostFact: FactKind;
  readonly #leaderLostFact: FactKind;
  readonly #unheardFact: FactKind;
  readonly #splitFact: FactKind;
  readonly #electedFact: FactKind;

  /** Leader, quorum or the number of members changed. */
  readonly changed = new Signal<[ensemble: EnsembleId]>();

  /** Microseconds of one round of messages between the members that decide a vote. */
  voteRoundTrip: (ensemble: EnsembleId) => number;
  /** Whether an etcd that works otherwise takes no writes. */
  /** Size of the database, MiB. Given by the model of databases. */
  databaseMib: (ensemble: EnsembleId) => number = () => this.parameters.etcd.databaseMib;
  refusesWrites: (ensemble: EnsembleId) => boolean = () => false;
  /** Microseconds until their disks have a vote. */
  voteFsync: (ensemble: EnsembleId) => number = () => 0;

  constructor(
    readonly sim: Simulation,
    /** Names the random stream of a cluster's etcd. */
    readonly keyOf: (cluster: ClusterId) => string,
    readonly parameters: ParameterValues,
  ) {
    this.table = sim.table<EnsembleId>('ensemble');
    this.members = new Members(sim, this.table);
    this.cluster = this.table.i32('cluster', NONE);
    this.leader = this.table.i32('leader', NONE);
    this.term = this.table.i32('term', 1);
    this.#unheard = this.table.i32('unheard', NONE);
    this.#serving = this.table.u8('serving', 1);
    this.#winner = this.table.i32('winner', NONE);
    this.#rounds = this.table.i32('rounds');
    this.lastLoss = this.table.i32('lastLoss', BEGINNING);
    this.#managed = this.table.u8('managed', 1);
    this.#speed = this.table.u8('hardwareSpeed', 0);
    this.#ticks = ticksBySpeed(parameters);
    this.#holds = this.members.table.i32('holds');
    this.#decided = new Timer(sim, this.table, 'leader-elected', 'recover', (ensemble) =>
      this.#decide(ensemble),
    );
    this.#quorumLostFact = sim.factKind('quorum-lost');
    this.#leaderLostFact = sim.factKind('leader-lost');
    this.#unheardFact = sim.factKind('leader-unheard');
    this.#splitFact = sim.factKind('votes-split');
    this.#electedFact = sim.factKind('leader-elected');
    this.voteRoundTrip = () => parameters.etcd.roundTrip;
  }

  /** A new etcd cluster with all members alive and one of them leading. One that is not managed is somebody else's and always serves. */
  add(cluster: ClusterId, members: number, managed = true, speed: HardwareSpeed = 'Standard'): EnsembleId {
    const ensemble = this.table.add();
    this.#speed.set(ensemble, HARDWARE_SPEEDS.indexOf(speed));
    this.#managed.set(ensemble, managed ? 1 : 0);
    if (managed && members === 0) this.#serving.set(ensemble, 0);
    this.cluster.set(ensemble, cluster);
    this.members.add(ensemble, members);
    if (members > 0) {
      const u = this.sim.streams.once('first-leader', this.keyOf(cluster)).uniform();
      this.leader.set(ensemble, this.members.of.list(ensemble)[Math.floor(u * members)]!);
    }
    return ensemble;
  }

  member(ensemble: EnsembleId, ordinal: number): MemberId {
    return (this.members.of.first(ensemble) + ordinal) as MemberId;
  }
  managed(ensemble: EnsembleId): boolean {
    return this.#managed.at(ensemble) === 1;
  }
  /** Position of its hardware speed in HARDWARE_SPEEDS. */
  speed(ensemble: EnsembleId): number {
    return this.#speed.at(ensemble);
  }
  ticks(ensemble: EnsembleId): Ticks {
    return this.#ticks[this.speed(ensemble)]!;
  }
  quorum(ensemble: EnsembleId): number {
    return quorumOf(this.members.of.count(ensemble));
  }
  /** Some member hears a majority, itself included. */
  hasQuorum(ensemble: EnsembleId): boolean {
    return !this.managed(ensemble) || this.members.electable(ensemble).length > 0;
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

  /**
   * Microseconds that a member which starts now needs to get what the others wrote without it; without quorum nobody wrote, and only an
   * empty member, which founds a cluster with a restored one, lacks anything.
   */
  catchUp(member: MemberId): number {
    if (!this.members.empty(member) && !this.serving(this.members.of.parent(member))) return 0;
    const spec = { ...this.parameters.etcd, databaseMib: this.databaseMib(this.members.of.parent(member)) };
    return Math.round(1e6 * catchUpSeconds(this.members.away(member) / 1e6, spec));
  }

  // --- what happens to members --------------------------------------------------------------------------------------

  /** At the beginning of a run: a member that has no node never came up. */
  missing(member: MemberId): void {
    const ensemble = this.members.of.parent(member);
    this.members.setUp(member, false);
    if (!this.hasQuorum(ensemble)) {
      this.leader.set(ensemble, NONE);
      this.#serving.set(ensemble, 0);
    } else if (this.leader.at(ensemble) === member) {
      this.leader.set(ensemble, this.members.electable(ensemble)[0]!);
    }
  }

  /** The member's process stopped: its connections break, and the others know. */
  memberDown(member: MemberId): void {
    if (!this.members.up(member)) return;
    const ensemble = this.members.of.parent(member);
    this.members.setUp(member, false);
    const led = this.leader.at(ensemble);
    const outer = this.sim.enter(this.sim.cause);
    if (this.#unheard.at(ensemble) === member) this.#unheard.set(ensemble, NONE);
    if (!this.hasQuorum(ensemble)) this.#loseQuorum(ensemble);
    else if (led === NONE) this.#campaign(ensemble, 0);
    else if (led === member) this.#loseLeader(ensemble);
    else this.review(ensemble);
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  /**
   * The member's process is told to end: one that leads hands its part to a follower before it goes, where one is left with a majority
   * (etcd-io/etcd server/etcdserver/server.go, TryTransferLeadershipOnShutdown).
   */
  memberStops(member: MemberId): void {
    const ensemble = this.members.of.parent(member);
    if (this.leader.at(ensemble) === member) {
      this.members.setUp(member, false);
      const [successor] = this.members.electable(ensemble);
      this.members.setUp(member, true);
      if (successor !== undefined) this.#transfer(ensemble, successor);
    }
    this.memberDown(member);
  }

  #transfer(ensemble: EnsembleId, successor: MemberId): void {
    this.term.add(ensemble, 1);
    this.leader.set(ensemble, successor);
    this.sim.emit(this.#electedFact, this.cluster.at(ensemble), this.term.at(ensemble));
  }

  /** The member's process takes part again. */
  memberRecovered(member: MemberId): void {
    if (this.members.up(member)) return;
    const ensemble = this.members.of.parent(member);
    this.members.setUp(member, true);
    this.review(ensemble);
    this.changed.emit(ensemble);
  }

  /** The member's process runs but neither sends nor answers, or does again; reasons add up. */
  stall(member: MemberId): void {
    if (this.members.addStall(member, 1)) this.#answersChanged(this.members.of.parent(member));
  }
  resume(member: MemberId): void {
    if (this.members.addStall(member, -1)) this.#answersChanged(this.members.of.parent(member));
  }
  /** Which members serve may have changed, even where no leader did: a server that is cut off from some hangs on the others. */
  #answersChanged(ensemble: EnsembleId): void {
    this.review(ensemble);
    this.changed.emit(ensemble);
  }

  /** Who hears whom may have changed, without a process having stopped. */
  review(ensemble: EnsembleId): void {
    if (!this.managed(ensemble)) return;
    const leader = this.leader.at(ensemble);
    if (leader !== NONE) {
      if (!this.members.hasMajority(leader)) this.#unhear(ensemble, leader);
      return;
    }
    const unheard = this.#unheard.at(ensemble);
    if (unheard !== NONE && this.members.hasMajority(unheard)) this.#hearAgain(ensemble, unheard);
    // One that joins while others campaign does not disturb them: it has a timeout of its own to wait for.
    else if (!this.#decided.armed(ensemble)) {
      if (this.hasQuorum(ensemble)) this.#campaign(ensemble, 0);
    } else if (!this.#canWin(ensemble)) this.#campaign(ensemble, 0);
  }
  reviewAll(): void {
    for (let ensemble = 0 as EnsembleId; ensemble < this.table.length; ensemble++) this.review(ensemble);
  }

  // --- leaders ------------------------------------------------------------------------------------------------------

  /** Makes the loss the cause of what follows; the caller puts the former cause back. */
  #loseQuorum(ensemble: EnsembleId): void {
    this.leader.set(ensemble, NONE);
    this.#unheard.set(ensemble, NONE);
    this.#decided.cancel(ensemble);
    if (!this.serving(ensemble)) return;
    this.#serving.set(ensemble, 0);
    this.#lost(ensemble, this.#quorumLostFact, this.members.alive(ensemble));
  }

  /** As above. */
  #loseLeader(ensemble: EnsembleId): void {
    this.leader.set(ensemble, NONE);
    this.#lost(ensemble, this.#leaderLostFact, 0);
    this.#campaign(ensemble, this.#sinceHeartbeat(ensemble));
  }

  #lost(ensemble: EnsembleId, kind: FactKind, value: number): void {
    const fact = this.sim.emit(kind, this.cluster.at(ensemble), value);
    this.lastLoss.set(ensemble, fact);
    this.sim.enter(fact);
  }

  /** The leader still believes that it leads, but no write of its gets a majority. */
  #unhear(ensemble: EnsembleId, leader: MemberId): void {
    const outer = this.sim.enter(this.sim.cause);
    this.leader.set(ensemble, NONE);
    this.#unheard.set(ensemble, leader);
    this.#lost(ensemble, this.#unheardFact, 0);
    this.#campaign(ensemble, this.#sinceHeartbeat(ensemble));
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #hearAgain(ensemble: EnsembleId, leader: MemberId): void {
    this.#decided.cancel(ensemble);
    this.#unheard.set(ensemble, NONE);
    this.leader.set(ensemble, leader);
    this.#serving.set(ensemble, 1);
    this.changed.emit(ensemble);
  }

  #sinceHeartbeat(ensemble: EnsembleId): number {
    return this.#stream(ensemble).uniform() * this.ticks(ensemble).heartbeat;
  }

  /** The one who is going to win still can; or nobody is, and still nobody can. */
  #canWin(ensemble: EnsembleId): boolean {
    const winner = this.#winner.at(ensemble);
    return winner === NONE ? !this.hasQuorum(ensemble) : this.members.hasMajority(winner);
  }

  /** Those who hear a majority draw an election; without any the old leader steps down when its timeout is over. */
  #campaign(ensemble: EnsembleId, sinceHeartbeat: number): void {
    const { heartbeat, electionTicks, electionTimeout } = this.ticks(ensemble);
    const electable = this.members.electable(ensemble);
    this.#winner.set(ensemble, NONE);
    this.#rounds.set(ensemble, 0);
    if (electable.length === 0) {
      this.#decided.after(ensemble, Math.round(electionTimeout - sinceHeartbeat));
      return;
    }
    const roundTrip = (): number => this.voteRoundTrip(ensemble) + this.voteFsync(ensemble);
    const election = drawElection(
      electable.length,
      this.quorum(ensemble),
      sinceHeartbeat,
      { heartbeat, timeoutTicks: electionTicks, roundTrip },
      this.#stream(ensemble),
    );
    this.#rounds.set(ensemble, election.rounds);
    if (election.winner !== undefined) this.#winner.set(ensemble, electable[election.winner]!);
    this.#decided.after(ensemble, Math.round(election.duration));
  }

  #decide(ensemble: EnsembleId): void {
    const rounds = this.#rounds.at(ensemble);
    this.term.add(ensemble, rounds);
    if (rounds > 1) this.sim.emit(this.#splitFact, this.cluster.at(ensemble), rounds - 1);
    const winner = this.#winner.at(ensemble);
    if (winner === NONE) this.#giveUp(ensemble);
    else this.#elect(ensemble, winner);
  }

  /**
   * Nobody leads: requests time out. Those who hear a majority try again. A leader that is stuck counts no ticks either: unless another is
   * elected, it leads on when it gets around to it.
   */
  #giveUp(ensemble: EnsembleId): void {
    const outer = this.sim.enter(this.sim.cause);
    const leader = this.#unheard.at(ensemble);
    this.#loseQuorum(ensemble);
    if (leader !== NONE && this.members.stalled(leader)) this.#unheard.set(ensemble, leader);
    if (this.hasQuorum(ensemble)) this.#campaign(ensemble, 0);
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #elect(ensemble: EnsembleId, winner: MemberId): void {
    this.leader.set(ensemble, winner);
    this.#unheard.set(ensemble, NONE);
    this.#serving.set(ensemble, 1);
    const outer = this.sim.enter(
      this.sim.emit(this.#electedFact, this.cluster.at(ensemble), this.term.at(ensemble)),
    );
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #stream(ensemble: EnsembleId) {
    return this.sim.streams.stream('election', this.keyOf(this.cluster.at(ensemble)));
  }
}
