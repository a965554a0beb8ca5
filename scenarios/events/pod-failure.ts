import { z } from 'zod';
import { componentKey, components, podsOf, reportNotRun } from './components.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { faultOf, lasting } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which replicas, counted from 0. Default all.', componentKey),
    failure: z
      .enum(['crash', 'delete'])
      .default('crash')
      .describe(
        'How they fail. crash: the containers stop at once. delete: the pods are deleted by the API, as by an eviction or a rollout; servers go ' +
          'on answering until no proxy sends them anything any more, and their sets create others. Default crash.',
      ),
    duration: lasting.duration.describe(
      'With failure crash: how long the containers fail at every try of their kubelet; they come up with the next one, after a back-off of ' +
        'up to 300 s. Default: they crash once and their kubelet restarts them.',
    ),
  })
  .describe('Containers of control-plane pods crash, or the pods are deleted.');

export const podFailure = eventKind({
  kind: 'podFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.failure === 'delete' && body.duration !== undefined) {
      cursor.to('duration').reportKey('conflicting-keys', {
        found: 'duration with failure delete',
        expected: 'duration only with failure crash',
      });
    }
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    const names = components(body.component, cursor);
    const candidates = podsOf(clusters, names);
    if (candidates.length === 0) reportNotRun(clusters, names, cursor);
    const pods = chooseNumbered(candidates, body, cursor);
    if (pods.length === 0) return undefined;
    const targets = pods.map((pod) => `${pod.hostedCluster}/${pod.component}-${pod.ordinal}`);
    return { ...faultOf('podFailure', at, body, targets, 'pods'), failure: body.failure, pods };
  },
});
