import { z } from 'zod';
import { componentKey, components, podsOf } from './components.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { faultOf, lasting } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which replicas, counted from 0. Default all.', componentKey),
    duration: lasting.duration.describe(
      'How long the containers are kept down. Default: they crash once and their kubelet restarts them.',
    ),
  })
  .describe('Containers of control-plane pods crash.');

export const podFailure = eventKind({
  kind: 'podFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    const candidates = podsOf(clusters, components(body.component, cursor));
    const pods = chooseNumbered(candidates, body, cursor);
    if (pods.length === 0) return undefined;
    const names = pods.map((pod) => `${pod.hostedCluster}/${pod.component}-${pod.ordinal}`);
    return { ...faultOf('podFailure', at, body, names, 'pods'), pods };
  },
});
