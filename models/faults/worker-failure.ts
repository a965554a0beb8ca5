import type { WorkerFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { failMachines, repairMachines } from './machines.ts';
import { workersOf } from './workers.ts';

/** Workers of hosted clusters lose power; on return they boot. */
export const workerFailure: Effect<WorkerFailure> = {
  begin: (fleet, fault) => failMachines(fleet, workersOf(fleet, fault.workers)),
  end: (fleet, _fault, hit) => repairMachines(fleet, hit),
};
