import { z } from 'zod';
import { hasLoadBalancer } from '../../models/plan/fleet.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { choose, choosing, faultOf, lasting } from './targets.ts';

const KIND = 'loadBalancerFailure';

const schema = z
  .strictObject({ ...hostedClusterKey, ...choosing, ...lasting })
  .describe(
    'What stands in front of hosted APIs lets nothing through: a load balancer, the address that a node announces where there is no cloud, ' +
      'or with a Route the load balancer of the routers. Control planes are well, but nobody outside reaches them, nor do their workers.',
  );

export const loadBalancerFailure = eventKind({
  kind: KIND,
  schema,
  resolve(body, { fleet, cursor, at }) {
    const named = hostedClusters(body.hostedCluster, fleet, cursor);
    const balanced = named.filter(hasLoadBalancer);
    if (named.length > 0 && balanced.length === 0) {
      cursor.to('hostedCluster').report('selector-matches-nothing', {
        found: 'hosted clusters whose API is published by NodePort, without a load balancer',
        expected: 'a hosted cluster that publishes its API by LoadBalancer or Route',
      });
    }
    const clusters = choose(balanced, body, cursor).map((cluster) => cluster.name);
    if (clusters.length === 0) return undefined;
    return { ...faultOf(KIND, at, body, clusters, 'hosted clusters'), hostedClusters: clusters };
  },
});
