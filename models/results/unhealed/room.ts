/** Pods for which there is no room. */
import { NONE } from '../../../sim/entities.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import { ROLE } from '../../hosted/roles.ts';
import type { PodId } from '../../ids.ts';
import { REFUSED } from '../../scheduler/refused.ts';
import { newLacks } from '../redundancy.ts';
import { type Leftover, lacksOf, type Reason } from './leftover.ts';

/** Refusals that more room would end. */
const NO_ROOM: readonly number[] = [REFUSED.cpu, REFUSED.memory, REFUSED.pods];

/** Some node refuses the pod for want of room, and for that alone or first. */
function lacksRoom({ world }: BuiltFleet, pod: PodId): boolean {
  const { filters } = world.scheduler;
  const table = world.placements[world.pods.cluster(pod)]!;
  const siblings = filters.siblings(world.pods.set.at(pod), table);
  return table.nodes.some((_, index) => NO_ROOM.includes(filters.check(pod, table, index, siblings)));
}

const NO_WORKERS = {
  why: 'all node pools of its cluster are scaled to zero',
  remedy: 'scale one out',
};
const OTHERS_TOOK_IT = {
  why: 'no node has room for it any more: pods that moved there meanwhile stay, since none is moved or preempted',
  remedy: 'add a node, or delete pods that have room elsewhere',
};

/**
 * Pods that had room at the beginning and have none now: what was moved took it, and nothing moves it back. kube-scheduler never moves a
 * running pod, and the priority classes of hosted control planes do not preempt.
 */
export const noRoom: Reason = ({ fleet, beginning }) => {
  const { pods, sets } = fleet.world;
  const lacking = new Set(newLacks(fleet, beginning).map(({ cluster }) => cluster));
  const leftovers: Leftover[] = [];
  for (let pod = 0 as PodId; pod < pods.table.length; pod++) {
    if (!pods.table.has(pod) || pods.node.at(pod) !== NONE || pods.terminating(pod)) continue;
    const set = pods.set.at(pod);
    const served = sets.serves.at(set);
    if (!lacking.has(served)) continue;
    const unwanted = fleet.world.machines.ofCluster.count(pods.cluster(pod)) === 0;
    if (!unwanted && !lacksRoom(fleet, pod)) continue;
    const kind = sets.role.at(set) === ROLE['virtual-machine'] ? 'virtual machine' : 'pod';
    leftovers.push({
      what: `${kind} ${pods.name(pod)}`,
      ...(unwanted ? NO_WORKERS : OTHERS_TOOK_IT),
      ...lacksOf(fleet, served),
    });
  }
  return leftovers;
};

/** Control planes that were moved to a management cluster which has no node for some of their pods. */
export const unfitHost: Reason = ({ fleet }) => {
  const { clusters, pods, sets } = fleet.world;
  return fleet.plan.hostedClusters.flatMap((plan) => {
    const cluster = fleet.hostedClusters.get(plan.name)!;
    const host = clusters.host.at(cluster);
    if (host === fleet.managementClusters.get(plan.managementCluster)) return [];
    const own = sets.ofServed.list(cluster).filter((set) => sets.cluster.at(set) === host);
    const waiting = own.flatMap((set) => pods.ofSet.list(set)).filter((pod) => pods.node.at(pod) === NONE);
    if (waiting.length === 0) return [];
    return {
      what: 'control plane',
      why: `${waiting.length} of its pods find no node on ${clusters.names[host]}, where it was moved`,
      remedy: 'add nodes there that take them, or move the cluster elsewhere',
      ...lacksOf(fleet, cluster),
    };
  });
};
