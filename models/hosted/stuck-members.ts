/**
 * What API servers notice of an etcd member that waits for its disk. Its process answers pings, so connections to it are kept, but requests
 * go through its raft loop: each waits until the server gives it up, 5 s and two election timeouts after it came
 * (etcd-io/etcd server/config, ReqTimeout), and the next one fares the same until the disk answers or the member is killed. As with
 * connections to members that died, reads count as served (most come from the caches of kube-apiserver), writes as failed.
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { Disks } from '../etcd/disks.ts';
import type { EnsembleId, MemberId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';

export class StuckMembers {
  readonly #stuck: U8Column<MemberId>;
  readonly #count: I32Column<EnsembleId>;
  /** The fact by which requests through a member of the ensemble last began to fail. */
  readonly lastFact: I32Column<EnsembleId, CauseId>;
  readonly #timesOut: Timer<MemberId>;
  readonly #fact: FactKind;

  /** A member began or ceased to wait, or requests through it to fail: who reaches a serving etcd may be others now. */
  readonly changed = new Signal<[ensemble: EnsembleId]>();

  constructor(
    readonly sim: Simulation,
    readonly disks: Disks,
    parameters: ParameterValues,
  ) {
    const { members, table } = disks.ensembles;
    this.#stuck = members.table.u8('requestsFail');
    this.#count = table.i32('stuckMembers');
    this.lastFact = table.i32('lastStuck', BEGINNING);
    this.#timesOut = new Timer(sim, members.table, 'requests-time-out', 'fail', (member) =>
      this.#fail(member),
    );
    this.#fact = sim.factKind('requests-time-out');
    disks.stalled.subscribe((member) => {
      const ensemble = members.of.parent(member);
      const wait = parameters.etcd.requestTimeout + 2 * disks.ensembles.ticks(ensemble).electionTimeout;
      this.changed.emit(ensemble);
      if (members.up(member) && disks.doneAt(member) > sim.now + wait) this.#timesOut.after(member, wait);
    });
    disks.answers.subscribe((member) => this.#clear(member));
    disks.ensembles.changed.subscribe((ensemble) => this.#membersChanged(ensemble));
  }

  /** Share of an etcd's members through which requests fail: connections are spread evenly over members. */
  share(ensemble: EnsembleId): number {
    const count = this.#count.at(ensemble);
    return count === 0 ? 0 : count / this.disks.ensembles.members.of.count(ensemble);
  }

  #fail(member: MemberId): void {
    const { members, cluster } = this.disks.ensembles;
    const ensemble = members.of.parent(member);
    if (!members.up(member)) return;
    const fact = this.sim.emit(this.#fact, cluster.at(ensemble), member - members.of.first(ensemble));
    this.lastFact.set(ensemble, fact);
    const outer = this.sim.enter(fact);
    this.#stuck.set(member, 1);
    this.#count.add(ensemble, 1);
    this.changed.emit(ensemble);
    this.sim.leave(outer);
  }

  #clear(member: MemberId): void {
    const ensemble = this.disks.ensembles.members.of.parent(member);
    this.#timesOut.cancel(member);
    this.#count.add(ensemble, -this.#stuck.at(member));
    this.#stuck.set(member, 0);
    this.changed.emit(ensemble);
  }

  /** A process that stops closes its connections, and others take their place. */
  #membersChanged(ensemble: EnsembleId): void {
    if (this.#count.at(ensemble) === 0) return;
    const { members } = this.disks.ensembles;
    for (let member = members.of.first(ensemble); member !== NONE; member = members.of.next(member))
      if (this.#stuck.at(member) === 1 && !members.up(member)) this.#clear(member);
  }
}
