/** etcd, leases, node zones: what counters and flags of control planes must agree with. */
import { NONE } from '../../../sim/entities.ts';
import type { EnsembleId } from '../../ids.ts';
import type { World } from '../../world.ts';
import { type Invariant, rows } from './invariant.ts';

const nameOf = ({ ensembles, clusters }: World, ensemble: EnsembleId): string =>
  `etcd of ${clusters.key(ensembles.cluster.at(ensemble))}`;

const quorum: Invariant = {
  name: 'etcd serves with an alive majority only, led by one of it',
  *broken({ fleet: { world } }) {
    const { ensembles } = world;
    const { members } = ensembles;
    for (const ensemble of rows(ensembles.table)) {
      if (!ensembles.managed(ensemble)) continue;
      const name = nameOf(world, ensemble);
      const all = members.of.list(ensemble);
      const up = all.filter((member) => members.up(member)).length;
      if (members.alive(ensemble) !== up) yield `${name}: ${members.alive(ensemble)} said alive, ${up} are`;
      if (ensembles.serving(ensemble) && up <= all.length / 2)
        yield `${name} serves with ${up} of ${all.length}`;
      const leader = ensembles.leader.at(ensemble);
      if (leader === NONE) continue;
      if (!all.includes(leader)) yield `${name}: its leader is of another one`;
      if (!members.up(leader)) yield `${name}: its leader is down`;
      if (!members.hasMajority(leader)) yield `${name}: its leader does not hear a majority`;
      if (!ensembles.serving(ensemble)) yield `${name} has a leader and does not serve`;
    }
  },
};

const bounds: Invariant = {
  name: 'a node pool that scales by itself stays within its bounds',
  *broken({ fleet: { world } }) {
    const { nodePools, autoscaler } = world;
    for (const pool of rows(nodePools.table)) {
      const range = autoscaler.bounds(pool);
      const wanted = nodePools.wishes.of(pool);
      if (range !== undefined && (wanted < range.min || wanted > range.max))
        yield `${nodePools.names[pool]}: ${wanted} machines wanted, of ${range.min} to ${range.max}`;
    }
  },
};

const leases: Invariant = {
  name: 'a lease is held by a process that is up',
  *broken({ fleet: { world } }) {
    const { leases } = world.leadership;
    for (const lease of rows(leases.table)) {
      const holder = leases.holder.at(lease);
      if (holder !== NONE && !leases.isUp(holder))
        yield `lease of ${leases.names[lease]} is held by a process that is down`;
    }
  },
};

const zones: Invariant = {
  name: 'node zones count their nodes and know their state',
  *broken({ fleet: { world } }) {
    const { lifecycle, clusters } = world;
    for (const zone of rows(lifecycle.zones.table)) {
      const { notReady, state } = lifecycle.recomputeZone(zone);
      const name = `a zone of ${clusters.key(lifecycle.zones.cluster.at(zone))}`;
      const said = lifecycle.zones.notReady.at(zone);
      if (said !== notReady) yield `${name}: ${said} said not ready, ${notReady} are`;
      if (lifecycle.zones.state.at(zone) !== state)
        yield `${name}: state ${lifecycle.zones.state.at(zone)}, ${state} from scratch`;
    }
  },
};

export const CONTROL_PLANE_INVARIANTS: readonly Invariant[] = [quorum, leases, zones, bounds];
