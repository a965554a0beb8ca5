/**
 * The way of a new request to a hosted API, hop by hop, and the share of requests that succeed on it.
 *
 * From outside: the entry (`entry.ts`); with a Route the routers of the control plane, which check nobody and pass the connection on to
 * the Service (openshift/hypershift v2/router/router_config.template; they try again after 10 s, when the client's TLS handshake has timed
 * out as well); the Service, which picks any listed endpoint of kube-apiserver, dead or alive; the server's connections to etcd. Controllers of the
 * control plane use the Service alone, so they may reach an API that nobody outside does. While the network is cut, every hop has to be
 * reached from the one before it: the share is the mean over the pods that proxies pick, node by node.
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Location, Network } from '../network/network.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Onward } from './balanced-nodes.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import type { Entry } from './entry.ts';
import type { EtcdConnections } from './etcd-connections.ts';
import type { Role } from './roles.ts';
import type { StuckMembers } from './stuck-members.ts';

/** Components that a request from outside passes, one after the other. */
export type Hops = readonly Role[];
const DIRECT: Hops = ['kube-apiserver'];
const ROUTED: Hops = ['router', 'kube-apiserver'];

/** What clients enter besides the API. */
export const OTHER_SERVICES = ['OAuthServer', 'Ignition', 'Konnectivity'] as const;
export type OtherService = (typeof OTHER_SERVICES)[number];
/** Of ignition the proxy has the certificate; without one the server itself is entered. What Konnectivity's links end at is a matter of theirs. */
const HOPS: Readonly<Record<OtherService, Hops>> = {
  OAuthServer: ['oauth-openshift'],
  Ignition: ['ignition-server-proxy', 'ignition-server'],
  Konnectivity: [],
};
/** The router that serves the API by its Route serves these as well (openshift/hypershift v2/router/config.go). */
const ROUTED_HOPS: typeof HOPS = {
  OAuthServer: ['router', ...HOPS.OAuthServer],
  Ignition: ['router', ...HOPS.Ignition],
  Konnectivity: ['router'],
};

/** How a service beside the API is entered: by something of its own or of the management cluster, by the nodes, by the control plane's routers. */
const DOOR = { own: 0, nodes: 1, router: 2 } as const;
export type Door = keyof typeof DOOR;

