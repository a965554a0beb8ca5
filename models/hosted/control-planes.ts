/**
 * Hosted control planes: which pods make up which cluster's etcd, API servers, controllers and tunnels, and what it means for them
 * that such a pod starts or stops. The one place where a pod's role becomes an effect.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { AgentId, ClusterId, EnsembleId, MemberId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Endpoints } from '../kubernetes/endpoints.ts';
import { isLeader, type Leader, type Leadership } from '../kubernetes/leadership.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ProbeSpec, Probes } from '../kubernetes/probes.ts';
import { WAITS_FOR } from '../kubernetes/sets.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Konnectivity } from './konnectivity.ts';
import type { MachineHealthChecks } from './machine-health-check.ts';
import { ROLE, ROLES, type Role } from './roles.ts';

/** APIs of the control plane that kube-apiserver hands requests on to. */
export const AGGREGATED_APIS: readonly Role[] = [
  'openshift-apiserver',
  'openshift-oauth-apiserver',
  'packageserver',
];
/** Pods that only answer while kube-apiserver does: their kas-readiness-check asks for it. */
const FOLLOW_API = AGGREGATED_APIS;
/** API servers with an etcd to read and write: kube-apiserver's, which the other two share. */
const NEED_ETCD = byRole(['kube-apiserver', 'openshift-apiserver', 'openshift-oauth-apiserver']);
/** Servers that ask kube-apiserver for what they answer. */
const NEED_API = byRole(['oauth-openshift', 'packageserver']);
/** Who acts on machines, together. */
const MACHINE_LEADERS: readonly Leader[] = ['cluster-api', 'capi-provider'];
/** Roles that no service hangs on. */
const NO_SERVICE: ReadonlySet<Role> = new Set<Role>([
  'other',
  ...MACHINE_LEADERS,
  'openshift-controller-manager',
  'openshift-route-controller-manager',
  'cluster-policy-controller',
  'control-plane-operator',
  'hosted-cluster-config-operator',
  'cluster-network-operator',
  'cluster-autoscaler',
]);
/** 1 for some roles, by role number. */
function byRole(some: readonly Role[]): Uint8Array {
  return Uint8Array.from(ROLES, (role) => (some.includes(role) ? 1 : 0));
}
const serves = (role: Role): boolean => !NO_SERVICE.has(role);
/** Pods at which links of Konnectivity end. */
type Linked = 'kube-apiserver' | 'konnectivity-agent';
const hasLinks = (role: Role): role is Linked => role === 'kube-apiserver' || role === 'konnectivity-agent';
/** Pods whose endpoints somebody uses. */
const SERVED: readonly Role[] = [
  'kube-apiserver',
  'router',
  'openshift-apiserver',
  'openshift-oauth-apiserver',
  'oauth-openshift',
  'packageserver',
  'ignition-server',
  'ignition-server-proxy',
];

export class HostedControlPlanes {
  readonly #setOf: readonly I32Column<ClusterId, SetId>[];
  readonly ensemble: I32Column<ClusterId, EnsembleId>;
  /** Failed probes until a kube-apiserver without etcd is not Ready. */
  readonly readinessFailures: I32Column<ClusterId>;
  /** The etcd of the cluster answered when last looked at. */
  readonly #etcdServed: I32Column<ClusterId>;

  /** Whether the API of a cluster answers reads, which is all that probes and init containers ask of it. Given by the path to it. */
  readable: (cluster: ClusterId) => boolean = (cluster) => this.clusters.apiUp(cluster);
  /** Whether the network lets a pod through to the etcd of its cluster. Given by the paths through the network. */
  reachesEtcd: (pod: PodId) => boolean = () => true;
  /** The same for the API of its cluster, while there is one. */
  reachesApi: (pod: PodId) => boolean = () => true;

  /** Something that a service of the cluster hangs on has changed. */
  readonly touched = new Signal<[cluster: ClusterId]>();
  /** The machine of a pod stopped, so whoever was connected to the pod is not told. */
  readonly silent = new Signal<[cluster: ClusterId, role: Role, pod: PodId]>();
  /** An etcd member began to run. */
  readonly back = new Signal<[cluster: ClusterId, member: PodId]>();

