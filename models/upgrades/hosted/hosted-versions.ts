/** Which releases run in a hosted cluster's control plane and as network agents on its workers, at any moment of an upgrade. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId, PodId, ReleaseId, SetId } from '../../ids.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { Pods } from '../../kubernetes/pods.ts';
import type { Machines } from '../../places/machines.ts';
import { Signal } from '../../signal.ts';
import type { Releases } from '../releases.ts';
import type { RunningVersions, VersionSource } from '../version-source.ts';
import type { HostedReleases } from './hosted-releases.ts';

/** Control-plane parts whose versions the skew policies are about (kubernetes.io/releases/version-skew-policy; openshift-docs on OVN-Kubernetes). */
const PARTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'ovnkube-control-plane',
] as const;

export class HostedVersions implements VersionSource {
  readonly #parts: ((typeof PARTS)[number] | undefined)[] = [];

  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly pods: Pods,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly hostedReleases: HostedReleases,
    readonly releases: Releases,
  ) {
    pods.containers.running.subscribe((pod) => this.#follow(pod));
    pods.containers.stopped.subscribe((pod) => this.#follow(pod));
    pods.terminated.subscribe((pod) => this.#follow(pod));
    hostedReleases.completed.subscribe((cluster) => this.changed.emit(cluster));
    hostedReleases.guest.networkAgents.changed.subscribe((cluster) => this.changed.emit(cluster));
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    const parts = this.hostedReleases.order.of(cluster).flatMap(({ set }) => {
      const part = this.#partOf(set);
      return part === undefined ? [] : this.#span(part, this.#templates(set));
    });
    return [...parts, ...this.#span('ovnkube-node', this.#agents(cluster))];
  }

  /** Of pods that somebody may still be sent to. */
  #templates(set: SetId): ReleaseId[] {
    return this.pods.ofSet
      .list(set)
      .filter((pod) => this.pods.isRunning(pod) && !this.pods.terminating(pod))
      .map((pod) => this.pods.template.at(pod));
  }
  #agents(cluster: ClusterId): ReleaseId[] {
    return this.machines.ofCluster
      .list(cluster)
      .filter((node) => this.lifecycle.registered(node))
      .map((node) => this.hostedReleases.guest.networkAgents.release(node))
      .filter((release) => release !== NONE);
  }

  /** The oldest and the newest of some; nothing of none. */
  #span(part: RunningVersions['part'], running: readonly ReleaseId[]): RunningVersions[] {
    const [first] = running;
    if (first === undefined) return [];
    let [oldest, newest] = [first, first];
    for (const release of running) {
      if (this.releases.compare(release, oldest) < 0) oldest = release;
      if (this.releases.compare(release, newest) > 0) newest = release;
    }
    return [{ part, oldest, newest }];
  }

  /** Which part the pods of a set are; cloud controller managers bear the name of their platform before it. */
  #partOf(set: SetId): (typeof PARTS)[number] | undefined {
    if (!(set in this.#parts)) {
      const name = this.pods.sets.names[set]!;
      this.#parts[set] = PARTS.find((part) => name === part || name.endsWith(`-${part}`));
    }
    return this.#parts[set];
  }
  #follow(pod: PodId): void {
    const set = this.pods.set.at(pod);
    const cluster = this.pods.sets.serves.at(set);
    // Pods that come and go outside of upgrades are all of one release.
    if (cluster === NONE || !this.hostedReleases.updating(cluster)) return;
    if (this.#partOf(set) !== undefined) this.changed.emit(cluster);
  }
}
