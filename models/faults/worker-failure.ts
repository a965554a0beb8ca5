import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId } from '../ids.ts';
import type { WorkerFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { failMachines, repairMachines } from './machines.ts';
import { poolsOf } from './pools.ts';

/** Those of the named workers that exist when it happens. */
function workersOf(fleet: BuiltFleet, fault: WorkerFailure): NodeId[] {
  const { nodePools, machines } = fleet.world;
  return poolsOf(fleet, fault.workers).flatMap((pool, i) => {
    const node = nodePools.slots.list(pool)[fault.workers[i]!.ordinal]!;
    return machines.exists(node) ? [node] : [];
  });
}

/** Workers of hosted clusters lose power; on return they boot. */
export const workerFailure: Effect<WorkerFailure> = {
  begin: (fleet, fault) => failMachines(fleet, workersOf(fleet, fault)),
  end: (fleet, _fault, hit) => repairMachines(fleet, hit),
};
