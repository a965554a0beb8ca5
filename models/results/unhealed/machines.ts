/** Machines that are gone for good. */
import { NONE } from '../../../sim/entities.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import type { NodeId } from '../../ids.ts';
import { endless, takesMachines } from './faults.ts';
import { type Leftover, lacksOfHost, type Reason } from './leftover.ts';

/** Machines that are down because of a fault that never ends, and that no health check has replaced. */
export const lostMachines: Reason = (aftermath) => {
  const { fleet, injector } = aftermath;
  const nodes = new Set<NodeId>();
  for (const id of endless(aftermath)) {
    if (!takesMachines(injector.faults[id]!)) continue;
    for (const node of injector.hit(id) as readonly NodeId[])
      if (!fleet.world.machines.running(node)) nodes.add(node);
  }
  return [...nodes].map((node) => lostMachine(fleet, node));
};

function lostMachine(fleet: BuiltFleet, node: NodeId): Leftover {
  const { machines, clusters, lifecycle } = fleet.world;
  const cluster = machines.cluster.at(node);
  const base = {
    what: `node ${machines.names[node]}`,
    ...lacksOfHost(fleet, cluster),
  };
  if (clusters.isHosted(cluster))
    return {
      ...base,
      why: 'its machine is gone for good, and no health check of its node pool replaced it',
      remedy:
        'delete its Machine, or give the node pool autoRepair and no more sick workers than that allows',
    };
  if (!lifecycle.registered(node))
    return {
      ...base,
      why: 'its machine is gone for good; its Node object is deleted',
      remedy: 'add a machine',
    };
  const { held, waiting } = heldThere(fleet, node);
  if (held === 0)
    return {
      ...base,
      why: 'its machine is gone for good',
      remedy: 'add a machine, and delete the Node object',
    };
  const waits = waiting === 0 ? '' : `, and ${waiting} pods wait for them`;
  return {
    ...base,
    why: `its machine is gone for good, and nobody deleted its Node object: ${held} Terminating pods keep their places there${waits}`,
    remedy: 'delete the Node object, or taint it node.kubernetes.io/out-of-service; add a machine',
  };
}

/** Pods that are Terminating on a dead node, and pods of their sets that find no node meanwhile. */
function heldThere({ world: { pods } }: BuiltFleet, node: NodeId): { held: number; waiting: number } {
  let held = 0;
  let waiting = 0;
  for (let pod = pods.ofNode.first(node); pod !== NONE; pod = pods.ofNode.next(pod)) {
    if (!pods.terminating(pod)) continue;
    held++;
    const siblings = pods.ofSet.list(pods.set.at(pod));
    waiting += siblings.filter((other) => pods.node.at(other) === NONE).length;
  }
  return { held, waiting };
}
