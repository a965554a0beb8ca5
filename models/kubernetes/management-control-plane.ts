/**
 * Control planes of management clusters: static pods (etcd member, kube-apiserver, controller manager, scheduler) on their
 * control-plane nodes. A cluster whose listing shows no control-plane node has one that is run by somebody else and fails only
 * when a fault says so.
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { HardwareSpeed } from '../etcd/ticks.ts';
import type { ClusterId, EnsembleId, MemberId, NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Leadership } from './leadership.ts';

/** Static pods of a control-plane node, in the order in which an update replaces them. */
export const STATIC_PODS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
export type StaticPod = (typeof STATIC_PODS)[number];
const bitOf = (pod: StaticPod): number => 1 << STATIC_PODS.indexOf(pod);

export class ManagementControlPlanes {
  readonly #ensemble: I32Column<ClusterId, EnsembleId>;
  readonly #apiservers: I32Column<ClusterId>;
  /** Faults that keep the processes down, per cluster; they hold every node's. */
  readonly #holds: I32Column<ClusterId>;
  /** Position among the cluster's control-plane nodes, or NONE. */
  readonly #ordinal: I32Column<NodeId>;
  readonly #apiserverUp: U8Column<NodeId>;
  readonly #memberStart: Timer<NodeId>;
  readonly #apiserverStart: Timer<NodeId>;
  /** The kube-apiserver was told to stop and goes on answering for a while. */
  readonly #apiserverStop: Timer<NodeId>;
  readonly #controllerManagerStart: Timer<NodeId>;
  readonly #schedulerStart: Timer<NodeId>;
  /** Static pods that do not become Ready however often they are started, a bit for each. */
  readonly #broken: U8Column<NodeId>;

  /** A static pod of the node works again. */
  readonly progressed = new Signal<[node: NodeId]>();

  /** The network changed: static pods that did not work, since they could not reach each other, may do so now. */
  readonly reconnected = new Signal<[cluster: ClusterId]>();

  /** The machine under a kube-apiserver lost its power, so whoever was connected to it is not told. */
  readonly silent = new Signal<[cluster: ClusterId, node: NodeId]>();

