/** Which releases run in a hosted cluster's control plane and as network agents on its workers, at any moment of an upgrade. */
import { NONE } from '../../../sim/entities.ts';
import type { HostedControlPlanes } from '../../hosted/control-planes.ts';
import { ROLE } from '../../hosted/roles.ts';
import type { ClusterId, PodId, ReleaseId, SetId } from '../../ids.ts';
import type { Pods } from '../../kubernetes/pods.ts';
import { Signal } from '../../signal.ts';
import type { Releases } from '../releases.ts';
import type { RunningVersions, VersionSource } from '../version-source.ts';

/** Control-plane parts whose versions the skew policy of Kubernetes is about (kubernetes.io/releases/version-skew-policy). */
const PARTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const ROLES_OF_PARTS: ReadonlySet<number> = new Set(PARTS.map((part) => ROLE[part]));

export class HostedVersions implements VersionSource {
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly pods: Pods,
    readonly hosted: HostedControlPlanes,
    readonly releases: Releases,
  ) {
    pods.running.subscribe((pod) => this.#follow(pod));
    pods.stopped.subscribe((pod) => this.#follow(pod));
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    return PARTS.flatMap((part) => {
      const set = this.hosted.set(cluster, part);
      return set === NONE ? [] : (this.#of(part, set as SetId) ?? []);
    });
  }

  #of(part: (typeof PARTS)[number], set: SetId): RunningVersions | undefined {
    let oldest: ReleaseId | typeof NONE = NONE;
    let newest: ReleaseId | typeof NONE = NONE;
    const { ofSet, template } = this.pods;
    for (let pod = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod)) {
      if (!this.pods.isRunning(pod)) continue;
      const release = template.at(pod);
      if (oldest === NONE || this.releases.compare(release, oldest as ReleaseId) < 0) oldest = release;
      if (newest === NONE || this.releases.compare(release, newest as ReleaseId) > 0) newest = release;
    }
    if (oldest === NONE) return undefined;
    return { part, oldest: oldest as ReleaseId, newest: newest as ReleaseId };
  }

  #follow(pod: PodId): void {
    if (!ROLES_OF_PARTS.has(this.hosted.role(pod))) return;
    this.changed.emit(this.pods.sets.serves.at(this.pods.set.at(pod)));
  }
}
