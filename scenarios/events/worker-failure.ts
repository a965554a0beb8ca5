import { z } from 'zod';
import { oneOrMany } from '../schema/values.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { byName, faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which workers of a pool, counted from 0. Default all.', {
      nodePool: oneOrMany('Node pools by name; `*` stands for any letters. Default all.').default('*'),
    }),
  })
  .describe('Workers of hosted clusters lose power.');

export const workerFailure = eventKind({
  kind: 'workerFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    const pools = clusters.flatMap((cluster) =>
      cluster.nodePools.map((pool) => ({
        name: pool.name,
        hostedCluster: cluster.name,
        replicas: pool.replicas,
      })),
    );
    if (clusters.length === 0) return undefined;
    const candidates = byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool').flatMap((pool) =>
      Array.from({ length: pool.replicas }, (_, ordinal) => ({
        hostedCluster: pool.hostedCluster,
        nodePool: pool.name,
        ordinal,
      })),
    );
    const workers = chooseNumbered(candidates, body, cursor);
    if (workers.length === 0) return undefined;
    const names = workers.map((one) => `${one.hostedCluster}/${one.nodePool}-${one.ordinal}`);
    return { ...faultOf('workerFailure', at, body, names, 'workers'), workers };
  },
});