  constructor(
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly endpoints: Endpoints,
    readonly probes: Probes,
    readonly ensembles: Ensembles,
    readonly leadership: Leadership,
    readonly konnectivity: Konnectivity,
    readonly machineHealthChecks: MachineHealthChecks,
    readonly parameters: ParameterValues,
  ) {
    this.#setOf = ROLES.map((role) => clusters.table.i32(`set:${role}`, NONE));
    this.ensemble = clusters.table.i32('ensemble', NONE);
    this.readinessFailures = clusters.table.i32(
      'readinessFailures',
      parameters.kubeApiserver.readinessFailures,
    );
    this.#etcdServed = clusters.table.i32('etcdServed', 1);
    const served = new Set(SERVED.map((role) => ROLE[role]));
    endpoints.served = (pod) => served.has(this.role(pod));
    pods.containers.dependencyMet = (pod) => this.#dependencyMet(pod);
    pods.containers.catchUp = (pod) =>
      this.role(pod) === ROLE.etcd ? ensembles.catchUp(this.memberOf(pod)) : 0;
    machineHealthChecks.canAct = (cluster) => this.managesMachines(cluster);
    konnectivity.tunnels.listed = (cluster) => this.#listedServers(cluster);
    pods.created.subscribe((pod) => this.#created(pod));
    pods.containers.running.subscribe((pod) => this.#started(pod));
    pods.containers.stopped.subscribe((pod) => this.#stopped(pod));
    pods.containers.progressed.subscribe((pod) => this.#progressed(pod));
    pods.terminated.subscribe((pod) => this.#progressed(pod));
    pods.removing.subscribe((pod) => this.#progressed(pod));
    endpoints.changed.subscribe((pod) => this.#endpointChanged(pod));
    ensembles.changed.subscribe((ensemble) => this.#etcdChanged(ensembles.cluster.at(ensemble)));
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
    leadership.changed.subscribe((cluster, leader, held) => this.#leaderChanged(cluster, leader, held));
    konnectivity.changed.subscribe((cluster) => this.touched.emit(cluster));
  }

  /** The set of a role that serves a cluster, or NONE. */
  set(cluster: ClusterId, role: Role): SetId | typeof NONE {
    return this.#setOf[ROLE[role]]!.at(cluster);
  }
  enter(cluster: ClusterId, role: Role, set: SetId): void {
    this.#setOf[ROLE[role]]!.set(cluster, set);
  }
  /** At the beginning of a run: remembers whether etcd answers. */
  settle(cluster: ClusterId): void {
    const ensemble = this.ensemble.at(cluster);
    if (ensemble !== NONE) this.#etcdServed.set(cluster, this.ensembles.serving(ensemble) ? 1 : 0);
  }
  role(pod: PodId): number {
    return this.pods.sets.role.at(this.pods.set.at(pod));
  }

  /** Pods of a role that proxies send requests to, and how many of those answer. */
  share(cluster: ClusterId, role: Role): { listed: number; live: number } {
    const set = this.set(cluster, role);
    let listed = 0;
    let live = 0;
    if (set === NONE) return { listed, live };
    for (let pod = this.pods.ofSet.first(set as SetId); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (!this.endpoints.listed(pod)) continue;
      listed++;
      if (this.answers(pod)) live++;
    }
    return { listed, live };
  }

  /** The pod runs, and the network lets it through to what it needs. */
  answers(pod: PodId): boolean {
    if (!this.pods.isRunning(pod)) return false;
    if (this.needsEtcd(pod)) return this.reachesEtcd(pod);
    return NEED_API[this.role(pod)] === 0 || this.reachesApi(pod);
  }
  needsEtcd(pod: PodId): boolean {
    return NEED_ETCD[this.role(pod)] === 1;
  }

  /** A pod of the role runs, and the network lets it through to the API of the cluster. */
  actsOnApi(cluster: ClusterId, role: Role): boolean {
    const set = this.set(cluster, role);
    if (set === NONE) return true;
    const { ofSet } = this.pods;
    for (let pod = ofSet.first(set as SetId); pod !== NONE; pod = ofSet.next(pod))
      if (this.pods.isRunning(pod) && this.reachesApi(pod)) return true;
    return false;
  }

  /** The pods of a set elect a leader and have none. */
  leaderless(set: SetId): boolean {
    const role = ROLES[this.pods.sets.role.at(set)]!;
    return isLeader(role) && !this.leadership.heldIfAny(this.pods.sets.serves.at(set), role);
  }

  /** Cluster API and its provider have leaders, with a lease of the management cluster and access to the hosted API. */
  managesMachines(cluster: ClusterId): boolean {
    return MACHINE_LEADERS.every(
      (leader) => this.leadership.heldIfAny(cluster, leader) && this.actsOnApi(cluster, leader),
    );
  }

  #dependencyMet(pod: PodId): boolean {
    const set = this.pods.set.at(pod);
    const cluster = this.pods.sets.serves.at(set);
    if (this.pods.sets.waitsFor.at(set) === WAITS_FOR.etcd)
      return this.ensembles.serving(this.ensemble.at(cluster));
    return this.readable(cluster);
  }

  #listedServers(cluster: ClusterId): number {
    const set = this.set(cluster, 'kube-apiserver') as SetId;
    let mask = 0;
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (this.endpoints.listed(pod)) mask |= 1 << this.pods.ordinal.at(pod);
    }
    return mask;
  }

  // --- a pod's process ----------------------------------------------------------------------------------------------

  /** A member keeps its faults when it gets a new pod. */
  #created(pod: PodId): void {
    if (this.role(pod) !== ROLE.etcd) return;
    const holds = this.ensembles.holds(this.memberOf(pod));
    for (let i = 0; i < holds; i++) this.pods.kubelets.hold(pod);
  }

  /** The etcd member that a pod of etcd is. */
  memberOf(pod: PodId): MemberId {
    const ensemble = this.ensemble.at(this.pods.sets.serves.at(this.pods.set.at(pod)));
    return this.ensembles.member(ensemble, this.pods.ordinal.at(pod));
  }

  /** The Konnectivity agent that is a pod of the control plane. */
  #agentOf(pod: PodId): AgentId {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    return this.konnectivity.tunnels.agent(cluster, this.pods.ordinal.at(pod), 'controlPlane');
  }
  /** At the beginning of a run: such an agent has no node. */
  agentMissing(pod: PodId): void {
    this.konnectivity.agentDown(this.#agentOf(pod), true);
  }

  #started(pod: PodId): void {
    const role = ROLES[this.role(pod)]!;
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    const ordinal = this.pods.ordinal.at(pod);
    if (role === 'etcd') {
      this.ensembles.memberRecovered(this.memberOf(pod));
      this.back.emit(cluster, pod);
    } else if (role === 'kube-apiserver') {
      if (!this.#hasEtcd(cluster, pod)) this.endpoints.setProbeFails(pod, true);
      this.#takeLinks(pod, role);
      if (!this.endpoints.lacksSidecar(pod)) this.konnectivity.serverUp(cluster, ordinal);
    } else if (FOLLOW_API.includes(role)) {
      if (!this.readable(cluster)) this.endpoints.setProbeFails(pod, true);
    } else if (role === 'konnectivity-agent') {
      this.#takeLinks(pod, role);
      this.konnectivity.agentUp(this.#agentOf(pod));
    } else if (isLeader(role)) this.leadership.candidateUp(cluster, role, ordinal);
    if (serves(role)) this.touched.emit(cluster);
  }

  /** What a pod is to others it is until its process ends, whatever the API says of it: one that was cut off when it was deleted leads on. */
  #stopped(pod: PodId): void {
    const role = ROLES[this.role(pod)]!;
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (role === 'etcd') this.#memberStopped(pod);
    else if (isLeader(role)) this.#yield(pod, role);
    else if (hasLinks(role) && this.#another(pod) === NONE) this.#endLinks(pod, role);
    if (role === 'router')
      this.konnectivity.routerGone(
        cluster,
        this.pods.ordinal.at(pod),
        this.pods.machines.closesConnections(this.pods.node.at(pod)),
      );
    if (!this.pods.machines.closesConnections(this.pods.node.at(pod))) this.silent.emit(cluster, role, pod);
    if (serves(role)) this.touched.emit(cluster);
  }

  /** A kubelet that deletes a pod tells its process to end, and so does a machine that is shut down; every other stop comes without a word. */
  #memberStopped(pod: PodId): void {
    const { machines } = this.pods;
    const node = this.pods.node.at(pod);
    const told = machines.running(node) ? this.pods.terminating(pod) : machines.closesConnections(node);
    if (told) this.ensembles.memberStops(this.memberOf(pod));
    else this.ensembles.memberDown(this.memberOf(pod));
  }

  /** Another pod of the name that runs: the next one while this one is being deleted, or the one before that still is. */
  #another(pod: PodId): PodId | typeof NONE {
    const { ofSet, ordinal } = this.pods;
    for (let other = ofSet.first(this.pods.set.at(pod)); other !== NONE; other = ofSet.next(other))
      if (other !== pod && ordinal.at(other) === ordinal.at(pod) && this.pods.isRunning(other)) return other;
    return NONE;
  }

  /** What it led is led by others. A successor by name, which may run since long, looks at the lease anew. */
  #yield(pod: PodId, leader: Leader): void {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    const ordinal = this.pods.ordinal.at(pod);
    const ordered = this.pods.terminating(pod) && this.pods.contact.present(this.pods.node.at(pod));
    this.leadership.candidateDown(cluster, leader, ordinal, ordered);
    if (this.#another(pod) !== NONE) this.leadership.candidateUp(cluster, leader, ordinal);
  }

  /**
   * Tunnels to a server or agent end with its process; a server that is told to stop keeps them until it has ceased to answer
   * (openshift/hypershift v2/assets/kube-apiserver/deployment.yaml, preStop of konnectivity-server).
   */
  #endLinks(pod: PodId, role: Linked): void {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    const loud = this.pods.machines.closesConnections(this.pods.node.at(pod));
    if (role === 'kube-apiserver') this.konnectivity.serverDown(cluster, this.pods.ordinal.at(pod), loud);
    else this.konnectivity.agentDown(this.#agentOf(pod), loud);
  }
  /** Links are counted by name, so they are the next pod's as soon as that one runs. */
  #takeLinks(pod: PodId, role: Linked): void {
    const predecessor = this.#another(pod);
    if (predecessor !== NONE) this.#endLinks(predecessor, role);
  }

  /** A service that is low is explained by what its pods are doing, so their progress is looked at. */
  #progressed(pod: PodId): void {
    if (this.pods.kubelets.stopping(pod) && this.role(pod) === ROLE['kube-apiserver']) this.#refuse(pod);
    if (serves(ROLES[this.role(pod)]!)) this.touched.emit(this.pods.sets.serves.at(this.pods.set.at(pod)));
  }

  #leaderChanged(cluster: ClusterId, leader: Leader, held: boolean): void {
    const machines = held && MACHINE_LEADERS.includes(leader);
    if (machines) this.machineHealthChecks.review(cluster);
    if (machines || serves(leader)) this.touched.emit(cluster);
  }

  #endpointChanged(pod: PodId): void {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (ROLES[this.role(pod)] === 'kube-apiserver') this.konnectivity.listedChanged(cluster);
    this.touched.emit(cluster);
  }

