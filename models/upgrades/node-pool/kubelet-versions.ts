/** Which releases the kubelets of a hosted cluster's node pools run, at any moment of an upgrade. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId, NodeId, PoolId, ReleaseId } from '../../ids.ts';
import { Signal } from '../../signal.ts';
import type { World } from '../../world.ts';
import type { RunningVersions, VersionSource } from '../version-source.ts';

export class KubeletVersions implements VersionSource {
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly world: Pick<World, 'contact' | 'lifecycle' | 'machines' | 'nodePools' | 'orphans' | 'upgrades'>,
  ) {
    const { nodePools, machines, orphans, contact } = world;
    const follow = (node: NodeId): void => {
      if (nodePools.slots.parent(node) !== NONE) this.changed.emit(machines.cluster.at(node));
    };
    nodePools.life.versionChanged.subscribe(follow);
    orphans.deleted.subscribe(follow);
    contact.made.subscribe(follow);
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    return this.world.nodePools.ofCluster.list(cluster).flatMap((pool) => this.#of(pool) ?? []);
  }

  /** Of nodes that are registered: also what does not run now comes back as it was. A new one runs nothing before its kubelet has started. */
  #of(pool: PoolId): RunningVersions | undefined {
    const { nodePools, lifecycle, upgrades } = this.world;
    const { slots, life } = nodePools;
    let oldest: ReleaseId | typeof NONE = NONE;
    let newest: ReleaseId | typeof NONE = NONE;
    for (let node = slots.first(pool); node !== NONE; node = slots.next(node)) {
      if (!lifecycle.registered(node)) continue;
      const release: ReleaseId | typeof NONE = life.releaseOf(node);
      if (release === NONE) continue;
      if (oldest === NONE || upgrades.releases.compare(release, oldest as ReleaseId) < 0) oldest = release;
      if (newest === NONE || upgrades.releases.compare(release, newest as ReleaseId) > 0) newest = release;
    }
    if (oldest === NONE) return undefined;
    return { part: 'kubelet', pool, oldest: oldest as ReleaseId, newest: newest as ReleaseId };
  }
}
