import { z } from 'zod';
import type { HostedClusterPlan } from '../../models/plan/fleet.ts';
import { podsOf } from './components.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { faultOf } from './targets.ts';

const schema = z
  .strictObject({
    side: z
      .enum(['server', 'agent'])
      .describe('server: the sidecars of kube-apiserver. agent: the agents on the workers.'),
    ...numberedKeys(
      'Which of them, counted from 0 within the hosted cluster: pods of kube-apiserver, or workers. Default all.',
      {},
    ),
  })
  .describe('Konnectivity servers or agents of hosted clusters stop while everything else goes on.');

export const konnectivityFailure = eventKind({
  kind: 'konnectivityFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    const candidates =
      body.side === 'server' ? podsOf(clusters, ['kube-apiserver']) : clusters.flatMap(agentsOf);
    const hit = chooseNumbered(candidates, body, cursor);
    if (hit.length === 0) return undefined;
    const names = hit.map((one) => `${one.hostedCluster}/konnectivity-${body.side}-${one.ordinal}`);
    return {
      ...faultOf('konnectivityFailure', at, body, names, `${body.side}s`),
      side: body.side,
      targets: hit.map(({ hostedCluster, ordinal }) => ({ hostedCluster, ordinal })),
    };
  },
});

function agentsOf(cluster: HostedClusterPlan) {
  const workers = cluster.nodePools.reduce((sum, pool) => sum + pool.replicas, 0);
  return Array.from({ length: workers }, (_, ordinal) => ({ hostedCluster: cluster.name, ordinal }));
}
