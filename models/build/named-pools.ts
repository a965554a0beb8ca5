import type { PoolId } from '../ids.ts';
import type { BuiltFleet } from './fleet.ts';

/** The node pools that are named, in their order. */
export function poolsOf(
  { plan, hostedClusters, world }: BuiltFleet,
  named: readonly { readonly hostedCluster: string; readonly nodePool: string }[],
): PoolId[] {
  return named.map(({ hostedCluster, nodePool }) => {
    const { nodePools } = plan.hostedClusters.find((cluster) => cluster.name === hostedCluster)!;
    const position = nodePools.findIndex((pool) => pool.name === nodePool);
    return world.nodePools.ofCluster.list(hostedClusters.get(hostedCluster)!)[position]!;
  });
}
