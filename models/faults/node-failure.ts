import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId } from '../ids.ts';
import type { NodeFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { failMachines, repairMachines } from './machines.ts';
import { findPods } from './pods.ts';

/** Nodes by name, and those that host certain pods at this moment; each once. */
function victims(fleet: BuiltFleet, fault: NodeFailure): NodeId[] {
  const nodes = new Set<NodeId>(fault.nodes.map((name) => fleet.nodes.get(name)!));
  for (const target of fault.hosting ?? []) {
    for (const pod of findPods(fleet, target)) {
      const node = fleet.world.pods.node.at(pod);
      if (node !== NONE) nodes.add(node);
    }
  }
  return [...nodes];
}

/** Management nodes lose power; on return they boot. */
export const nodeFailure: Effect<NodeFailure> = {
  begin(fleet, fault) {
    const nodes = victims(fleet, fault);
    const hit = failMachines(fleet, nodes);
    const { deleteNodeAfter, outOfServiceAfter } = fault;
    if (outOfServiceAfter !== undefined)
      for (const node of nodes) fleet.world.outOfService.taintAfter(node, outOfServiceAfter);
    if (deleteNodeAfter !== undefined)
      for (const node of nodes) fleet.world.orphans.deleteAfter(node, deleteNodeAfter);
    return hit;
  },
  end: (fleet, _fault, hit) => repairMachines(fleet, hit),
};
