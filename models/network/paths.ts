/**
 * What control planes can do while parts of them cannot reach each other: etcd members among themselves, API servers and their etcd,
 * leaders and the API in which they hold their lease, kubelets and their API. Looked at again when the network changes and, while it is
 * cut, when one of these parts does; a network that is whole costs nothing.
 */
import { NONE } from '../../sim/entities.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { HostedControlPlanes } from '../hosted/control-planes.ts';
import type { Entry } from '../hosted/entry.ts';
import type { Konnectivity } from '../hosted/konnectivity.ts';
import { ROLES, type Role } from '../hosted/roles.ts';
import type { Workers } from '../hosted/workers.ts';
import type { AgentId, ClusterId, EnsembleId, MemberId, NodeId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Contact } from '../kubernetes/contact.ts';
import type { Endpoints } from '../kubernetes/endpoints.ts';
import type { KubeletConnections } from '../kubernetes/kubelet-connections.ts';
import { isLeader, LEADERS, type Leader, type Leadership } from '../kubernetes/leadership.ts';
import type { ManagementControlPlanes } from '../kubernetes/management-control-plane.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import { elsewhere, type Location, type Network } from './network.ts';

/** Nowhere in the fleet: no side of any cut holds it. */
const NOWHERE = NONE as Location;

/** Leaders of management control planes, which run as static pods. */
const STATIC_LEADERS: readonly Leader[] = ['kube-controller-manager', 'kube-scheduler'];

export interface Parts {
  readonly clusters: Clusters;
  readonly pods: Pods;
  readonly ensembles: Ensembles;
  readonly hosted: HostedControlPlanes;
  readonly management: ManagementControlPlanes;
  readonly contact: Contact;
  readonly kubelets: KubeletConnections;
  readonly endpoints: Endpoints;
  readonly leadership: Leadership;
  readonly konnectivity: Konnectivity;
  readonly entry: Entry;
  readonly workers: Workers;
}

export class Paths {
  readonly #of: Parts;

  constructor(
    readonly network: Network,
    parts: Parts,
    readonly parameters: ParameterValues,
  ) {
    this.#of = parts;
    const { ensembles, hosted, management, contact, pods, konnectivity, endpoints } = parts;
    const { members } = ensembles;
    members.connected = (a, b) =>
      !network.isImpaired || this.#trip(a, b) <= ensembles.ticks(members.of.parent(a)).electionTimeout;
    ensembles.voteRoundTrip = (ensemble) => this.#voteRoundTrip(ensemble);
    hosted.reachesEtcd = (pod) => this.#podReachesEtcd(pod);
    hosted.reachesApi = (pod) => contact.reaches(pods.node.at(pod), pods.sets.serves.at(pods.set.at(pod)));
    management.reachesEtcd = (cluster) => this.apiServers(cluster).length > 0;
    contact.servers = (cluster) => this.apiServers(cluster);
    parts.kubelets.servers = (cluster) => this.#servers(cluster);
    endpoints.proxiesHear = (cluster) => this.#someNodeHears(cluster);
    konnectivity.tunnels.linkCut = (agent, server) =>
      this.#isMisled(agent) ||
      (network.isCut && !network.reaches(this.#agentAt(agent), this.#serverAt(agent, server)));
    network.changed.subscribe(() => this.#reviewAll());
    ensembles.changed.subscribe((ensemble) => this.#partChanged(ensembles.cluster.at(ensemble)));
    pods.containers.running.subscribe((pod) => {
      this.#connectLeader(pod);
      this.#podChanged(pod);
    });
    pods.containers.stopped.subscribe((pod) => this.#podChanged(pod));
  }

  /** Where a member runs. */
  memberAt(member: MemberId): Location {
    const { ensembles, clusters, management } = this.#of;
    const ensemble = ensembles.members.of.parent(member);
    const cluster = ensembles.cluster.at(ensemble);
    const ordinal = member - ensembles.member(ensemble, 0);
    if (!clusters.isHosted(cluster)) return management.node(cluster, ordinal) as Location;
    return this.#podAt(cluster, 'etcd', ordinal);
  }

  /** Where the pod of a role runs: of two by that name the one that works, of two that work the one that stays. */
  #podAt(cluster: ClusterId, role: Role, ordinal: number): Location {
    const { hosted, pods } = this.#of;
    const set = hosted.set(cluster, role) as SetId;
    const named = pods.ofSet.list(set).filter((pod) => pods.ordinal.at(pod) === ordinal);
    const working = named.filter((pod) => pods.isRunning(pod));
    const of = working.length > 0 ? working : named;
    const pod = of.find((one) => !pods.terminating(one)) ?? of[0];
    return pod === undefined ? NOWHERE : pods.node.at(pod);
  }

  #agentAt(agent: AgentId): Location {
    const { tunnels } = this.#of.konnectivity;
    if (tunnels.side(agent) === 'dataPlane') return this.#of.workers.workerOf(agent) as NodeId;
    const cluster = tunnels.cluster(agent);
    return this.#podAt(cluster, 'konnectivity-agent', tunnels.of.controlPlane.list(cluster).indexOf(agent));
  }
  /** Agents of workers know the servers by a name, those of the control plane by their Service. */
  #isMisled(agent: AgentId): boolean {
    const { tunnels } = this.#of.konnectivity;
    return tunnels.side(agent) === 'dataPlane' && this.#of.entry.misled(tunnels.cluster(agent));
  }
  #serverAt(agent: AgentId, server: number): Location {
    return this.#podAt(this.#of.konnectivity.tunnels.cluster(agent), 'kube-apiserver', server);
  }

  /** Where servers of a cluster's API run that get through to an etcd which serves. */
  apiServers(cluster: ClusterId): Location[] {
    const { clusters, management, hosted } = this.#of;
    const ensemble = clusters.isHosted(cluster) ? hosted.ensemble.at(cluster) : management.ensemble(cluster);
    return this.#servers(cluster).filter((server) => this.#reachesEtcd(server, ensemble));
  }

  /** Where they run, with an etcd or without. */
  #servers(cluster: ClusterId): Location[] {
    const { clusters, management, hosted, pods } = this.#of;
    if (!clusters.isHosted(cluster))
      return management.isElsewhere(cluster) ? [elsewhere(cluster)] : management.apiservers(cluster);
    const servers = pods.ofSet.list(hosted.set(cluster, 'kube-apiserver') as SetId);
    return servers.filter((pod) => pods.isRunning(pod)).map((pod) => pods.node.at(pod));
  }

