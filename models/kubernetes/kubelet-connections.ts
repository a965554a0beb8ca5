/**
 * The connection that a kubelet keeps to one kube-apiserver, of a management cluster and of a hosted one alike. One whose server falls silent
 * (`../network/silent-peers.ts`) stays open, and no heartbeat gets through, until the server has answered no ping (kubernetes/kubernetes pull
 * 126287) or is heard again before: then with the next segment that TCP sends anew. Who has given up dials, and a new connection leads
 * to any server.
 *
 * Nothing ticks: who was connected to a server is drawn when that falls silent. Servers now and then send clients elsewhere
 * (goaway-chance), so at that moment any that a kubelet reached had an equal share.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { CauseId, FactKind } from '../../sim/facts.ts';
import type { Deferred, Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Location, Network } from '../network/network.ts';
import { nextSegment } from '../network/retransmission.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Heartbeats } from './heartbeats.ts';

/** What a kubelet has: a connection, one to a silent server, one whose server is there again, none and dials, none and nobody to dial, no API. */
const STATE = { connected: 0, silent: 1, resuming: 2, dialling: 3, waiting: 4, shut: 5 } as const;

/** What stands between kubelets and the servers that they dial. */
export interface Doorway {
  /** Share of attempts that get to a server, where the network lets them, 0 to 1. */
  through(cluster: ClusterId): number;
  /** How long an attempt in vain takes, microseconds. */
  readonly attempt: number;
  /** Until the first attempt when servers can be reached again after so long, microseconds. */
  delay(node: NodeId, away: number): number;
}

/** A server whose machine stopped, and the fact of that. */
interface Loss {
  readonly server: Location;
  readonly cause: CauseId;
}

export class KubeletConnections implements Deferred {
  readonly #state: U8Column<NodeId>;
  /** Where the silent server is, or NONE. */
  readonly #peer: I32Column<NodeId, Location>;
  /** Since when it is silent, and when it was first sent something in vain. */
  readonly #since: F64Column<NodeId>;
  readonly #unanswered: F64Column<NodeId>;
  readonly #next: Timer<NodeId>;
  /** Losses of the current event. */
  readonly #losses = new Map<ClusterId, Loss[]>();
  readonly #deadFact: FactKind;
  readonly #reconnectedFact: FactKind;

