/** Which releases run in a management cluster, for whoever follows how far versions are apart. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId, NodeId, ReleaseId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { ManagementControlPlanes } from '../../kubernetes/management-control-plane.ts';
import { Signal } from '../../signal.ts';
import type { RunningVersions, VersionedPart, VersionSource } from '../version-source.ts';
import type { ManagementReleases } from './releases.ts';

export class ManagementVersions implements VersionSource {
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly clusters: Clusters,
    readonly management: ManagementControlPlanes,
    readonly releases: ManagementReleases,
  ) {
    releases.changed.subscribe((node) => this.changed.emit(management.machines.cluster.at(node)));
  }

  /** Control planes that are run by somebody else are of the release of their controllers. */
  running(cluster: ClusterId): RunningVersions[] {
    if (this.clusters.isHosted(cluster)) return [];
    const { machines } = this.management;
    const controlPlane = this.management.controlPlaneNodes(cluster);
    const parts = (['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const).map((part) =>
      controlPlane.length === 0
        ? { part, oldest: this.releases.controllers(cluster), newest: this.releases.controllers(cluster) }
        : this.#range(part, controlPlane, (node) => this.releases.staticPod(node, part)),
    );
    const kubelet = this.#range('kubelet', machines.ofCluster.list(cluster), (node) =>
      this.releases.kubelet(node),
    );
    return [...parts, kubelet].filter((part) => part !== undefined);
  }

  #range(
    part: VersionedPart,
    nodes: readonly NodeId[],
    releaseOf: (node: NodeId) => ReleaseId | typeof NONE,
  ): RunningVersions | undefined {
    const releases = nodes.map(releaseOf).filter((release) => release !== NONE) as ReleaseId[];
    if (releases.length === 0) return undefined;
    const sorted = releases.toSorted((a, b) => this.releases.releases.compare(a, b));
    return { part, oldest: sorted[0]!, newest: sorted.at(-1)! };
  }
}
