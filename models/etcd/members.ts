/**
 * Members of etcd clusters: whether their process runs, whether it gets around to answering, and which others it can talk to. What counts
 * for a quorum is who hears whom, not who runs.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { EnsembleId, MemberId } from '../ids.ts';

/** Members that must agree: more than half (etcd FAQ). */
export function quorumOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

export class Members {
  readonly table: Table<MemberId>;
  readonly of: Membership<EnsembleId, MemberId>;
  readonly #alive: I32Column<EnsembleId>;
  readonly #up: U8Column<MemberId>;
  /** When the member went down. */
  readonly #wentAt: F64Column<MemberId>;
  /** Reasons for the running process to be stuck, in a write to its disk for instance: it neither sends nor answers. */
  readonly #stalls: I32Column<MemberId>;

  /** Whether the network lets two members talk to each other. */
  connected: (a: MemberId, b: MemberId) => boolean = () => true;

  constructor(
    readonly sim: Simulation,
    ensembles: Table<EnsembleId>,
  ) {
    this.table = sim.table<MemberId>('member');
    this.of = new Membership('members of ensemble', ensembles, this.table);
    this.#alive = ensembles.i32('alive');
    this.#up = this.table.u8('up', 1);
    this.#wentAt = this.table.f64('wentAt');
    this.#stalls = this.table.i32('stalls');
  }

  /** So many new members, all of them up. */
  add(ensemble: EnsembleId, count: number): void {
    for (let i = 0; i < count; i++) this.of.join(ensemble, this.table.add());
    this.#alive.set(ensemble, count);
  }

  /** Number of members whose process runs. */
  alive(ensemble: EnsembleId): number {
    return this.#alive.at(ensemble);
  }
  up(member: MemberId): boolean {
    return this.#up.at(member) === 1;
  }
  stalled(member: MemberId): boolean {
    return this.#stalls.at(member) > 0;
  }
  /** Microseconds that a member has been down, or was until it came up; Infinity for one with an empty volume. */
  away(member: MemberId): number {
    return this.sim.now - this.#wentAt.at(member);
  }

  /** A member that is down got a new volume, which holds nothing, or one with entries up to now. */
  setEmpty(member: MemberId, empty: boolean): void {
    this.#wentAt.set(member, empty ? Number.NEGATIVE_INFINITY : this.sim.now);
  }
  empty(member: MemberId): boolean {
    return this.#wentAt.at(member) === Number.NEGATIVE_INFINITY;
  }

  setUp(member: MemberId, up: boolean): void {
    this.#up.set(member, up ? 1 : 0);
    this.#alive.add(this.of.parent(member), up ? 1 : -1);
    if (!up) this.#wentAt.set(member, this.sim.now);
  }
  /** One more reason to be stuck, or one less. Returns whether that made a difference. */
  addStall(member: MemberId, difference: 1 | -1): boolean {
    const stalls = this.#stalls.add(member, difference);
    return stalls === 0 || (stalls === 1 && difference === 1);
  }

  #answers(member: MemberId): boolean {
    return this.up(member) && !this.stalled(member);
  }

  /** Members that a member has a majority with when it counts itself and all that it exchanges messages with. */
  hasMajority(member: MemberId): boolean {
    if (!this.#answers(member)) return false;
    const ensemble = this.of.parent(member);
    let heard = 0;
    for (let other = this.of.first(ensemble); other !== NONE; other = this.of.next(other)) {
      if (other === member || (this.#answers(other) && this.connected(member, other))) heard++;
    }
    return heard >= quorumOf(this.of.count(ensemble));
  }

  /** Members that could win an election: pre-votes keep all others from trying (etcd-io/website v3.6, `--pre-vote`). */
  electable(ensemble: EnsembleId): MemberId[] {
    return this.of.list(ensemble).filter((member) => this.hasMajority(member));
  }
}
