import type { MachineDeletion } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { workersOf } from './workers.ts';

/** Machine objects of workers are deleted. Nothing is there to end: they go as soon as Cluster API can act, and others come. */
export const machineDeletion: Effect<MachineDeletion> = {
  begin(fleet, fault) {
    const ids = workersOf(fleet, fault.machines);
    for (const node of ids) fleet.world.nodePools.life.deleteMachine(node);
    return { ids };
  },
  end() {},
};
