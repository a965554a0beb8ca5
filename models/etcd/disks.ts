/**
 * The disks under etcd members, and what they do to them. A member whose write to the log is not durable yet neither sends nor answers
 * (`fsync.ts`), so a disk that stalls a leader for an election timeout costs it its office; stalled followers are missed when a
 * quorum needs them. Only fsyncs that outlast an election timeout are events: a fleet on sound disks has none.
 *
 * A disk is as slow as the slowest of its storage class and of everything that makes it slow right now: faults and gray failures.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Stream } from '../../sim/streams.ts';
import { MILLISECOND } from '../../sim/time.ts';
import { Timer } from '../../sim/timer.ts';
import type { EnsembleId, MemberId, SlownessId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { DISK_PERFORMANCES, type DiskPerformance } from '../plan/disk-performance.ts';
import { Signal } from '../signal.ts';
import type { Ensembles } from './ensembles.ts';
import { type FsyncTimes, fsyncs, fsyncTimes, type LongFsyncs, longFsyncs } from './fsync.ts';
import { type Ticks, ticksBySpeed } from './ticks.ts';

/** A disk that does not answer at all. */
export const STUCK = Number.POSITIVE_INFINITY;

export class Disks {
  /** What makes a disk slower than its class, one row per cause. */
  readonly #slowness: Table<SlownessId>;
  readonly #fsync: F64Column<SlownessId>;
  readonly #because: I32Column<SlownessId, CauseId>;
  /** It is a matter of this one volume, and ends with it. */
  readonly #ofVolume: U8Column<SlownessId>;
  readonly #slownessOf: Membership<MemberId, SlownessId>;
  readonly #performance: U8Column<MemberId>;
  /** A write of the member waits for its disk, longer than an election timeout. */
  readonly #stalled: U8Column<MemberId>;
  /** The gray failure that is on. */
  readonly #gray: I32Column<MemberId, SlownessId>;
  /** Some fsyncs of the member outlast an election timeout. */
  readonly #unsound: U8Column<MemberId>;
  readonly #unsoundOf: I32Column<EnsembleId>;
  readonly #stalls: Timer<MemberId>;
  readonly #done: Timer<MemberId>;
  readonly #grayBegins: Timer<MemberId>;
  readonly #grayEnds: Timer<MemberId>;
  readonly #stalledFact: FactKind;
  readonly #answersFact: FactKind;
  readonly #grayFact: FactKind;
  /** About a cluster: a disk of its etcd needs so many milliseconds for an fsync, more than it should. */
  readonly overLimitFact: FactKind;
  readonly #classes: readonly FsyncTimes[];
  /** By hardware speed and kind of storage. */
  readonly #longOf: readonly (readonly LongFsyncs[])[];
  readonly #keys: string[] = [];

  /** The member's disk stopped or began to answer. */
  readonly stalled = new Signal<[member: MemberId]>();
  readonly answers = new Signal<[member: MemberId]>();

  constructor(
    readonly sim: Simulation,
    readonly ensembles: Ensembles,
    readonly parameters: ParameterValues,
  ) {
    const members = ensembles.members.table;
    this.#slowness = sim.table<SlownessId>('slowness');
    this.#fsync = this.#slowness.f64('fsync');
    this.#because = this.#slowness.i32('because', BEGINNING);
    this.#ofVolume = this.#slowness.u8('ofVolume');
    this.#slownessOf = new Membership('slowness of member', members, this.#slowness);
    this.#performance = members.u8('diskPerformance');
    this.#stalled = members.u8('diskStalled');
    this.#gray = members.i32('grayFailure', NONE);
    this.#unsound = members.u8('diskUnsound');
    this.#unsoundOf = ensembles.table.i32('unsoundDisks');
    this.#stalls = new Timer(sim, members, 'fsync-stalls', 'fail', (member) => this.#stallForOne(member));
    this.#done = new Timer(sim, members, 'fsync-done', 'recover', (member) => this.#answer(member));
    this.#grayBegins = new Timer(sim, members, 'disk-fails', 'fail', (member) => this.#beginGray(member));
    this.#grayEnds = new Timer(sim, members, 'disk-answers', 'recover', (member) => this.#endGray(member));
    this.#stalledFact = sim.factKind('disk-stalled');
    this.#answersFact = sim.factKind('disk-answers');
    this.#grayFact = sim.factKind('disk-gray-failure');
    this.overLimitFact = sim.factKind('disk-over-limit');
    this.#classes = DISK_PERFORMANCES.map((kind) => fsyncTimes(kind, parameters));
    this.#longOf = ticksBySpeed(parameters).map((ticks) =>
      this.#classes.map((times) => this.#longFsyncs(times, ticks)),
    );
    ensembles.voteFsync = (ensemble) => this.#voteFsync(ensemble);
    ensembles.changed.subscribe((ensemble) => this.#reviewAll(ensemble));
  }

