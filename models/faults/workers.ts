/** Machines of node pools that faults mean. */
import type { BuiltFleet } from '../build/fleet.ts';
import { poolsOf } from '../build/named-pools.ts';
import type { NodeId } from '../ids.ts';
import type { PoolMachinesTarget } from '../plan/faults.ts';
import type { CountOrShare } from '../plan/fleet.ts';
import type { Found } from './effect.ts';
import { Finding } from './finding.ts';

/**
 * The machines that are meant: all of a pool, or one by its place among those that there are, in the order of their names.
 * @param isThere which machines of a pool count
 * @param noun what they are called
 */
export function findMachines(
  fleet: BuiltFleet,
  targets: readonly PoolMachinesTarget[],
  only: CountOrShare | undefined,
  isThere: (node: NodeId) => boolean,
  noun: string,
): Found {
  const { nodePools } = fleet.world;
  const finding = new Finding<NodeId>();
  poolsOf(fleet, targets).forEach((pool, i) => {
    const { hostedCluster, nodePool, ordinal } = targets[i]!;
    const slots = nodePools.slots.list(pool);
    const of = `${hostedCluster}/${nodePool}`;
    const name = (node: NodeId): string => `${of}-${slots.indexOf(node)}`;
    finding.choose(slots.filter(isThere), ordinal, name, { noun, of });
  });
  return finding.found(only);
}