  #podReachesEtcd(pod: PodId): boolean {
    const { pods, hosted } = this.#of;
    return this.#reachesEtcd(pods.node.at(pod), hosted.ensemble.at(pods.sets.serves.at(pods.set.at(pod))));
  }

  /** Some node that carries traffic hears of changes: proxies on nodes that do not keep what they have. */
  #someNodeHears(cluster: ClusterId): boolean {
    if (!this.network.isCut) return true;
    const { management, contact, clusters } = this.#of;
    const nodes = contact.machines.ofCluster.list(cluster);
    const own = clusters.isHosted(cluster) ? [] : management.controlPlaneNodes(cluster);
    const carrying = nodes.filter((node) => !own.includes(node));
    return (carrying.length === 0 ? nodes : carrying).some((node) => contact.present(node));
  }

  /** A member that hears a majority, and so the leader, can be reached from there. Without any there is no etcd for anybody. */
  #reachesEtcd(from: Location, ensemble: EnsembleId): boolean {
    const { ensembles } = this.#of;
    if (!this.network.isCut || !ensembles.managed(ensemble)) return true;
    const serving = ensembles.members.electable(ensemble);
    return (
      serving.length === 0 || serving.some((member) => this.network.reaches(from, this.memberAt(member)))
    );
  }

  /** The slowest candidate's way to the last member that it needs, beyond what is usual. */
  #voteRoundTrip(ensemble: EnsembleId): number {
    const usual = this.parameters.etcd.roundTrip;
    if (!this.network.isImpaired) return usual;
    const needed = this.#of.ensembles.quorum(ensemble) - 1;
    const excess = this.#of.ensembles.members.electable(ensemble).map((member, _, electable) => {
      const trips = electable.filter((other) => other !== member).map((other) => this.#trip(member, other));
      return trips.sort((a, b) => a - b)[needed - 1] ?? 0;
    });
    return usual + Math.max(0, ...excess.map((trip) => trip - this.parameters.network.betweenZones));
  }

  #trip(a: MemberId, b: MemberId): number {
    return this.network.roundTrip(this.memberAt(a), this.memberAt(b));
  }

  // --- looking again ------------------------------------------------------------------------------------------------

  #reviewAll(): void {
    const { clusters, ensembles } = this.#of;
    ensembles.reviewAll();
    for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++) this.#review(cluster);
  }

  #partChanged(cluster: ClusterId): void {
    if (this.network.isCut) this.#review(cluster);
  }
  #podChanged(pod: PodId): void {
    const { pods } = this.#of;
    const set = pods.set.at(pod);
    const role = ROLES[pods.sets.role.at(set)]!;
    if (role === 'kube-apiserver' || isLeader(role)) this.#partChanged(pods.sets.serves.at(set));
  }

  /** A process that starts is not cut off because the one before it was, whose node nobody asked after when the network was mended. */
  #connectLeader(pod: PodId): void {
    const { pods } = this.#of;
    const set = pods.set.at(pod);
    const role = ROLES[pods.sets.role.at(set)]!;
    if (isLeader(role))
      this.#setConnected(pods.sets.serves.at(set), role, pods.ordinal.at(pod), pods.node.at(pod));
  }

  #review(cluster: ClusterId): void {
    const { clusters, hosted, management, contact, kubelets, konnectivity, endpoints } = this.#of;
    if (clusters.isHosted(cluster)) {
      hosted.reviewEtcdAccess(cluster);
      konnectivity.linksChanged(cluster);
    } else management.networkChanged(cluster);
    contact.reviewCluster(cluster);
    kubelets.reviewWaiting(cluster);
    endpoints.resync(cluster);
    this.#reviewLeaders(cluster);
  }

  #reviewLeaders(cluster: ClusterId): void {
    const { clusters, management, pods, hosted } = this.#of;
    for (const leader of LEADERS) {
      const set = hosted.set(cluster, leader);
      if (set === NONE) continue;
      for (const pod of pods.ofSet.list(set as SetId)) {
        const successor = pods.terminating(pod) && pods.find(set as SetId, pods.ordinal.at(pod)) !== NONE;
        if (pods.isRunning(pod) && !successor)
          this.#setConnected(cluster, leader, pods.ordinal.at(pod), pods.node.at(pod));
      }
    }
    if (clusters.isHosted(cluster) || management.isElsewhere(cluster)) return;
    for (let ordinal = 0; management.node(cluster, ordinal) !== NONE; ordinal++) {
      for (const leader of STATIC_LEADERS)
        this.#setConnected(cluster, leader, ordinal, management.node(cluster, ordinal) as NodeId);
    }
  }

  #setConnected(cluster: ClusterId, leader: Leader, ordinal: number, node: NodeId): void {
    const { leadership, contact } = this.#of;
    const reaches = contact.reaches(node, leadership.api(cluster, leader));
    leadership.setConnected(cluster, leader, ordinal, reaches);
  }
}
