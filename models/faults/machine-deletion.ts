import type { NodeId } from '../ids.ts';
import type { MachineDeletion } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { findMachines } from './workers.ts';

/** Machine objects of workers are deleted. Nothing is there to end: they go as soon as Cluster API can act, and others come. */
export const machineDeletion: Effect<MachineDeletion> = {
  find(fleet, { machines, only }) {
    const { nodePools } = fleet.world;
    return findMachines(fleet, machines, only, (node) => nodePools.stays(node), 'machine');
  },
  begin(fleet, _fault, { ids }) {
    for (const node of ids as readonly NodeId[]) fleet.world.nodePools.life.deleteMachine(node);
    return { ids };
  },
  end() {},
};
