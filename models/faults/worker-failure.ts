import type { NodeId } from '../ids.ts';
import type { WorkerFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { failMachines, repairMachines } from './machines.ts';
import { findMachines } from './workers.ts';

/** Workers of hosted clusters lose power; on return they boot. Machines that have not joined yet, or are going, are none. */
export const workerFailure: Effect<WorkerFailure> = {
  find(fleet, { workers, only }) {
    const { life } = fleet.world.nodePools;
    return findMachines(fleet, workers, only, (node) => life.isWorker(node), 'worker');
  },
  begin: (fleet, _fault, { ids }) => failMachines(fleet, ids as readonly NodeId[]),
  end: (fleet, _fault, hit) => repairMachines(fleet, hit),
};
