import { z } from 'zod';
import type { HostedClusterPlan, NodePoolPlan } from '../../models/plan/fleet.ts';
import { podGroups } from './components.ts';
import { type EventContext, eventKind } from './event.ts';
import { type Group, hostedClusters, numberedKeys, seek, soughtFault } from './numbered-targets.ts';

const schema = z
  .strictObject({
    side: z
      .enum(['server', 'agent'])
      .describe('server: the sidecars of kube-apiserver. agent: the agents on the workers.'),
    ...numberedKeys(
      'Which of those that there are when it happens, counted from 0 within the hosted cluster: pods of kube-apiserver in the order of their numbers, or ' +
        'workers. Default all; while all servers fail, so do those of pods that come meanwhile.',
      {},
    ),
  })
  .describe('Konnectivity servers or agents of hosted clusters stop while everything else goes on.');

export const konnectivityFailure = eventKind({
  kind: 'konnectivityFailure',
  schema,
  resolve(body, { fleet, cursor, at, most }) {
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    const groups = body.side === 'server' ? servers(clusters) : clusters.map((one) => agents(one, most));
    const sought = seek(groups, body, cursor);
    if (sought === undefined) return undefined;
    return {
      ...soughtFault('konnectivityFailure', at, body, sought, `${body.side}s`),
      side: body.side,
      targets: sought.targets,
    };
  },
});

type Whose = Group<{ readonly hostedCluster: string }>;

const servers = (clusters: readonly HostedClusterPlan[]): Whose[] =>
  podGroups(clusters, ['kube-apiserver']).map(({ target: { hostedCluster }, count }) => ({
    target: { hostedCluster },
    name: `${hostedCluster}/konnectivity-server`,
    count,
  }));

function agents({ name, nodePools }: HostedClusterPlan, most: EventContext['most']): Whose {
  const workers = (of: (pool: NodePoolPlan) => number): number =>
    nodePools.reduce((sum, pool) => sum + of(pool), 0);
  return {
    target: { hostedCluster: name },
    name: `${name}/konnectivity-agent`,
    count: workers((pool) => pool.replicas),
    most: workers((pool) => most(name, pool)),
  };
}
