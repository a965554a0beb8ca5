/**
 * Connections of kube-apiserver to etcd members that fell silent (`../network/silent-peers.ts`). kube-apiserver keeps a connection per kind of object,
 * each to a member that the name of the etcd Service led it to; a member that closes its connections is replaced at once, but one that is
 * silent is only given up when it has answered no request or ping for a while (kubernetes/kubernetes pull 126287, issue 121793;
 * grpc/proposal A18), unless it is heard again before. Requests on it wait for that: reads are then tried again by the client of etcd, writes are not, since they may have
 * come through (etcd-io/etcd client/v3/retry_interceptor.go), so they fail.
 */
import type { I32Column, U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { PodId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';
import { nextSegment } from '../network/retransmission.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';

const bits = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

export class EtcdConnections {
  /** Per kube-apiserver, silent members that it still holds connections to: a bit each. */
  readonly #dead: U8Column<PodId>;
  /** Those of them that are there again, and with which it goes on at their next segment. */
  readonly #resuming: U8Column<PodId>;
  readonly #because: I32Column<PodId, CauseId>;
  readonly #giveUp: Timer<PodId>;
  readonly #resume: Timer<PodId>;
  readonly #givenUpFact: FactKind;

  /** The kube-apiserver lost or replaced connections. */
  readonly changed = new Signal<[server: PodId]>();

  constructor(
    readonly sim: Simulation,
    readonly pods: Pods,
    readonly parameters: ParameterValues,
  ) {
    this.#dead = pods.table.u8('deadMembers');
    this.#resuming = pods.table.u8('resumingMembers');
    this.#because = pods.table.i32('deadMembersFrom', BEGINNING);
    this.#giveUp = new Timer(sim, pods.table, 'etcd-connections-given-up', 'control', (server) =>
      this.#replaced(server),
    );
    this.#resume = new Timer(sim, pods.table, 'etcd-connections-resumed', 'recover', (server) =>
      this.#resumed(server),
    );
    this.#givenUpFact = sim.factKind('etcd-connections-given-up');
    pods.containers.stopped.subscribe((pod) => this.#forget(pod));
  }

  /** Share of a server's connections that lead to a silent member, 0 to 1. */
  dead(server: PodId, members: number): number {
    return bits(this.#dead.at(server)) / Math.max(1, members);
  }
  holdsDead(server: PodId): boolean {
    return this.#dead.at(server) !== 0;
  }
  /** The fact by which a server's connections died. */
  lostFor(server: PodId): CauseId {
    return this.#because.at(server);
  }

  /**
   * From when a member fell silent until its connections are given up, microseconds: the next request or ping, whichever comes first, has so
   * long to be answered. Servers hold many connections to each member, so one draw stands for all of them.
   */
  patience(cluster: string): number {
    const { etcdPingAfter, etcdPingTimeout, etcdRequestRate } = this.parameters.apiPath;
    const stream = this.sim.streams.stream('etcd-ping', cluster);
    const ping = stream.uniform() * etcdPingAfter;
    const request = (-Math.log(stream.uniform()) / etcdRequestRate) * 1e6;
    return Math.round(etcdPingTimeout + Math.min(ping, request));
  }

  /** A member fell silent, and a server gives up its connections to it after so many microseconds. */
  memberSilent(server: PodId, member: number, patience: number): void {
    this.#dead.set(server, this.#dead.at(server) | (1 << member));
    this.#resuming.set(server, this.#resuming.at(server) & ~(1 << member));
    this.#because.set(server, this.sim.cause);
    this.#giveUp.after(server, patience);
    this.changed.emit(server);
  }

  /** A member is there again: the server goes on with it at the next segment that is sent anew, unless it gives up before. */
  memberHeard(server: PodId, member: number): void {
    if ((this.#dead.at(server) & (1 << member)) === 0) return;
    const { etcdPingTimeout, retransmissionTimeout } = this.parameters.apiPath;
    const due = this.#giveUp.due(server);
    const next = nextSegment(due - etcdPingTimeout, this.sim.now, retransmissionTimeout);
    if (next >= due) return;
    this.#resuming.set(server, this.#resuming.at(server) | (1 << member));
    this.#resume.at(server, Math.round(next));
  }

  /** A member that has begun anew knows nothing of old connections and says so. */
  memberBack(server: PodId, member: number): void {
    this.#restore(server, 1 << member);
  }

  #resumed(server: PodId): void {
    const members = this.#resuming.at(server);
    this.#resuming.set(server, 0);
    this.#restore(server, members);
  }

  /** Connections to these members work; without any that is dead there is nothing to give up. */
  #restore(server: PodId, members: number): void {
    const left = this.#dead.at(server) & ~members;
    if (left === this.#dead.at(server)) return;
    this.#dead.set(server, left);
    if (left === 0) this.#giveUp.cancel(server);
    this.changed.emit(server);
  }

  #replaced(server: PodId): void {
    this.#clear(server);
    const outer = this.sim.enter(this.pods.tell(this.#givenUpFact, server));
    this.changed.emit(server);
    this.sim.leave(outer);
  }

  #forget(pod: PodId): void {
    if (this.#dead.at(pod) === 0) return;
    this.#clear(pod);
    this.#giveUp.cancel(pod);
  }

  #clear(server: PodId): void {
    this.#dead.set(server, 0);
    this.#resuming.set(server, 0);
    this.#resume.cancel(server);
  }
}
