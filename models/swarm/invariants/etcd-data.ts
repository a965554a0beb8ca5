/** Data of hosted etcd members: who lost it takes no part, and what people or the operator do about it is done as it should be. */
import { NONE } from '../../../sim/entities.ts';
import type { ClusterId } from '../../ids.ts';
import { type Invariant, rows } from './invariant.ts';

const lost: Invariant = {
  name: 'a member whose data is lost takes no part',
  *broken({ fleet: { world } }) {
    const { ensembles, hosted, memberData, clusters } = world;
    for (const cluster of rows<ClusterId>(clusters.table)) {
      if (!clusters.isHosted(cluster) || hosted.set(cluster, 'etcd') === NONE) continue;
      for (const ordinal of memberData.lost(cluster)) {
        const member = ensembles.member(hosted.ensemble.at(cluster), ordinal);
        if (ensembles.members.up(member))
          yield `etcd-${ordinal} of ${clusters.names[cluster]} is up without data`;
        if (ensembles.holds(member) === 0)
          yield `etcd-${ordinal} of ${clusters.names[cluster]} would start without data`;
      }
    }
  },
};

export const ETCD_DATA_INVARIANTS: readonly Invariant[] = [lost];
