/** Which releases run where, as the mechanisms of upgrades tell it: for whoever follows how far versions are apart. */
import type { ClusterId, PoolId, ReleaseId } from '../ids.ts';
import { Signal } from '../signal.ts';

/**
 * Parts of a cluster whose versions may differ while it is upgraded. Of a hosted cluster: its control plane, and what runs on its workers. Of a
 * management cluster: its control plane, its nodes and the HyperShift operator.
 */
const VERSIONED_PARTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'ovnkube-control-plane',
  'kubelet',
  'ovnkube-node',
  'operator',
] as const;
export type VersionedPart = (typeof VERSIONED_PARTS)[number];

/** The releases of one part of a cluster. */
export interface RunningVersions {
  readonly part: VersionedPart;
  /** The node pool of kubelets and what runs beside them; undefined for what belongs to no pool. */
  readonly pool?: PoolId;
  /** Of the instances that run; equal to `newest` outside of rollouts. */
  readonly oldest: ReleaseId;
  readonly newest: ReleaseId;
}

/** A mechanism that knows releases of parts of clusters. */
export interface VersionSource {
  /** Releases of a cluster may have changed. */
  readonly changed: Signal<[cluster: ClusterId]>;
  /** What runs of a cluster now. A part of which no instance runs is left out. */
  running(cluster: ClusterId): readonly RunningVersions[];
}

/** All sources of a run, in the order in which they were registered. */
export class VersionSources {
  readonly #sources: VersionSource[] = [];
  readonly changed = new Signal<[cluster: ClusterId]>();

  register(source: VersionSource): void {
    this.#sources.push(source);
    source.changed.subscribe((cluster) => this.changed.emit(cluster));
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    return this.#sources.flatMap((source) => source.running(cluster));
  }
}
