/**
 * Bad releases on nodes: the kubelet of a machine that is made from one, or that reboots into one, is never heard, until the upgrade to that
 * release is over or the machine is gone.
 */
import type { U8Column } from '../../../sim/entities.ts';
import type { NodeId, PoolId } from '../../ids.ts';
import type { World } from '../../world.ts';
import type { InPlaceUpdates } from './in-place.ts';

export class BadReleases {
  readonly #silent: U8Column<NodeId>;

  constructor(
    readonly world: Pick<World, 'contact' | 'machines' | 'nodePools' | 'upgrades'>,
    inPlace: InPlaceUpdates,
    isBad: (node: NodeId) => boolean,
  ) {
    const { machines, nodePools, upgrades } = world;
    const { life } = nodePools;
    this.#silent = machines.table.u8('badRelease');
    life.created.subscribe((node) => {
      const isNew = life.isLike(node, nodePools.template(nodePools.slots.parent(node)));
      if (isNew && isBad(node)) this.#silence(node);
    });
    life.deleted.subscribe((node) => this.#release(node));
    inPlace.changed.subscribe((node) => {
      if (inPlace.isRebooting(node) && isBad(node)) this.#silence(node);
    });
    upgrades.ledger.closed.subscribe((upgrade) => {
      const { kind, subject, bad } = upgrades.ledger.record(upgrade);
      if (kind !== 'nodePool' || !bad) return;
      for (const node of nodePools.slots.list(subject as PoolId)) this.#release(node);
    });
  }

  #silence(node: NodeId): void {
    if (this.#silent.at(node) === 1) return;
    this.#silent.set(node, 1);
    this.world.contact.block(node);
  }
  #release(node: NodeId): void {
    if (this.#silent.at(node) === 0) return;
    this.#silent.set(node, 0);
    this.world.contact.unblock(node);
  }
}
