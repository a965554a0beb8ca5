/** What a run says of itself: its services at any moment, its facts afterwards. */
import type { CauseId } from '../../../sim/facts.ts';
import type { ClusterId } from '../../ids.ts';
import { HOSTED_SERVICES, MANAGEMENT_SERVICES } from '../../services.ts';
import { type Invariant, rows } from './invariant.ts';

const services: Invariant = {
  name: 'a service is what its components give from scratch, between 0 and 1',
  *broken({ fleet: { world } }) {
    const { clusters, health } = world;
    for (const cluster of rows(clusters.table)) {
      for (const service of clusters.isHosted(cluster) ? HOSTED_SERVICES : MANAGEMENT_SERVICES) {
        const name = `${service} of ${clusters.key(cluster)}`;
        const said = health.value(cluster, service);
        const value = health.compute(cluster, service);
        if (!Object.is(said, value)) yield `${name} is said to be ${said}, and is ${value}`;
        if (value < 0 || value > 1) yield `${name} is ${value}`;
      }
    }
  },
};

const terms: Invariant = {
  name: 'terms of an etcd only grow: no two leaders in one',
  *broken({ fleet: { world } }) {
    const { facts } = world.sim;
    const last = new Map<number, number>();
    for (let id = 1; id < facts.length; id++) {
      const { kind, subject, value } = facts.get(id as CauseId);
      if (kind.name !== 'leader-elected') continue;
      const before = last.get(subject) ?? 0;
      if (value <= before)
        yield `etcd of ${world.clusters.key(subject as ClusterId)} elected in term ${value} after ${before}`;
      last.set(subject, value);
    }
  },
};

const causes: Invariant = {
  name: 'every fact comes after its cause',
  *broken({ fleet: { world } }) {
    const { facts } = world.sim;
    for (let id = 1; id < facts.length; id++) {
      const { kind, at, cause } = facts.get(id as CauseId);
      if (cause >= id) yield `fact ${id} (${kind.name}) follows from a later one`;
      else if (facts.get(cause).at > at) yield `fact ${id} (${kind.name}) is earlier than its cause`;
    }
  },
};

export const RESULT_INVARIANTS: readonly Invariant[] = [services];
/** About all facts of a run: looked at once, when it is over. */
export const HISTORY_INVARIANTS: readonly Invariant[] = [terms, causes];