  /** The members of an etcd cluster get their disks. */
  enter(ensemble: EnsembleId, kind: DiskPerformance): void {
    const { members, cluster, keyOf } = this.ensembles;
    members.of.list(ensemble).forEach((member, ordinal) => {
      this.#keys[member] = `${keyOf(cluster.at(ensemble))}/etcd-${ordinal}`;
      this.#performance.set(member, DISK_PERFORMANCES.indexOf(kind));
      this.#changed(member);
      this.#awaitGray(member);
    });
  }

  /** The members get disks of another storage; what was wrong with the old ones is left behind. */
  rehouse(ensemble: EnsembleId, kind: DiskPerformance): void {
    for (const member of this.ensembles.members.of.list(ensemble)) {
      for (const slowness of this.#slownessOf.list(member)) this.#slownessOf.leave(slowness);
      this.#performance.set(member, DISK_PERFORMANCES.indexOf(kind));
      this.#changed(member);
    }
  }

  /**
   * Something makes a member's disk slow, until `mend`.
   * @param fsync microseconds per fsync, or STUCK
   * @param of the one volume, or the storage that a new volume would come from as well
   */
  slow(member: MemberId, fsync: number, of: 'volume' | 'storage' = 'storage'): SlownessId {
    const slowness = this.#slowness.add();
    this.#fsync.set(slowness, fsync);
    this.#because.set(slowness, this.sim.cause);
    this.#ofVolume.set(slowness, of === 'volume' ? 1 : 0);
    this.#slownessOf.join(member, slowness);
    if (fsync > this.parameters.disk.fsyncLimit) {
      const { members, cluster } = this.ensembles;
      this.sim.emit(this.overLimitFact, cluster.at(members.of.parent(member)), fsync / MILLISECOND);
    }
    this.#changed(member);
    return slowness;
  }

  mend(slowness: SlownessId): void {
    const member = this.#slownessOf.parent(slowness);
    this.#slownessOf.leave(slowness);
    this.#slowness.remove(slowness);
    if (member !== NONE) this.#changed(member);
  }

  /** The member gets a new volume: what was wrong with the old one is no longer its business. */
  renew(member: MemberId): void {
    for (const slowness of this.#slownessOf.list(member))
      if (this.#ofVolume.at(slowness) === 1) this.#slownessOf.leave(slowness);
    this.#changed(member);
  }

  /** When the write that a stalled member waits for is done, microseconds; Infinity while its disk does not answer at all. */
  doneAt(member: MemberId): number {
    return this.#done.armed(member) ? this.#done.due(member) : STUCK;
  }

  /** Mean microseconds between fsyncs of the member's storage class that outlast an election timeout; Infinity where none does. */
  stallGap(member: MemberId): number {
    return this.#usual(member).gap;
  }

  isStalled(member: MemberId): boolean {
    return this.#stalled.at(member) === 1;
  }

  /** True while the disk does not answer at all. */
  isStuck(member: MemberId): boolean {
    return this.#times(member).typical === STUCK;
  }

  /** One fsync of a member, microseconds: its typical one, or on a disk that is unsound one that is drawn. */
  fsync(member: MemberId): number {
    const times = this.#times(member);
    if (times.typical === STUCK || this.#unsound.at(member) === 0) return times.typical;
    return fsyncs(times).quantile(this.#stream(member).uniform());
  }

  /**
   * How long until a majority has a vote on disk: the slowest of the fastest that make one (the leader's and the median follower's for
   * a write, etcd-io/website v3.6 op-guide/performance).
   */
  #voteFsync(ensemble: EnsembleId): number {
    const { members } = this.ensembles;
    const took = members.of
      .list(ensemble)
      .filter((member) => members.up(member) && !members.stalled(member))
      .map((member) => this.fsync(member))
      .sort((a, b) => a - b);
    return took[Math.min(took.length, this.ensembles.quorum(ensemble)) - 1] ?? 0;
  }

  #stream(member: MemberId): Stream {
    return this.sim.streams.stream('disk', this.#keys[member]!);
  }

  #longFsyncs(times: FsyncTimes, { electionTimeout }: Ticks): LongFsyncs {
    return longFsyncs(times, electionTimeout, this.parameters.etcd.writesPerSecond);
  }

  /** What makes the disk slower than its class, most of all; NONE when nothing does. */
  #slowest(member: MemberId): SlownessId | typeof NONE {
    let slowest: SlownessId | typeof NONE = NONE;
    let fsync = this.#classes[this.#performance.at(member)]!.typical;
    for (let s = this.#slownessOf.first(member); s !== NONE; s = this.#slownessOf.next(s)) {
      if (this.#fsync.at(s) <= fsync) continue;
      fsync = this.#fsync.at(s);
      slowest = s;
    }
    return slowest;
  }

  #times(member: MemberId): FsyncTimes {
    const slowest = this.#slowest(member);
    if (slowest === NONE) return this.#classes[this.#performance.at(member)]!;
    const fsync = this.#fsync.at(slowest as SlownessId);
    return { typical: fsync, p99: fsync };
  }

  /** What a stall is put down to: whatever made the disk slow, and else the class itself. */
  #causeOf(member: MemberId): CauseId {
    const slowest = this.#slowest(member);
    return slowest === NONE ? BEGINNING : this.#because.at(slowest as SlownessId);
  }

  /** What the member's storage class does by itself. */
  #usual(member: MemberId): LongFsyncs {
    const { ensembles } = this;
    return this.#longOf[ensembles.speed(ensembles.members.of.parent(member))]![this.#performance.at(member)]!;
  }