  /** Whether the network lets some kube-apiserver through to the etcd. Given by the paths through the network. */
  reachesEtcd: (cluster: ClusterId) => boolean = () => true;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly ensembles: Ensembles,
    readonly leadership: Leadership,
    readonly parameters: ParameterValues,
  ) {
    this.#ensemble = clusters.table.i32('managementEnsemble', NONE);
    this.#apiservers = clusters.table.i32('apiservers');
    this.#holds = clusters.table.i32('controlPlaneHolds');
    this.#ordinal = machines.table.i32('controlPlaneOrdinal', NONE);
    this.#apiserverUp = machines.table.u8('apiserverUp');
    this.#broken = machines.table.u8('brokenStaticPods');
    this.#memberStart = new Timer(sim, machines.table, 'member-started', 'recover', (node) =>
      this.#memberStarted(node),
    );
    this.#apiserverStart = new Timer(sim, machines.table, 'apiserver-started', 'recover', (node) =>
      this.#apiserverStarted(node),
    );
    this.#apiserverStop = new Timer(sim, machines.table, 'apiserver-stops', 'control', (node) =>
      this.#apiserverStops(node),
    );
    const starts = (leader: 'kube-controller-manager' | 'kube-scheduler') =>
      new Timer(sim, machines.table, `${leader}-started`, 'recover', (node: NodeId) => {
        if (this.broken(node, leader)) return;
        this.leadership.candidateUp(machines.cluster.at(node), leader, this.#ordinal.at(node));
        this.progressed.emit(node);
      });
    this.#controllerManagerStart = starts('kube-controller-manager');
    this.#schedulerStart = starts('kube-scheduler');
    machines.lost.subscribe((node) => this.#stop(node));
    machines.started.subscribe((node) => this.#start(node));
    ensembles.changed.subscribe((ensemble) => this.review(ensembles.cluster.at(ensemble)));
  }

  /** Gives a management cluster its control plane on these nodes. */
  add(cluster: ClusterId, nodes: readonly NodeId[], speed: HardwareSpeed): void {
    this.#ensemble.set(cluster, this.ensembles.add(cluster, nodes.length, nodes.length > 0, speed));
    nodes.forEach((node, ordinal) => {
      this.#ordinal.set(node, ordinal);
      this.#apiserverUp.set(node, 1);
    });
    this.#apiservers.set(cluster, nodes.length);
    const candidates = Math.max(1, nodes.length);
    const own = { api: cluster, releases: false } as const;
    this.leadership.add(cluster, 'kube-controller-manager', candidates, {
      ...own,
      timing: 'controllerManager',
    });
    this.leadership.add(cluster, 'kube-scheduler', candidates, { ...own, timing: 'scheduler' });
  }

  /** The etcd member on a control-plane node, or NONE. */
  memberOn(node: NodeId): MemberId | typeof NONE {
    const ordinal = this.#ordinal.at(node);
    if (ordinal === NONE) return NONE;
    return this.ensembles.member(this.#ensemble.at(this.machines.cluster.at(node)), ordinal);
  }
  /** The control-plane node with that position, or NONE. */
  node(cluster: ClusterId, ordinal: number): NodeId | typeof NONE {
    return this.controlPlaneNodes(cluster).find((node) => this.#ordinal.at(node) === ordinal) ?? NONE;
  }
  /** Control-plane nodes whose kube-apiserver runs. */
  apiservers(cluster: ClusterId): NodeId[] {
    return this.controlPlaneNodes(cluster).filter((node) => this.#apiserverUp.at(node) === 1);
  }
  /** Run by somebody else, outside the fleet. */
  isElsewhere(cluster: ClusterId): boolean {
    return !this.ensembles.managed(this.#ensemble.at(cluster));
  }

  ensemble(cluster: ClusterId): EnsembleId {
    return this.#ensemble.at(cluster);
  }

  /** A fault stops the control plane's processes on every node. */
  hold(cluster: ClusterId): void {
    if (this.#holds.add(cluster, 1) > 1) return;
    for (const node of this.controlPlaneNodes(cluster)) this.#stop(node);
    if (this.isElsewhere(cluster)) this.#externalChanged(cluster, false);
  }
  release(cluster: ClusterId): void {
    if (this.#holds.add(cluster, -1) > 0) return;
    for (const node of this.controlPlaneNodes(cluster)) this.#start(node);
    if (this.isElsewhere(cluster)) this.#externalChanged(cluster, true);
  }

  // --- one after another --------------------------------------------------------------------------------------------

  /** The static pod of a control-plane node does its work. */
  works(node: NodeId, pod: StaticPod): boolean {
    if (pod === 'etcd') {
      const member = this.memberOn(node);
      return member !== NONE && this.ensembles.members.hasMajority(member);
    }
    if (this.#apiserverUp.at(node) === 0) return false;
    if (pod === 'kube-apiserver') return !this.#apiserverStop.armed(node);
    return !this.#startOf(pod).armed(node) && !this.broken(node, pod);
  }

  /**
   * Replaces a static pod of a control-plane node that works, as an installer pod does: a member of etcd hands its lead on and is started anew, a
   * kube-apiserver answers until nobody sends it anything any more (shutdown-delay-duration, as of hosted ones).
   */
  restart(node: NodeId, pod: StaticPod): void {
    const { exit, start } = this.parameters.pod;
    if (pod === 'etcd') {
      this.ensembles.memberStops(this.memberOn(node) as MemberId);
      this.#memberStart.after(node, exit + start + this.parameters.etcd.ready);
    } else if (pod === 'kube-apiserver') {
      this.#apiserverStop.after(node, this.parameters.kubeApiserver.shutdownDelay);
    } else {
      this.leadership.candidateDown(this.machines.cluster.at(node), pod, this.#ordinal.at(node), true);
      this.#startOf(pod).after(node, exit + start);
    }
  }
  /** The static pod of the node never becomes Ready again, once it is started anew. */
  breaks(node: NodeId, pod: StaticPod): void {
    this.#broken.set(node, this.#broken.at(node) | bitOf(pod));
  }
  broken(node: NodeId, pod: StaticPod): boolean {
    return (this.#broken.at(node) & bitOf(pod)) > 0;
  }
  /** It is replaced by one that does. */
  mends(node: NodeId, pod: StaticPod): void {
    this.#broken.set(node, this.#broken.at(node) & ~bitOf(pod));
    const { start } = this.parameters.pod;
    if (!this.machines.running(node)) return;
    if (pod === 'etcd') this.#memberStart.after(node, start + this.parameters.etcd.ready);
    else if (pod === 'kube-apiserver')
      this.#apiserverStart.after(node, start + this.parameters.kubeApiserver.ready);
    else this.#startOf(pod).after(node, start);
  }
  #startOf(pod: 'kube-controller-manager' | 'kube-scheduler'): Timer<NodeId> {
    return pod === 'kube-scheduler' ? this.#schedulerStart : this.#controllerManagerStart;
  }

  #apiserverStops(node: NodeId): void {
    const { watchTermination, ready } = this.parameters.kubeApiserver;
    this.#apiserverDown(node);
    this.#apiserverStart.after(node, watchTermination + this.parameters.pod.start + ready);
  }
  #apiserverDown(node: NodeId): void {
    if (this.#apiserverUp.at(node) === 0) return;
    const cluster = this.machines.cluster.at(node);
    this.#apiserverUp.set(node, 0);
    this.#apiservers.add(cluster, -1);
    this.review(cluster);
  }

  /** Before an orderly reboot of its node a member of etcd hands its lead on. */
  retire(node: NodeId): void {
    const member = this.memberOn(node);
    if (member !== NONE) this.ensembles.memberStops(member);
  }

  /**
   * Why no disruption budget lets a control-plane node go: a static pod on another one that does not work, in words; undefined when all do.
   * The guards of a control plane with more than one node allow one of each kind to be missing (openshift/library-go
   * pkg/operator/staticpod/controller/guard).
   */
  guarded(node: NodeId): string | undefined {
    for (const other of this.controlPlaneNodes(this.machines.cluster.at(node))) {
      if (other === node) continue;
      const missing = STATIC_PODS.find((pod) => !this.works(other, pod));
      if (missing !== undefined) return `${missing} on ${this.machines.names[other]} does not work`;
    }
    return undefined;
  }

  /** Nodes that run the control plane of a management cluster. */
  controlPlaneNodes(cluster: ClusterId): NodeId[] {
    return this.machines.ofCluster.list(cluster).filter((node) => this.#ordinal.at(node) !== NONE);
  }

  #stop(node: NodeId): void {
    const ordinal = this.#ordinal.at(node);
    if (ordinal === NONE) return;
    const cluster = this.machines.cluster.at(node);
    this.#memberStart.cancel(node);
    this.#apiserverStart.cancel(node);
    this.#apiserverStop.cancel(node);
    this.#controllerManagerStart.cancel(node);
    this.#schedulerStart.cancel(node);
    this.ensembles.memberDown(this.ensembles.member(this.#ensemble.at(cluster), ordinal));
    this.#apiserverDown(node);
    this.leadership.candidateDown(cluster, 'kube-controller-manager', ordinal);
    this.leadership.candidateDown(cluster, 'kube-scheduler', ordinal);
    if (!this.machines.closesConnections(node)) this.silent.emit(cluster, node);
  }

  #start(node: NodeId): void {
    if (this.#ordinal.at(node) === NONE || !this.machines.running(node)) return;
    if (this.#holds.at(this.machines.cluster.at(node)) > 0) return;
    this.#memberStart.after(node, this.parameters.pod.start + this.parameters.etcd.ready);
  }

  #memberStarted(node: NodeId): void {
    if (!this.broken(node, 'etcd')) this.ensembles.memberRecovered(this.memberOn(node) as MemberId);
    if (this.#apiserverUp.at(node) === 0 && !this.#apiserverStart.armed(node))
      this.#apiserverStart.after(node, this.parameters.kubeApiserver.ready);
    this.progressed.emit(node);
  }

  #apiserverStarted(node: NodeId): void {
    if (this.broken(node, 'kube-apiserver')) return;
    const cluster = this.machines.cluster.at(node);
    this.#apiserverUp.set(node, 1);
    this.#apiservers.add(cluster, 1);
    this.review(cluster);
    for (const leader of ['kube-controller-manager', 'kube-scheduler'] as const)
      if (!this.broken(node, leader)) this.leadership.candidateUp(cluster, leader, this.#ordinal.at(node));
    this.progressed.emit(node);
  }

  #externalChanged(cluster: ClusterId, up: boolean): void {
    if (up) this.clusters.setApi(cluster, true);
    for (const leader of ['kube-controller-manager', 'kube-scheduler'] as const) {
      if (up) this.leadership.candidateUp(cluster, leader, 0);
      else this.leadership.candidateDown(cluster, leader, 0);
    }
    if (!up) this.clusters.setApi(cluster, false);
  }

  /** The network changed, and etcd has been looked at. */
  networkChanged(cluster: ClusterId): void {
    this.review(cluster);
    this.reconnected.emit(cluster);
  }

  /** Whether some kube-apiserver of the cluster gets through to an etcd that serves. */
  review(cluster: ClusterId): void {
    const ensemble = this.#ensemble.at(cluster);
    if (ensemble === NONE || !this.ensembles.managed(ensemble)) return;
    const able = this.#apiservers.at(cluster) > 0 && this.reachesEtcd(cluster);
    this.clusters.setApi(cluster, this.ensembles.serving(ensemble) && able);
  }
}