export class ApiPath {
  /** kube-apiserver is published by a Route through the control plane's own routers. */
  readonly #routed: U8Column<ClusterId>;
  readonly #door: Readonly<Record<OtherService, U8Column<ClusterId>>>;
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
    readonly network: Network,
    readonly parameters: ParameterValues,
  ) {
    this.#routed = hosted.clusters.table.u8('routed');
    const door = (service: OtherService) => [service, hosted.clusters.table.u8(`door:${service}`, DOOR.own)];
    this.#door = Object.fromEntries(OTHER_SERVICES.map(door));
    hosted.konnectivity.dialling.carriers = (cluster) => this.#carriers(cluster);
    hosted.readable = (cluster) => this.#readable(cluster);
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
  /** Says how a service beside the API is entered. */
  describeService(cluster: ClusterId, service: OtherService, door: Door): void {
    this.#door[service].set(cluster, DOOR[door]);
    if (door === 'nodes') this.entry.describeBeside(cluster);
  }
  throughRouter(cluster: ClusterId, service: OtherService): boolean {
    return this.#door[service].at(cluster) === DOOR.router;
  }

  /** Tells whoever keeps connections when the path opened or closed to those whom the network lets through. */
  review(cluster: ClusterId): void {
    this.#reviewTunnels(cluster);
    const open = this.standing(cluster) > 0;
    if (open === (this.#open.at(cluster) === 1)) return;
    this.#open.set(cluster, open ? 1 : 0);
    this.reached.emit(cluster, open);
  }

  #reviewTunnels(cluster: ClusterId): void {
    if (this.#door.Konnectivity.at(cluster) === DOOR.own) return;
    const { konnectivity } = this.hosted;
    const open = this.#standingBeside(cluster, 'Konnectivity') > 0;
    if (open === (konnectivity.tunnels.closed.at(cluster) === 1)) konnectivity.doorChanged(cluster, open);
  }

  /** Routers that connections of agents are sent to and that run, a bit each; none where those do not pass them. */
  #carriers(cluster: ClusterId): number {
    if (!this.throughRouter(cluster, 'Konnectivity')) return 0;
    const { pods, endpoints } = this.hosted;
    let mask = 0;
    for (const pod of pods.ofSet.list(this.hosted.set(cluster, 'router') as SetId))
      if (endpoints.listed(pod) && pods.isRunning(pod)) mask |= 1 << pods.ordinal.at(pod);
    return mask;
  }

  /** Reads are answered: writes may be refused meanwhile. */
  #readable(cluster: ClusterId): boolean {
    const { clusters, ensembles, ensemble } = this.hosted;
    return (
      clusters.apiUp(cluster) || (ensembles.refusesWrites(ensemble.at(cluster)) && this.inside(cluster) > 0)
    );
  }

  /** Share of new requests from outside that succeed, 0 to 1. */
  outside(cluster: ClusterId): number {
    return this.etcdShare(cluster) * this.connecting(cluster);
  }

  /** The same for requests of the control plane's own controllers. */
  inside(cluster: ClusterId): number {
    return this.etcdShare(cluster) * this.answering(cluster, 'kube-apiserver');
  }

  /** Share of connections from outside that reach a living server; what that one can do without etcd is another question. */
  connecting(cluster: ClusterId): number {
    const { entry } = this;
    const hops = this.hops(cluster);
    if (!this.network.isCut) return this.#through(cluster, hops, entry.share(cluster));
    return entry.share(cluster, this.#from(cluster, hops));
  }
  /** The same for clients to whom the network is open. */
  standing(cluster: ClusterId): number {
    return this.#through(cluster, this.hops(cluster), this.entry.standing(cluster));
  }
  hops(cluster: ClusterId): Hops {
    return this.routed(cluster) ? ROUTED : DIRECT;
  }

  /** Share of connections from outside to a service beside the API that are answered, 0 to 1. */
  entering(cluster: ClusterId, service: OtherService): number {
    const hops = this.#hopsOf(cluster, service);
    if (!this.network.isCut) return this.#through(cluster, hops, this.enteredBeside(cluster, service));
    return this.enteredBeside(cluster, service, this.#from(cluster, hops));
  }
  /** The network lets a worker through to what it joins by, from where it stands or is to stand: ignition and a server of the API. */
  admits(worker: NodeId): boolean {
    if (!this.network.isCut) return true;
    const { contact, machines } = this.hosted.pods;
    const cluster = machines.cluster.at(worker);
    return (
      contact.reaches(worker, cluster) &&
      this.#onward(cluster, this.#hopsOf(cluster, 'Ignition'), 0, worker) > 0
    );
  }
  /** Share of a cluster's workers, and of those that may come, that the network lets through to that; 1 without any. */
  admitted(cluster: ClusterId): number {
    if (!this.network.isCut) return 1;
    const workers = this.hosted.pods.machines.ofCluster.list(cluster);
    if (workers.length === 0) return 1;
    let admitted = 0;
    for (const worker of workers) if (this.admits(worker)) admitted++;
    return admitted / workers.length;
  }
  #hopsOf(cluster: ClusterId, service: OtherService): Hops {
    return this.throughRouter(cluster, service) ? ROUTED_HOPS[service] : HOPS[service];
  }

  /** Share of them that get in. What passes the routers by which the API is entered shares their load balancer. */
  enteredBeside(cluster: ClusterId, service: OtherService, onward?: Onward): number {
    if (this.#sharesEntry(cluster, service)) return this.entry.share(cluster, onward);
    return this.entry.shareBeside(cluster, this.#byNodes(cluster, service), onward);
  }
  /** Share of connections that get in and through, as far as the control plane does not answer them itself, to clients to whom the network is open. */
  #standingBeside(cluster: ClusterId, service: OtherService): number {
    const entered = this.#sharesEntry(cluster, service)
      ? this.entry.standing(cluster)
      : this.entry.standingBeside(cluster, this.#byNodes(cluster, service));
    return this.#through(cluster, this.#hopsOf(cluster, service), entered);
  }
  #sharesEntry(cluster: ClusterId, service: OtherService): boolean {
    return this.throughRouter(cluster, service) && this.routed(cluster);
  }
  #byNodes(cluster: ClusterId, service: OtherService): boolean {
    return this.#door[service].at(cluster) === DOOR.nodes;
  }

  /** What becomes of connections that come to a node which takes them, while the network is cut. */
  #from(cluster: ClusterId, hops: Hops): Onward {
    return (node) => (this.entry.takes(node) ? this.#onward(cluster, hops, 0, node) : 0);
  }

  #through(cluster: ClusterId, hops: Hops, entered: number): number {
    let share = entered;
    for (const role of hops) share *= this.answering(cluster, role);
    return share;
  }

  /** Share of connections from somewhere that get through the components from one of them on, over a network that is cut. */
  #onward(cluster: ClusterId, hops: Hops, hop: number, from: Location): number {
    if (hop === hops.length) return 1;
    const { hosted } = this;
    const { pods, endpoints } = hosted;
    const set = hosted.set(cluster, hops[hop]!);
    if (set === NONE) return this.#onward(cluster, hops, hop + 1, from);
    let [listed, through] = [0, 0];
    for (let pod = pods.ofSet.first(set as SetId); pod !== NONE; pod = pods.ofSet.next(pod)) {
      if (!endpoints.listed(pod)) continue;
      listed++;
      if (hosted.answers(pod) && this.network.reaches(from, pods.node.at(pod)))
        through += this.#onward(cluster, hops, hop + 1, pods.node.at(pod));
    }
    return listed === 0 ? 0 : through / listed;
  }

  /** The network keeps a pod from some kube-apiserver that works. */
  uncalled(cluster: ClusterId, pod: PodId): boolean {
    if (!this.network.isCut) return false;
    const { node } = this.hosted.pods;
    let reached = true;
    this.#eachServer(cluster, (server) => {
      reached &&= this.network.reaches(node.at(server), node.at(pod));
    });
    return !reached;
  }

  /** The network keeps requests from outside, or part of them, from a pod that they are sent to. */
  unreached(cluster: ClusterId, pod: PodId): boolean {
    if (!this.network.isCut) return false;
    const { entry } = this;
    const node = this.hosted.pods.node.at(pod);
    const reached: Onward = (from) => (entry.takes(from) && this.network.reaches(from, node) ? 1 : 0);
    return entry.share(cluster, reached) < 1;
  }

  /** The same for requests to a service beside the API, on the last of their hops to the pod. */
  unreachedBeside(cluster: ClusterId, service: OtherService, pod: PodId): boolean {
    if (!this.network.isCut) return false;
    const { entry, network } = this;
    const { node, set, ofSet } = this.hosted.pods;
    const router = this.hosted.set(cluster, 'router');
    const own = node.at(pod);
    if (this.throughRouter(cluster, service) && router !== NONE && set.at(pod) !== router)
      return ofSet
        .list(router as SetId)
        .some((other) => this.hosted.endpoints.listed(other) && !network.reaches(node.at(other), own));
    const reached: Onward = (from) => (entry.takes(from) && network.reaches(from, own) ? 1 : 0);
    return this.enteredBeside(cluster, service, reached) < 1;
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

  /** Share of what kube-apiservers that work ask pods of a role that those answer; 1 without such a component. */
  called(cluster: ClusterId, role: Role): number {
    if (!this.network.isCut) return this.answering(cluster, role);
    const hops = [role];
    let [callers, answered] = [0, 0];
    this.#eachServer(cluster, (server) => {
      callers++;
      answered += this.#onward(cluster, hops, 0, this.hosted.pods.node.at(server));
    });
    return callers === 0 ? 0 : answered / callers;
  }

  /** kube-apiservers that requests come to and that get through to etcd. */
  #eachServer(cluster: ClusterId, act: (server: PodId) => void): void {
    const { pods, endpoints } = this.hosted;
    const set = this.hosted.set(cluster, 'kube-apiserver') as SetId;
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
      if (endpoints.listed(pod) && this.hosted.answers(pod)) act(pod);
  }

  /** Share of what proxies send to pods of a role that those answer, to callers whom the network lets through; 1 without such a component. */
  answering(cluster: ClusterId, role: Role): number {
    if (this.hosted.set(cluster, role) === NONE) return 1;
    const { listed, live } = this.hosted.share(cluster, role);
    return listed === 0 ? 0 : live / listed;
  }
}
