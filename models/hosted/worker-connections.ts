/**
 * The way of a worker's kubelet to its hosted API, from the worker's side. It goes through a proxy on the worker that has one backend, the
 * API's external name, and checks that one (openshift/hypershift apiserver-haproxy/assets/haproxy.cfg: /livez without etcd, so a lost
 * quorum does not matter to it); after some failed checks it refuses everybody until as many were good again. And a kubelet keeps its
 * connection to a kube-apiserver that died without a word until that has answered no ping (kubernetes/kubernetes pull 126287).
 *
 * Nothing ticks: whether a proxy had given up is computed when the API is there again, and who was connected to a dead server is drawn
 * when it dies. Servers now and then send clients elsewhere (goaway-chance), so at that moment any of them had an equal share.
 */
import type { F64Column, U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Contact } from '../kubernetes/contact.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { ApiPath } from './api-path.ts';
import type { HostedControlPlanes } from './control-planes.ts';

export class WorkerConnections {
  /** The worker does not get through, for a reason that lies here. */
  readonly #blocked: U8Column<NodeId>;
  /** When the API ceased to be reachable. */
  readonly #goneAt: F64Column<ClusterId>;
  readonly #reconnect: Timer<NodeId>;
  readonly #unreachableFact: FactKind;
  readonly #deadFact: FactKind;
  readonly #reconnectedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly machines: Machines,
    readonly contact: Contact,
    readonly path: ApiPath,
    hosted: HostedControlPlanes,
    readonly parameters: ParameterValues,
  ) {
    this.#blocked = machines.table.u8('blocked');
    this.#goneAt = hosted.clusters.table.f64('apiGoneAt');
    this.#reconnect = new Timer(sim, machines.table, 'kubelet-reconnects', 'control', (node) =>
      this.#dial(node),
    );
    this.#unreachableFact = sim.factKind('api-unreachable');
    this.#deadFact = sim.factKind('kubelet-connection-dead');
    this.#reconnectedFact = sim.factKind('kubelet-reconnected');
    path.reached.subscribe((cluster, open) => (open ? this.#opened(cluster) : this.#closed(cluster)));
    hosted.serverSilent.subscribe((cluster, before) => this.#serverSilent(cluster, before));
    machines.lost.subscribe((node) => this.#machineLost(node));
    machines.started.subscribe((node) => this.#machineStarted(node));
  }

  // --- the API as a whole ---------------------------------------------------------------------------------------------

  #closed(cluster: ClusterId): void {
    this.#goneAt.set(cluster, this.sim.now);
    if (this.machines.ofCluster.count(cluster) === 0) return;
    const outer = this.sim.enter(this.sim.emit(this.#unreachableFact, cluster));
    for (const node of this.machines.ofCluster.list(cluster)) {
      this.#reconnect.cancel(node);
      this.#block(node);
    }
    this.sim.leave(outer);
  }

  #opened(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      const delay = this.#proxyDelay(node, this.sim.now - this.#goneAt.at(cluster));
      if (delay === 0 || !this.machines.running(node)) this.#unblock(node);
      else this.#reconnect.after(node, delay);
    }
  }

  /** How much longer the proxy on a worker refuses connections to an API that was away for so long. */
  #proxyDelay(node: NodeId, away: number): number {
    const { proxyCheckPeriod: period, proxyCheckFailures, proxyCheckSuccesses } = this.parameters.apiPath;
    const firstCheck = this.#uniform(node) * period;
    if (away < firstCheck + (proxyCheckFailures - 1) * period) return 0;
    const untilCheck = period - ((away - firstCheck) % period);
    return Math.round(untilCheck + (proxyCheckSuccesses - 1) * period);
  }

  // --- one connection -------------------------------------------------------------------------------------------------

  /** @param before servers that answered, the one included that fell silent */
  #serverSilent(cluster: ClusterId, before: number): void {
    const { clientPingAfter, clientPingTimeout } = this.parameters.apiPath;
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (!this.contact.present(node) || this.#uniform(node) * before >= 1) continue;
      const outer = this.sim.enter(this.sim.emit(this.#deadFact, node));
      this.#block(node);
      // The last frame came with or after the last heartbeat, and after the last ping.
      const frames = Math.min(this.parameters.node.heartbeatPeriod, clientPingAfter);
      const sinceFrame = this.#uniform(node) * frames;
      this.#reconnect.after(node, Math.round(clientPingAfter + clientPingTimeout - sinceFrame));
      this.sim.leave(outer);
    }
  }

  /** A new connection leads to any server that the path still knows, dead ones included; to those the proxy's attempt times out. */
  #dial(node: NodeId): void {
    const through = this.path.standing(this.machines.cluster.at(node));
    if (this.#uniform(node) >= through) {
      this.#reconnect.after(node, this.parameters.apiPath.proxyCheckPeriod);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#reconnectedFact, node));
    this.#unblock(node);
    this.sim.leave(outer);
  }

  /** A kubelet that starts again has no old connection. */
  #machineLost(node: NodeId): void {
    if (!this.#reconnect.armed(node)) return;
    this.#reconnect.cancel(node);
    this.#unblock(node);
  }

  /** Nor has a new machine that takes the place of one which was gone when the API came back. */
  #machineStarted(node: NodeId): void {
    if (this.#blocked.at(node) === 0) return;
    if (this.path.connecting(this.machines.cluster.at(node)) > 0) this.#unblock(node);
  }

  #block(node: NodeId): void {
    if (this.#blocked.at(node) === 1) return;
    this.#blocked.set(node, 1);
    this.contact.block(node);
  }
  #unblock(node: NodeId): void {
    if (this.#blocked.at(node) === 0) return;
    this.#blocked.set(node, 0);
    this.contact.unblock(node);
  }

  #uniform(node: NodeId): number {
    return this.sim.streams.stream('kubelet-connection', this.machines.key(node)).uniform();
  }
}
