/**
 * The control plane of a management cluster brought to another release: its static pods are replaced one after another, kind by kind and
 * node by node. The next one goes only when the last has been ready for a while and those of all other nodes work (openshift/library-go
 * pkg/operator/staticpod/controller/installer; openshift/cluster-etcd-operator pkg/operator/ceohelpers/quorum_check.go).
 */
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, NodeId, ReleaseId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import {
  type ManagementControlPlanes,
  STATIC_PODS,
  type StaticPod,
} from '../../kubernetes/management-control-plane.ts';
import type { ParameterValues } from '../../parameters.ts';
import { Signal } from '../../signal.ts';
import type { ManagementReleases } from './releases.ts';

/** Nothing is being rolled out. */
const IDLE = -1;

export class StaticPodRollouts {
  /** Which of the static pods is next or under way, kind by kind and node by node. */
  readonly #at: I32Column<ClusterId>;
  readonly #target: I32Column<ClusterId, ReleaseId>;
  /** The one at hand has been told to stop, and is not ready for long enough yet. */
  readonly #under: U8Column<ClusterId>;
  /** Another release was wanted meanwhile: it begins with the first one again. */
  readonly #anew: U8Column<ClusterId>;
  readonly #ready: Timer<ClusterId>;

  /** The first static pod of a kind is next. */
  readonly begins = new Signal<[cluster: ClusterId, pod: StaticPod]>();
  /** The last one of a kind is done. */
  readonly ends = new Signal<[cluster: ClusterId, pod: StaticPod]>();
  /** All are of the new release. */
  readonly done = new Signal<[cluster: ClusterId]>();
  /** The next one must wait, for a reason in words. */
  readonly waits = new Signal<[cluster: ClusterId, pod: StaticPod, why: string]>();
  /** It need not wait any more. */
  readonly goesOn = new Signal<[cluster: ClusterId, pod: StaticPod]>();

  /** Whether what first runs the release never becomes Ready. Given by who knows the upgrades that go on. */
  fails: (cluster: ClusterId) => boolean = () => false;

  constructor(
    sim: Simulation,
    readonly clusters: Clusters,
    readonly management: ManagementControlPlanes,
    readonly releases: ManagementReleases,
    readonly parameters: ParameterValues,
  ) {
    this.#at = clusters.table.i32('staticPodAt', IDLE);
    this.#target = clusters.table.i32('staticPodTarget', NONE);
    this.#under = clusters.table.u8('staticPodUnder');
    this.#anew = clusters.table.u8('staticPodsAnew');
    this.#ready = new Timer(sim, clusters.table, 'static-pod-ready', 'control', (cluster) =>
      this.#settled(cluster),
    );
    management.progressed.subscribe((node) => this.#follow(management.machines.cluster.at(node)));
    management.ensembles.changed.subscribe((ensemble) =>
      this.#follow(management.ensembles.cluster.at(ensemble)),
    );
    management.reconnected.subscribe((cluster) => this.#follow(cluster));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#follow(cluster));
  }

  /** Static pods are being replaced. */
  active(cluster: ClusterId): boolean {
    return this.#at.at(cluster) !== IDLE;
  }

  /** Brings the static pods of a cluster to a release; those that have it are left alone. */
  begin(cluster: ClusterId, release: ReleaseId): void {
    this.#target.set(cluster, release);
    // One that was told to stop comes up with the release wanted last.
    if (this.#under.at(cluster) === 0) this.#first(cluster);
    else {
      this.#anew.set(cluster, 1);
      const [node, pod] = [this.#nodeAt(cluster), this.#podAt(cluster)];
      if (this.management.broken(node, pod) && !this.fails(cluster)) this.management.mends(node, pod);
    }
  }
  #first(cluster: ClusterId): void {
    this.#anew.set(cluster, 0);
    this.#at.set(cluster, 0);
    this.begins.emit(cluster, STATIC_PODS[0]);
    this.#next(cluster);
  }

  #nodeAt(cluster: ClusterId): NodeId {
    const nodes = this.management.controlPlaneNodes(cluster);
    return nodes[this.#at.at(cluster) % nodes.length]!;
  }
  #name(node: NodeId): string {
    return this.management.machines.names[node]!;
  }
  #podAt(cluster: ClusterId): StaticPod {
    const nodes = this.management.controlPlaneNodes(cluster).length;
    return STATIC_PODS[Math.floor(this.#at.at(cluster) / nodes)]!;
  }

  #follow(cluster: ClusterId): void {
    if (!this.active(cluster)) return;
    if (this.#under.at(cluster) === 0) this.#next(cluster);
    else if (!this.#ready.armed(cluster)) this.#await(cluster);
  }

  /** The one that was replaced works: it must go on doing so for a while. */
  #await(cluster: ClusterId): void {
    const pod = this.#podAt(cluster);
    const node = this.#nodeAt(cluster);
    if (!this.management.works(node, pod)) return;
    this.releases.setStaticPod(node, pod, this.#target.at(cluster));
    // Only the operator of kube-apiserver asks for it to stay ready.
    const { staticPodReady } = this.parameters.managementUpdate;
    this.#ready.after(cluster, pod === 'kube-apiserver' ? staticPodReady : 0);
  }
  #settled(cluster: ClusterId): void {
    if (!this.management.works(this.#nodeAt(cluster), this.#podAt(cluster))) return;
    this.#under.set(cluster, 0);
    if (this.#anew.at(cluster) === 1) this.#first(cluster);
    else this.#next(cluster);
  }

  /** Goes past those of the new release to the next one that can go, or finds out why it cannot. */
  #next(cluster: ClusterId): void {
    while (this.active(cluster)) {
      const pod = this.#podAt(cluster);
      const node = this.#nodeAt(cluster);
      if (this.releases.staticPod(node, pod) === this.#target.at(cluster)) {
        this.#pass(cluster, pod);
        continue;
      }
      const why = this.#hindrance(cluster, node, pod);
      if (why !== undefined) {
        this.waits.emit(cluster, pod, why);
        return;
      }
      this.goesOn.emit(cluster, pod);
      this.#under.set(cluster, 1);
      if (this.fails(cluster)) {
        this.management.breaks(node, pod);
        this.waits.emit(cluster, pod, `the new ${pod} on ${this.#name(node)} does not become Ready`);
      }
      this.management.restart(node, pod);
      return;
    }
  }

  #hindrance(cluster: ClusterId, node: NodeId, pod: StaticPod): string | undefined {
    if (!this.clusters.apiUp(cluster)) return `the API of ${this.clusters.names[cluster]} does not answer`;
    if (!this.management.works(node, pod)) return `${pod} on ${this.#name(node)} does not work`;
    return this.management.guarded(node);
  }

  #pass(cluster: ClusterId, pod: StaticPod): void {
    const nodes = this.management.controlPlaneNodes(cluster).length;
    const at = this.#at.add(cluster, 1);
    if (at % nodes !== 0) return;
    this.ends.emit(cluster, pod);
    if (at < nodes * STATIC_PODS.length) {
      this.begins.emit(cluster, this.#podAt(cluster));
      return;
    }
    this.#at.set(cluster, IDLE);
    this.done.emit(cluster);
  }
}