  #long(member: MemberId): LongFsyncs {
    if (this.#slownessOf.count(member) === 0) return this.#usual(member);
    const { ensembles } = this;
    return this.#longFsyncs(this.#times(member), ensembles.ticks(ensembles.members.of.parent(member)));
  }

  #changed(member: MemberId): void {
    const unsound = this.isStuck(member) || this.#long(member).share > 0 ? 1 : 0;
    this.#unsoundOf.add(this.ensembles.members.of.parent(member), unsound - this.#unsound.at(member));
    this.#unsound.set(member, unsound);
    this.#stalls.cancel(member);
    this.#review(member);
  }

  #reviewAll(ensemble: EnsembleId): void {
    if (this.#unsoundOf.at(ensemble) === 0) return;
    for (const member of this.ensembles.members.of.list(ensemble)) this.#review(member);
  }

  /** A disk that does not answer also stalls the next process of the member, from its first write on. */
  #review(member: MemberId): void {
    if (this.isStuck(member)) this.#stall(member, STUCK);
    else if (!this.ensembles.members.up(member)) this.#forget(member);
    else if (!this.isStalled(member)) this.#awaitStall(member);
    else if (!this.#done.armed(member)) this.#answer(member);
  }

  /** Writes come while there is a leader; one of them will take long. */
  #awaitStall(member: MemberId): void {
    if (!this.ensembles.hasLeader(this.ensembles.members.of.parent(member))) this.#stalls.cancel(member);
    if (this.#unsound.at(member) === 0 || this.#stalls.armed(member)) return;
    if (!this.ensembles.hasLeader(this.ensembles.members.of.parent(member))) return;
    const { gap } = this.#long(member);
    const outer = this.sim.enter(this.#causeOf(member));
    this.#atRandom(this.#stalls, member, gap, this.#stream(member));
    this.sim.leave(outer);
  }

  /** Arms a timer after an exponential time; what would be beyond the clock's reach never happens. */
  #atRandom(timer: Timer<MemberId>, member: MemberId, mean: number, stream: Stream): void {
    const delay = Math.round(-mean * Math.log(stream.uniform()));
    if (this.sim.now + delay < Number.MAX_SAFE_INTEGER) timer.after(member, delay);
  }

  /** One write takes long. */
  #stallForOne(member: MemberId): void {
    this.#stall(member, this.#long(member).length(this.#stream(member).uniform()));
  }

  /** @param length microseconds until the write is done; STUCK when that is not known */
  #stall(member: MemberId, length: number): void {
    this.#stalls.cancel(member);
    if (length === STUCK) this.#done.cancel(member);
    if (this.isStalled(member)) return;
    this.#stalled.set(member, 1);
    const outer = this.sim.enter(this.#tell(this.#stalledFact, member));
    if (length < STUCK) this.#done.after(member, Math.round(length));
    this.ensembles.stall(member);
    this.stalled.emit(member);
    this.sim.leave(outer);
  }

  #answer(member: MemberId): void {
    this.#done.cancel(member);
    this.#stalled.set(member, 0);
    const outer = this.sim.enter(this.#tell(this.#answersFact, member));
    this.ensembles.resume(member);
    this.answers.emit(member);
    this.#review(member);
    this.sim.leave(outer);
  }

  /** A process that stopped waits for nothing. */
  #forget(member: MemberId): void {
    this.#stalls.cancel(member);
    this.#done.cancel(member);
    if (!this.isStalled(member)) return;
    this.#stalled.set(member, 0);
    this.ensembles.resume(member);
    this.answers.emit(member);
  }

  #tell(kind: FactKind, member: MemberId) {
    const { cluster } = this.ensembles;
    const { of } = this.ensembles.members;
    const ensemble = of.parent(member);
    return this.sim.emit(kind, cluster.at(ensemble), member - of.first(ensemble));
  }

  // --- gray failures ------------------------------------------------------------------------------------------------

  /** Gray failures of a disk come at random, without memory. */
  #awaitGray(member: MemberId): void {
    const { stallInterval } = this.parameters.disk;
    if (stallInterval === 0) return;
    const stream = this.sim.streams.stream('gray-failure', this.#keys[member]!);
    this.#atRandom(this.#grayBegins, member, stallInterval, stream);
  }

  #beginGray(member: MemberId): void {
    const { stallShortest, stallLongest } = this.parameters.disk;
    const u = this.sim.streams.stream('gray-failure', this.#keys[member]!).uniform();
    this.#grayEnds.after(member, Math.round(stallShortest + u * (stallLongest - stallShortest)));
    const outer = this.sim.enter(this.#tell(this.#grayFact, member));
    this.#gray.set(member, this.slow(member, STUCK, 'volume'));
    this.sim.leave(outer);
  }

  #endGray(member: MemberId): void {
    this.mend(this.#gray.at(member));
    this.#gray.set(member, NONE);
    this.#awaitGray(member);
  }
}
