/**
 * The way of a new request to a hosted API, hop by hop, and the share of requests that succeed on it.
 *
 * From outside: the entry (`entry.ts`); with a Route the routers of the control plane, which check nobody and pass the connection on to
 * the Service (openshift/hypershift v2/router/router_config.template; they try again after 10 s, when the client's TLS handshake has timed
 * out as well); the Service, which picks any listed endpoint of kube-apiserver, dead or alive; the server's connections to etcd. Controllers of the
 * control plane use the Service alone, so they may reach an API that nobody outside does.
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import type { Entry } from './entry.ts';
import type { EtcdConnections } from './etcd-connections.ts';
import type { StuckMembers } from './stuck-members.ts';

export class ApiPath {
  /** kube-apiserver is published by a Route through the control plane's own routers. */
  readonly #routed: U8Column<ClusterId>;
  /** Some connection from outside reaches a server. */
  readonly #open: U8Column<ClusterId>;

  /** Something on the way to a hosted API changed, besides its pods and their endpoints. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  /** Connections from outside began or ceased to reach any server. */
  readonly reached = new Signal<[cluster: ClusterId, open: boolean]>();

  constructor(
    readonly hosted: HostedControlPlanes,
    readonly entry: Entry,
    readonly connections: EtcdConnections,
    readonly stuck: StuckMembers,
    readonly parameters: ParameterValues,
  ) {
    this.#routed = hosted.clusters.table.u8('routed');
    this.#open = hosted.clusters.table.u8('pathOpen', 1);
    entry.changed.subscribe((cluster) => this.changed.emit(cluster));
    const { pods, ensembles } = hosted;
    stuck.changed.subscribe((ensemble) => {
      const cluster = ensembles.cluster.at(ensemble);
      if (hosted.ensemble.at(cluster) === ensemble) this.changed.emit(cluster);
    });
    connections.changed.subscribe((server) => this.changed.emit(pods.sets.serves.at(pods.set.at(server))));
  }

  /** @param routed kube-apiserver is published by a Route through the control plane's own routers */
  describe(cluster: ClusterId, routed: boolean): void {
    this.#routed.set(cluster, routed ? 1 : 0);
  }
  routed(cluster: ClusterId): boolean {
    return this.#routed.at(cluster) === 1;
  }

  /** Tells whoever keeps connections when the path opened or closed. */
  review(cluster: ClusterId): void {
    const open = this.connecting(cluster) > 0;
    if (open === (this.#open.at(cluster) === 1)) return;
    this.#open.set(cluster, open ? 1 : 0);
    this.reached.emit(cluster, open);
  }

  /** Share of new requests from outside that succeed, 0 to 1. */
  outside(cluster: ClusterId): number {
    return this.etcdShare(cluster) * this.connecting(cluster);
  }

  /** The same for requests of the control plane's own controllers. */
  inside(cluster: ClusterId): number {
    return this.etcdShare(cluster) * this.#answering(cluster, 'kube-apiserver');
  }

  /** Share of connections from outside that reach a living server; what that one can do without etcd is another question. */
  connecting(cluster: ClusterId): number {
    const routed = this.routed(cluster) ? this.#answering(cluster, 'router') : 1;
    return this.entry.share(cluster) * routed * this.#answering(cluster, 'kube-apiserver');
  }

  /** Share of the requests of living servers that etcd serves: none without a quorum, else all but writes that are refused or lost. */
  etcdShare(cluster: ClusterId): number {
    const { ensembles, ensemble, pods, endpoints } = this.hosted;
    const etcd = ensemble.at(cluster);
    if (!ensembles.serving(etcd)) return 0;
    const { mutatingShare } = this.parameters.database;
    if (ensembles.refusesWrites(etcd)) return 1 - mutatingShare;
    const members = ensembles.members.of.count(etcd);
    const servers = this.hosted.set(cluster, 'kube-apiserver');
    let live = 0;
    let dead = 0;
    for (let pod = pods.ofSet.first(servers as SetId); pod !== NONE; pod = pods.ofSet.next(pod)) {
      if (!pods.isRunning(pod) || !endpoints.listed(pod) || !this.hosted.reachesEtcd(pod)) continue;
      live++;
      dead += this.connections.dead(pod, members) + this.stuck.share(etcd);
    }
    return dead === 0 ? 1 : 1 - (mutatingShare * dead) / live;
  }

  #answering(cluster: ClusterId, role: 'kube-apiserver' | 'router'): number {
    const { listed, live } = this.hosted.share(cluster, role);
    return listed === 0 ? 0 : live / listed;
  }
}
