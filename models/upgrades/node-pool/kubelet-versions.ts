/** Which releases the kubelets of a hosted cluster's node pools run, at any moment of an upgrade. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId, NodeId, PoolId } from '../../ids.ts';
import { Signal } from '../../signal.ts';
import type { World } from '../../world.ts';
import { ReleaseSpan } from '../release-span.ts';
import type { RunningVersions, VersionSource } from '../version-source.ts';

export class KubeletVersions implements VersionSource {
  readonly changed = new Signal<[cluster: ClusterId]>();
  readonly #span: ReleaseSpan;

  constructor(
    readonly world: Pick<World, 'contact' | 'lifecycle' | 'machines' | 'nodePools' | 'orphans' | 'upgrades'>,
  ) {
    this.#span = new ReleaseSpan(world.upgrades.releases);
    const { nodePools, machines, orphans, contact } = world;
    const follow = (node: NodeId): void => {
      if (nodePools.slots.parent(node) !== NONE) this.changed.emit(machines.cluster.at(node));
    };
    nodePools.life.versionChanged.subscribe(follow);
    orphans.deleted.subscribe(follow);
    contact.made.subscribe(follow);
  }

  running(cluster: ClusterId): readonly RunningVersions[] {
    const { ofCluster } = this.world.nodePools;
    const running: RunningVersions[] = [];
    for (let pool = ofCluster.first(cluster); pool !== NONE; pool = ofCluster.next(pool)) {
      const versions = this.#of(pool);
      if (versions !== undefined) running.push(versions);
    }
    return running;
  }

  /** Of nodes that are registered: also what does not run now comes back as it was. A new one runs nothing before its kubelet has started. */
  #of(pool: PoolId): RunningVersions | undefined {
    const { nodePools, lifecycle } = this.world;
    const { slots, life } = nodePools;
    for (let node = slots.first(pool); node !== NONE; node = slots.next(node))
      if (lifecycle.registered(node)) this.#span.add(life.releaseOf(node));
    return this.#span.take('kubelet', pool);
  }
}