  /** Where the kube-apiservers of a cluster run. Given by the paths through the network. */
  servers: (cluster: ClusterId) => readonly Location[] = () => [];
  /** How workers come to a hosted API. Given by their connections. */
  ofWorkers: Doorway;
  /** Nodes of a management cluster: its load balancer checks /readyz and has found out within 30 s (OpenShift, installing on any platform), before anybody gives up. */
  readonly #direct: Doorway;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly network: Network,
    readonly contact: Contact,
    readonly heartbeats: Heartbeats,
    readonly parameters: ParameterValues,
  ) {
    this.#state = machines.table.u8('kubeletConnection', STATE.connected);
    this.#peer = machines.table.i32('silentServer', NONE);
    this.#since = machines.table.f64('serverSilentSince');
    this.#unanswered = machines.table.f64('serverUnanswered');
    this.#next = new Timer(sim, machines.table, 'kubelet-reconnects', 'control', (node) => this.#go(node));
    this.#deadFact = sim.factKind('kubelet-connection-dead');
    this.#reconnectedFact = sim.factKind('kubelet-reconnected');
    this.#direct = {
      through: () => 1,
      attempt: parameters.apiPath.dialTimeout,
      delay: (node) => this.#uniform(node) * parameters.node.heartbeatRetry,
    };
    this.ofWorkers = this.#direct;
    machines.lost.subscribe((node) => this.#machineLost(node));
  }

  /** The kubelet has no way to its API, for a reason that lies in its connections. */
  broken(node: NodeId): boolean {
    return this.#state.at(node) !== STATE.connected;
  }

  // --- servers that fall silent and are heard again --------------------------------------------------------------------

  /** The machine of a server stopped: whoever was connected to it, and is still there after the event, is not told so. */
  serverLost(cluster: ClusterId, server: Location): void {
    if (this.#losses.size === 0) this.sim.defer(this);
    const loss = { server, cause: this.sim.cause };
    const known = this.#losses.get(cluster);
    if (known === undefined) this.#losses.set(cluster, [loss]);
    else known.push(loss);
  }

  settle(): void {
    for (const [cluster, losses] of this.#losses) {
      const servers = [...losses.map(({ server }) => server), ...this.servers(cluster)];
      for (const node of this.machines.ofCluster.list(cluster)) this.#lose(node, servers, losses);
    }
    this.#losses.clear();
  }

  /** The network parted kubelets and servers, or lets them through again. */
  networkChanged(cluster: ClusterId): void {
    const servers = this.servers(cluster);
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (this.#state.at(node) === STATE.silent) this.#hear(node);
      else this.#lose(node, servers, []);
    }
  }

  /**
   * The connection of a kubelet led to one of the servers that it heard until now; it is dead when that one is silent from now on.
   * @param losses of the first of the servers
   */
  #lose(node: NodeId, servers: readonly Location[], losses: readonly Loss[]): void {
    if (this.broken(node) || !this.machines.running(node)) return;
    const falls = (i: number): boolean =>
      this.network.reached(node, servers[i]!) &&
      (i < losses.length || !this.network.reaches(node, servers[i]!));
    let [heard, silent] = [0, 0];
    for (let i = 0; i < servers.length; i++) {
      if (this.network.reached(node, servers[i]!)) heard++;
      if (falls(i)) silent++;
    }
    if (silent === 0) return;
    // Those that are silent come first.
    let pick = Math.floor(this.#uniform(node) * heard);
    if (pick >= silent) return;
    let i = 0;
    while (!falls(i) || pick-- > 0) i++;
    const outer = this.sim.enter(losses[i]?.cause ?? this.sim.cause);
    this.#silent(node, servers[i]!);
    this.sim.leave(outer);
  }

  #silent(node: NodeId, server: Location): void {
    const { clientPingAfter, clientPingTimeout } = this.parameters.apiPath;
    // The last frame was the answer to the last heartbeat, or to a ping since.
    const heartbeat = this.heartbeats.last(node);
    const sinceFrame = (this.sim.now - heartbeat) % clientPingAfter;
    this.#peer.set(node, server);
    this.#unanswered.set(node, heartbeat + this.parameters.node.heartbeatPeriod);
    this.#since.set(node, this.sim.now);
    // A kubelet that the network cuts off from every server is out of contact already.
    const noticed = this.contact.present(node);
    const outer = this.sim.enter(noticed ? this.sim.emit(this.#deadFact, node) : this.sim.cause);
    this.#set(node, STATE.silent);
    this.#next.after(node, Math.round(clientPingAfter + clientPingTimeout - sinceFrame));
    this.sim.leave(outer);
  }

  /** The server is there again: its kubelet is heard with the next segment that is sent anew, unless it gives up before. */
  #hear(node: NodeId): void {
    if (!this.#answers(node)) return;
    const { retransmissionTimeout } = this.parameters.apiPath;
    const next = nextSegment(this.#unanswered.at(node), this.sim.now, retransmissionTimeout);
    if (next >= this.#next.due(node)) return;
    this.#set(node, STATE.resuming);
    this.#next.at(node, Math.round(next));
  }
  #answers(node: NodeId): boolean {
    const peer = this.#peer.at(node) as Location;
    return (peer < 0 || this.machines.running(peer as NodeId)) && this.network.reaches(node, peer);
  }

  // --- new connections ------------------------------------------------------------------------------------------------

  /** Nothing gets through to the API any more; what was there of a connection is of no use. */
  shut(node: NodeId): void {
    this.#next.cancel(node);
    this.#set(node, STATE.shut);
  }
  isShut(node: NodeId): boolean {
    return this.#state.at(node) === STATE.shut;
  }
  /** The kubelet has a connection to a server that works, at once. */
  connect(node: NodeId): void {
    this.#next.cancel(node);
    this.#set(node, STATE.connected);
  }
  /** The kubelet dials after so many microseconds. */
  dialAfter(node: NodeId, delay: number): void {
    this.#set(node, STATE.dialling);
    this.#next.after(node, delay);
  }

  /** The network or the servers of an API changed: kubelets that had nobody to dial may have now. */
  reviewWaiting(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (this.#state.at(node) !== STATE.waiting || this.#reachable(node) === 0) continue;
      this.dialAfter(node, Math.round(this.#door(cluster).delay(node, this.sim.now - this.#since.at(node))));
    }
  }

  #go(node: NodeId): void {
    const resumed = this.#state.at(node) === STATE.resuming && this.#answers(node);
    if (resumed) this.#reconnected(node);
    else this.#dial(node);
  }

  /** A new connection leads to any server that whoever passes it on still knows; with those that are silent the attempt times out. */
  #dial(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    const reachable = this.#reachable(node);
    const door = this.#door(cluster);
    if (reachable === 0) this.#set(node, STATE.waiting);
    else if (this.#uniform(node) < reachable * door.through(cluster)) this.#reconnected(node);
    else this.dialAfter(node, door.attempt);
  }

  #reconnected(node: NodeId): void {
    const outer = this.sim.enter(this.sim.emit(this.#reconnectedFact, node));
    this.#set(node, STATE.connected);
    this.sim.leave(outer);
  }

  /** Share of the servers with an etcd that the network lets the kubelet through to; all of none. */
  #reachable(node: NodeId): number {
    if (!this.network.isCut) return 1;
    const servers = this.contact.servers(this.machines.cluster.at(node));
    let reached = 0;
    for (const server of servers) if (this.network.reaches(node, server)) reached++;
    return servers.length === 0 ? 1 : reached / servers.length;
  }

  #door(cluster: ClusterId): Doorway {
    return this.clusters.isHosted(cluster) ? this.ofWorkers : this.#direct;
  }

  /** A kubelet that starts again has no old connection. */
  #machineLost(node: NodeId): void {
    if (!this.isShut(node)) this.connect(node);
  }

  #set(node: NodeId, state: number): void {
    const before = this.#state.at(node);
    this.#state.set(node, state);
    if (state !== STATE.silent && state !== STATE.resuming) this.#peer.set(node, NONE);
    if (before === STATE.connected && state !== STATE.connected) this.contact.block(node);
    if (before !== STATE.connected && state === STATE.connected) this.contact.unblock(node);
  }

  #uniform(node: NodeId): number {
    return this.sim.streams.stream('kubelet-connection', this.machines.key(node)).uniform();
  }
}
