/** Which releases run in a hosted cluster's control plane and as network agents on its workers, at any moment of an upgrade. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId, PodId, SetId } from '../../ids.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { Pods } from '../../kubernetes/pods.ts';
import type { Machines } from '../../places/machines.ts';
import { Signal } from '../../signal.ts';
import { ReleaseSpan } from '../release-span.ts';
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

interface VersionedSet {
  readonly set: SetId;
  readonly part: (typeof PARTS)[number];
}

export class HostedVersions implements VersionSource {
  readonly #parts: ((typeof PARTS)[number] | undefined)[] = [];
  readonly #sets: (readonly VersionedSet[])[] = [];
  readonly #span: ReleaseSpan;

  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly pods: Pods,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly hostedReleases: HostedReleases,
    releases: Releases,
  ) {
    this.#span = new ReleaseSpan(releases);
    pods.containers.running.subscribe((pod) => this.#follow(pod));
    pods.containers.stopped.subscribe((pod) => this.#follow(pod));
    pods.terminated.subscribe((pod) => this.#follow(pod));
    hostedReleases.completed.subscribe((cluster) => this.changed.emit(cluster));
    hostedReleases.guest.networkAgents.changed.subscribe((cluster) => this.changed.emit(cluster));
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    const running: RunningVersions[] = [];
    for (const { set, part } of this.#setsOf(cluster)) {
      const versions = this.#templates(set, part);
      if (versions !== undefined) running.push(versions);
    }
    const agents = this.#agents(cluster);
    if (agents !== undefined) running.push(agents);
    return running;
  }

  /** Of pods that somebody may still be sent to. */
  #templates(set: SetId, part: (typeof PARTS)[number]): RunningVersions | undefined {
    const { ofSet, template } = this.pods;
    for (let pod = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod))
      if (this.pods.isRunning(pod) && !this.pods.terminating(pod)) this.#span.add(template.at(pod));
    return this.#span.take(part);
  }
  #agents(cluster: ClusterId): RunningVersions | undefined {
    const { ofCluster } = this.machines;
    const { networkAgents } = this.hostedReleases.guest;
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node))
      if (this.lifecycle.registered(node)) this.#span.add(networkAgents.release(node));
    return this.#span.take('ovnkube-node');
  }

  /** The sets of a hosted cluster that are such parts, in the order of its components, which stays as it is. */
  #setsOf(cluster: ClusterId): readonly VersionedSet[] {
    this.#sets[cluster] ??= this.hostedReleases.order.of(cluster).flatMap(({ set }) => {
      const part = this.#partOf(set);
      return part === undefined ? [] : [{ set, part }];
    });
    return this.#sets[cluster];
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
