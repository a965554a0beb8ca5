import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId, PodId } from '../ids.ts';
import type { NodeFailure } from '../plan/faults.ts';
import type { Effect, Found } from './effect.ts';
import { Finding } from './finding.ts';
import { failMachines, repairMachines } from './machines.ts';
import { findPods } from './pods.ts';

/** Nodes by name, and those that host certain pods at this moment; each once. */
function victims(fleet: BuiltFleet, fault: NodeFailure): Found {
  const nodes = new Finding<NodeId>();
  for (const name of fault.nodes) nodes.add(fleet.nodes.get(name)!, name);
  const pods = new Finding<PodId>();
  findPods(fleet, fault.hosting ?? [], pods);
  const { ids, names, missing } = pods.found();
  for (const what of missing) nodes.lack(what);
  (ids as readonly PodId[]).forEach((pod, i) => {
    const node = fleet.world.pods.node.at(pod);
    if (node === NONE) nodes.lack(`pod ${names[i]} has no node`);
    else nodes.add(node, `host of ${names[i]}`);
  });
  return nodes.found();
}

/** Management nodes lose power; on return they boot. */
export const nodeFailure: Effect<NodeFailure> = {
  find: victims,
  begin(fleet, fault, found) {
    const nodes = found.ids as readonly NodeId[];
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
