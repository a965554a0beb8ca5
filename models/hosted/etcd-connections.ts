/**
 * Connections of kube-apiserver to etcd members that died without a word. kube-apiserver keeps a connection per kind of object, each to a
 * member that the name of the etcd Service led it to; a member that closes its connections is replaced at once, but one whose machine
 * lost power is only given up when it has answered no request or ping for a while (kubernetes/kubernetes pull 126287, issue 121793;
 * grpc/proposal A18). Requests on it wait for that: reads are then tried again by the client of etcd, writes are not, since they may have
 * come through (etcd-io/etcd client/v3/retry_interceptor.go), so they fail.
 */
import type { I32Column, U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { PodId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';
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
  readonly #because: I32Column<PodId, CauseId>;
  readonly #giveUp: Timer<PodId>;
  readonly #givenUpFact: FactKind;

  /** The kube-apiserver lost or replaced connections. */
  readonly changed = new Signal<[server: PodId]>();

  constructor(
    readonly sim: Simulation,
    readonly pods: Pods,
    readonly parameters: ParameterValues,
  ) {
    this.#dead = pods.table.u8('deadMembers');
    this.#because = pods.table.i32('deadMembersFrom', BEGINNING);
    this.#giveUp = new Timer(sim, pods.table, 'etcd-connections-given-up', 'control', (server) =>
      this.#replaced(server),
    );
    this.#givenUpFact = sim.factKind('etcd-connections-given-up');
    pods.stopped.subscribe((pod) => this.#forget(pod));
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
    this.#because.set(server, this.sim.cause);
    this.#giveUp.after(server, patience);
    this.changed.emit(server);
  }

  /** A machine that is back knows nothing of old connections and says so. */
  memberBack(server: PodId, member: number): void {
    const left = this.#dead.at(server) & ~(1 << member);
    if (left === this.#dead.at(server)) return;
    this.#dead.set(server, left);
    if (left === 0) this.#giveUp.cancel(server);
    this.changed.emit(server);
  }

  #replaced(server: PodId): void {
    this.#dead.set(server, 0);
    const outer = this.sim.enter(this.pods.tell(this.#givenUpFact, server));
    this.changed.emit(server);
    this.sim.leave(outer);
  }

  #forget(pod: PodId): void {
    if (this.#dead.at(pod) === 0) return;
    this.#dead.set(pod, 0);
    this.#giveUp.cancel(pod);
  }
}
