/** How events pick workers of node pools. */
import type { WorkerFailure } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { chooseNumbered, hostedClusters } from './numbered-targets.ts';
import { byName, type Choice } from './targets.ts';

export const nodePoolKey = {
  nodePool: oneOrMany('Node pools by name; `*` stands for any letters. Default all.').default('*'),
};

interface Written extends Choice {
  readonly hostedCluster: string | readonly string[];
  readonly nodePool: string | readonly string[];
  readonly ordinal?: number | readonly number[] | undefined;
}

/** Workers that the keys mean, and their names; none after reporting why. */
export function workersOf(
  body: Written,
  fleet: FleetPlan,
  cursor: Cursor,
): { workers: WorkerFailure['workers']; names: string[] } {
  const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
  if (clusters.length === 0) return { workers: [], names: [] };
  const pools = clusters.flatMap((cluster) =>
    cluster.nodePools.map((pool) => ({
      name: pool.name,
      hostedCluster: cluster.name,
      replicas: pool.replicas,
    })),
  );
  const candidates = byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool').flatMap((pool) =>
    Array.from({ length: pool.replicas }, (_, ordinal) => ({
      hostedCluster: pool.hostedCluster,
      nodePool: pool.name,
      ordinal,
    })),
  );
  const workers = chooseNumbered(candidates, body, cursor);
  return { workers, names: workers.map((one) => `${one.hostedCluster}/${one.nodePool}-${one.ordinal}`) };
}