  // --- what the pods hang on ----------------------------------------------------------------------------------------

  #etcdChanged(cluster: ClusterId): void {
    this.touched.emit(cluster);
    const ensemble = this.ensemble.at(cluster);
    if (ensemble === NONE) return;
    const served = this.ensembles.serving(ensemble) ? 1 : 0;
    if (this.#etcdServed.at(cluster) === served) return;
    this.#etcdServed.set(cluster, served);
    this.reviewEtcdAccess(cluster);
  }

  #hasEtcd(cluster: ClusterId, pod: PodId): boolean {
    return this.ensembles.serving(this.ensemble.at(cluster)) && this.reachesEtcd(pod);
  }

  /** Which kube-apiservers have an etcd to write to may have changed. */
  reviewEtcdAccess(cluster: ClusterId): void {
    const probe = this.#readiness(cluster);
    for (const pod of this.pods.ofSet.list(this.set(cluster, 'kube-apiserver') as SetId))
      if (!this.pods.kubelets.stopping(pod)) this.#dependencyChanged(pod, this.#hasEtcd(cluster, pod), probe);
    this.machineHealthChecks.review(cluster);
    this.touched.emit(cluster);
  }

  #readiness(cluster: ClusterId): ProbeSpec {
    return {
      period: this.parameters.kubeApiserver.readinessPeriod,
      failures: this.readinessFailures.at(cluster),
    };
  }

  /**
   * A kube-apiserver that is told to stop fails its readiness probe from then on, which goes on being asked while the process lives
   * (kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/server/genericapiserver.go, addReadyzShutdownCheck;
   * pkg/kubelet/prober/worker.go). No event where it has exited before that makes it unready.
   */
  #refuse(pod: PodId): void {
    const set = this.pods.set.at(pod);
    const probe = this.#readiness(this.pods.sets.serves.at(set));
    if ((probe.failures - 1) * probe.period < this.pods.sets.shutdown.at(set))
      this.probes.dependencyChanged(pod, false, probe);
  }

  #apiChanged(cluster: ClusterId, up: boolean): void {
    this.touched.emit(cluster);
    if (!this.clusters.isHosted(cluster)) return;
    // Probes only read.
    if (!up && this.ensembles.refusesWrites(this.ensemble.at(cluster))) return;
    const { readinessPeriod: period, dependentReadinessFailures: failures } = this.parameters.kubeApiserver;
    for (const role of FOLLOW_API) {
      const set = this.set(cluster, role);
      if (set === NONE) continue;
      for (const pod of this.pods.ofSet.list(set as SetId))
        this.#dependencyChanged(pod, up, { period, failures });
    }
    if (up) this.#wakeWaiting(cluster);
  }

  #dependencyChanged(pod: PodId, met: boolean, probe: ProbeSpec): void {
    if (met) this.pods.containers.recheck(pod);
    this.probes.dependencyChanged(pod, met, probe);
  }

  #wakeWaiting(cluster: ClusterId): void {
    for (const set of this.pods.sets.ofServed.list(cluster)) {
      for (const pod of this.pods.ofSet.list(set)) this.pods.containers.recheck(pod);
    }
  }
}
