/** How events pick machines of node pools. */
import type { PoolMachinesTarget } from '../../models/plan/faults.ts';
import { oneOrMany } from '../schema/values.ts';
import type { EventContext } from './event.ts';
import { hostedClusters, type Sought, seek } from './numbered-targets.ts';
import { byName, type Choice } from './targets.ts';

export const nodePoolKey = {
  nodePool: oneOrMany('Node pools by name; `*` stands for any letters. Default all.').default('*'),
};

interface Written extends Choice {
  readonly hostedCluster: string | readonly string[];
  readonly nodePool: string | readonly string[];
  readonly ordinal?: number | readonly number[] | undefined;
}

/** Machines that the keys mean; undefined for none, or after reporting why. */
export function machinesOf(
  body: Written,
  { fleet, cursor, most }: EventContext,
): Sought<PoolMachinesTarget> | undefined {
  const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
  if (clusters.length === 0) return undefined;
  const pools = clusters.flatMap(({ name: hostedCluster, nodePools }) =>
    nodePools.map((pool) => ({
      name: pool.name,
      hostedCluster,
      count: pool.replicas,
      most: most(hostedCluster, pool),
    })),
  );
  const named = byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool');
  const groups = named.map(({ name: nodePool, hostedCluster, ...counts }) => ({
    target: { hostedCluster, nodePool },
    name: `${hostedCluster}/${nodePool}`,
    ...counts,
  }));
  return seek(groups, body, cursor);
}
