/**
 * Which release runs where in a management cluster: the kubelet of every node, every static pod of every control-plane node, and the
 * controllers, whose rules are those of their release.
 */
import { type I32Column, NONE } from '../../../sim/entities.ts';
import type { ClusterId, NodeId, ReleaseId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import { STATIC_PODS, type StaticPod } from '../../kubernetes/management-control-plane.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { ParameterValues } from '../../parameters.ts';
import type { Machines } from '../../places/machines.ts';
import { Signal } from '../../signal.ts';
import type { Releases } from '../releases.ts';

/** Kubernetes 1.32 has a grace period of 50 s; OpenShift 4.18 had it backported (openshift/kubernetes pull 2385). */
const LONG_GRACE_FROM_MINOR = 18;

export class ManagementReleases {
  readonly #kubelet: I32Column<NodeId, ReleaseId>;
  readonly #staticPod: Readonly<Record<StaticPod, I32Column<NodeId, ReleaseId>>>;
  readonly #controllers: I32Column<ClusterId, ReleaseId>;

  /** The kubelet or a static pod of a management node runs another release. */
  readonly changed = new Signal<[node: NodeId]>();

  constructor(
    clusters: Clusters,
    machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly releases: Releases,
    readonly parameters: ParameterValues,
  ) {
    this.#kubelet = machines.table.i32('managementKubeletRelease', NONE);
    const column = (pod: StaticPod) => [pod, machines.table.i32(`release:${pod}`, NONE)];
    this.#staticPod = Object.fromEntries(STATIC_PODS.map(column));
    this.#controllers = clusters.table.i32('controllersRelease', NONE);
  }

  /** At the beginning of a run: all of it has been running that release for long. */
  settle(
    cluster: ClusterId,
    release: ReleaseId,
    nodes: readonly NodeId[],
    controlPlane: readonly NodeId[],
  ): void {
    for (const node of nodes) this.#kubelet.set(node, release);
    for (const node of controlPlane) for (const pod of STATIC_PODS) this.#staticPod[pod].set(node, release);
    this.setControllers(cluster, release);
  }

  /** The release that the kubelet of a management node runs; NONE for workers of hosted clusters. */
  kubelet(node: NodeId): ReleaseId | typeof NONE {
    return this.#kubelet.at(node);
  }
  setKubelet(node: NodeId, release: ReleaseId): void {
    this.#kubelet.set(node, release);
    this.changed.emit(node);
  }
  /** The release of a static pod of a control-plane node; NONE on other nodes. */
  staticPod(node: NodeId, pod: StaticPod): ReleaseId | typeof NONE {
    return this.#staticPod[pod].at(node);
  }
  setStaticPod(node: NodeId, pod: StaticPod, release: ReleaseId): void {
    this.#staticPod[pod].set(node, release);
    this.changed.emit(node);
  }

  /** The release of kube-controller-manager, by whose rules nodes are judged and sets are rolled out. */
  controllers(cluster: ClusterId): ReleaseId {
    return this.#controllers.at(cluster);
  }
  /** Its minor on one scale: 20 for OpenShift 4.20, 0 where the release tells none, and for hosted clusters. */
  minor(cluster: ClusterId): number {
    const release = this.#controllers.at(cluster);
    return release === NONE ? 0 : this.releases.minor(release);
  }
  setControllers(cluster: ClusterId, release: ReleaseId): void {
    this.#controllers.set(cluster, release);
    const { gracePeriod, gracePeriodBefore132 } = this.parameters.node;
    const minor = this.minor(cluster);
    const early = minor > 0 && minor < LONG_GRACE_FROM_MINOR;
    this.lifecycle.setGrace(cluster, early ? gracePeriodBefore132 : gracePeriod);
  }
}
