import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId } from '../ids.ts';
import { poolsOf } from './pools.ts';

/** Those of the named workers that exist now. */
export function workersOf(
  fleet: BuiltFleet,
  named: readonly { readonly hostedCluster: string; readonly nodePool: string; readonly ordinal: number }[],
): NodeId[] {
  const { nodePools, machines } = fleet.world;
  return poolsOf(fleet, named).flatMap((pool, i) => {
    const node = nodePools.slots.list(pool)[named[i]!.ordinal]!;
    return machines.exists(node) ? [node] : [];
  });
}
