/** What processes do, what is counted of them, and where they may stand. */
import { NONE } from '../../../sim/entities.ts';
import type { NodeId, PodId, SetId } from '../../ids.ts';
import { isUpdating } from '../../kubernetes/rolling-update.ts';
import { SPREAD } from '../../kubernetes/sets.ts';
import type { World } from '../../world.ts';
import { type Invariant, rows } from './invariant.ts';

const named = (world: World, pod: PodId): string => world.pods.identity(pod);

const alive: Invariant = {
  name: 'no pod on a dead node runs or is ready',
  *broken({ fleet: { world } }) {
    const { pods, machines, endpoints } = world;
    for (const pod of rows(pods.table)) {
      const node = pods.node.at(pod);
      const onDeadNode = node === NONE || !machines.running(node);
      if (onDeadNode && pods.isRunning(pod)) yield `${named(world, pod)} runs without a living node`;
      if (onDeadNode && endpoints.ready(pod)) yield `${named(world, pod)} is ready without a living node`;
    }
  },
};

const inContact: Invariant = {
  name: 'a kubelet is in contact only where its machine runs',
  *broken({ fleet: { world } }) {
    for (const node of rows(world.machines.table))
      if (world.contact.present(node) && !world.machines.running(node))
        yield `${world.machines.key(node)} is dead and in contact`;
  },
};

const counted: Invariant = {
  name: 'the number of running pods of a set is what a count gives',
  *broken({ fleet: { world } }) {
    const { pods, sets } = world;
    for (const set of rows(sets.table)) {
      const count = pods.ofSet.list(set).filter((pod) => pods.isRunning(pod)).length;
      const said = pods.containers.runningOf.at(set);
      if (said !== count) yield `${sets.names[set]}: ${said} said to run, ${count} do`;
    }
  },
};

const unique: Invariant = {
  name: 'no two pods of a set that stay have one name, and no set has more than it wants and its surge',
  *broken({ fleet: { world } }) {
    const { pods, sets, clusters } = world;
    for (const set of rows(sets.table)) {
      // A virtual machine that moves has a second pod, which its set does not count.
      const all = pods.ofSet.list(set).filter((pod) => pods.extra.at(pod) === 0);
      const staying = all.filter((pod) => !pods.terminating(pod));
      // A name that a StatefulSet gives is taken until its object is gone; scaled down it may have some that only go.
      const named = sets.stateful.at(set) === 1 ? all.filter((pod) => !pods.outlived(pod)) : staying;
      if (new Set(named.map((pod) => pods.ordinal.at(pod))).size < named.length)
        yield `${sets.names[set]} has two pods of one name`;
      // Scaled down while nobody could act on it.
      if (!clusters.controlled(sets.cluster.at(set))) continue;
      const surge = sets.stateful.at(set) === 0 && isUpdating(sets, pods, set) ? sets.maxSurge.at(set) : 0;
      if (staying.length > sets.replicas.at(set) + surge)
        yield `${sets.names[set]} has ${staying.length} pods`;
    }
  },
};

interface Sum {
  cpuMillis: number;
  memoryMib: number;
  pods: number;
}

/** Requests of the pods bound to each node. */
function bound({ pods, sets }: World): Map<NodeId, Sum> {
  const sums = new Map<NodeId, Sum>();
  for (const pod of rows(pods.table)) {
    const node = pods.node.at(pod);
    if (node === NONE) continue;
    const sum = sums.get(node) ?? { cpuMillis: 0, memoryMib: 0, pods: 0 };
    const set = pods.set.at(pod);
    sum.cpuMillis += sets.cpuMillis.at(set);
    sum.memoryMib += sets.memoryMib.at(set);
    sum.pods++;
    sums.set(node, sum);
  }
  return sums;
}

const fitting: Invariant = {
  name: 'bound pods fit their node: CPU, memory, number of pods',
  *broken({ fleet: { world } }) {
    const { machines, requested, clusters, parameters } = world;
    for (const [node, sum] of bound(world)) {
      const daemons = clusters.isHosted(machines.cluster.at(node)) ? 0 : 1;
      const { daemonCpuMillis, daemonMemoryMib, daemonPods } = parameters.node;
      const compared = [
        ['cpu', sum.cpuMillis + daemons * daemonCpuMillis, requested.cpuMillis, machines.cpuMillis],
        ['memory', sum.memoryMib + daemons * daemonMemoryMib, requested.memoryMib, machines.memoryMib],
        ['pods', sum.pods + daemons * daemonPods, requested.pods, machines.maxPods],
      ] as const;
      for (const [what, count, said, limit] of compared) {
        if (count !== said.at(node))
          yield `${machines.key(node)}: ${said.at(node)} ${what} said to be requested, ${count} are`;
        if (count > limit.at(node))
          yield `${machines.key(node)}: ${count} ${what} requested of ${limit.at(node)}`;
      }
    }
  },
};

const apart: Invariant = {
  name: 'required anti-affinity holds among bound pods',
  *broken({ fleet: { world } }) {
    const { pods, sets, machines } = world;
    for (const set of rows(sets.table)) {
      const spread = sets.spread.at(set);
      if (spread < SPREAD.requiredHost) continue;
      const nodes = pods.ofSet
        .list(set)
        .map((pod) => pods.node.at(pod))
        .filter((node) => node !== NONE);
      if (new Set(nodes).size < nodes.length) yield `${sets.names[set]} has two pods on one node`;
      if (spread !== SPREAD.requiredHostAndZone) continue;
      const zones = nodes.map((node) => machines.zone.at(node)).filter((zone) => zone !== NONE);
      if (new Set(zones).size < zones.length) yield `${sets.names[set]} has two pods in one zone`;
    }
  },
};

const kept: Invariant = {
  name: 'lists of pods hold no row that is gone, and every pod stands in the lists it names',
  *broken({ fleet: { world } }) {
    const { pods, machines, sets } = world;
    const seen = new Map<PodId, number>();
    const look = function* (list: readonly PodId[], of: string, belongs: (pod: PodId) => boolean) {
      for (const pod of list) {
        seen.set(pod, (seen.get(pod) ?? 0) + 1);
        if (!pods.table.has(pod)) yield `pod ${pod} of ${of} is gone`;
        else if (!belongs(pod)) yield `${named(world, pod)} does not belong to ${of}`;
      }
    };
    for (const node of rows(machines.table))
      yield* look(pods.ofNode.list(node), machines.key(node), (pod) => pods.node.at(pod) === node);
    for (const set of rows(sets.table))
      yield* look(pods.ofSet.list(set as SetId), sets.names[set]!, (pod) => pods.set.at(pod) === set);
    for (const pod of rows(pods.table)) {
      const lists = pods.node.at(pod) === NONE ? 1 : 2;
      if (seen.get(pod) !== lists) yield `${named(world, pod)} stands in ${seen.get(pod)} lists of ${lists}`;
    }
  },
};

export const POD_INVARIANTS: readonly Invariant[] = [alive, inContact, counted, unique, fitting, apart, kept];
