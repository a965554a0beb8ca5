/**
 * The way of a worker's kubelet to its hosted API, from the worker's side. It goes through a proxy on the worker that has one backend, the
 * API's external name, and checks that one (openshift/hypershift apiserver-haproxy/assets/haproxy.cfg: /livez without etcd, so a lost
 * quorum does not matter to it); after some failed checks it refuses everybody until as many were good again. It passes on the
 * connections that it has.
 *
 * Nothing ticks: whether a proxy had given up is computed when the API is there again.
 */
import type { F64Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { KubeletConnections } from '../kubernetes/kubelet-connections.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { ApiPath } from './api-path.ts';
import type { HostedControlPlanes } from './control-planes.ts';

export class WorkerConnections {
  /** When the API ceased to be reachable. */
  readonly #goneAt: F64Column<ClusterId>;
  readonly #unreachableFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly machines: Machines,
    readonly kubelets: KubeletConnections,
    readonly path: ApiPath,
    hosted: HostedControlPlanes,
    readonly parameters: ParameterValues,
  ) {
    this.#goneAt = hosted.clusters.table.f64('apiGoneAt');
    this.#unreachableFact = sim.factKind('api-unreachable');
    path.reached.subscribe((cluster, open) => (open ? this.#opened(cluster) : this.#closed(cluster)));
    machines.started.subscribe((node) => this.#machineStarted(node));
    kubelets.ofWorkers = {
      through: (cluster) => path.standing(cluster),
      attempt: parameters.apiPath.proxyCheckPeriod,
      delay: (node, away) => this.#proxyDelay(node, away),
    };
  }

  #closed(cluster: ClusterId): void {
    this.#goneAt.set(cluster, this.sim.now);
    if (this.machines.ofCluster.count(cluster) === 0) return;
    const outer = this.sim.enter(this.sim.emit(this.#unreachableFact, cluster));
    for (const node of this.machines.ofCluster.list(cluster)) this.kubelets.shut(node);
    this.sim.leave(outer);
  }

  #opened(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      const delay = this.#proxyDelay(node, this.sim.now - this.#goneAt.at(cluster));
      if (delay === 0 || !this.machines.running(node)) this.kubelets.connect(node);
      else this.kubelets.dialAfter(node, delay);
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

  /** A new machine that takes the place of one which was gone when the API came back is not kept from it. */
  #machineStarted(node: NodeId): void {
    if (!this.kubelets.isShut(node)) return;
    if (this.path.connecting(this.machines.cluster.at(node)) > 0) this.kubelets.connect(node);
  }

  #uniform(node: NodeId): number {
    return this.sim.streams.stream('kubelet-connection', this.machines.key(node)).uniform();
  }
}
