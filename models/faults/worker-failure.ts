import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId } from '../ids.ts';
import type { WorkerFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { failMachines, repairMachines } from './machines.ts';

function workersOf(fleet: BuiltFleet, fault: WorkerFailure): NodeId[] {
  return fault.workers.map(({ hostedCluster, nodePool, ordinal }) => {
    const pools = fleet.plan.hostedClusters.find((cluster) => cluster.name === hostedCluster)!.nodePools;
    const before = pools.slice(
      0,
      pools.findIndex((pool) => pool.name === nodePool),
    );
    const position = before.reduce((sum, pool) => sum + pool.replicas, 0) + ordinal;
    return fleet.world.machines.ofCluster.list(fleet.hostedClusters.get(hostedCluster)!)[position]!;
  });
}

/** Workers of hosted clusters lose power; on return they boot. */
export const workerFailure: Effect<WorkerFailure> = {
  begin: (fleet, fault) => failMachines(fleet, workersOf(fleet, fault)),
  end: (fleet, _fault, hit) => repairMachines(fleet, hit),
};
