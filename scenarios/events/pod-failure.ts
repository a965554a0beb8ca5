import { z } from 'zod';
import { componentKey, components, podGroups, reportNotRun, WHICH_PODS } from './components.ts';
import { eventKind } from './event.ts';
import { hostedClusters, numberedKeys, seek, soughtFault } from './numbered-targets.ts';
import { lasting } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys(WHICH_PODS, componentKey),
    failure: z
      .enum(['crash', 'delete'])
      .default('crash')
      .describe(
        'How they fail. crash: the containers stop at once. delete: the pods are deleted by the API, as by an eviction or a rollout; servers go ' +
          'on answering until no proxy sends them anything any more, and their sets create others. Default crash.',
      ),
    duration: lasting.duration.describe(
      'With failure crash: how long the containers fail at every try of their kubelet; they come up with the next one, after a back-off of ' +
        'up to 300 s. While all pods of a component crash (no ordinal, mode all), pods that come meanwhile crash as well: the trouble is the ' +
        "component's. A single pod takes its trouble with it, and the one that replaces it is well. Default: they crash once and their kubelet restarts them.",
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
    const groups = podGroups(clusters, names);
    if (groups.length === 0) reportNotRun(clusters, names, cursor);
    const sought = seek(groups, body, cursor);
    if (sought === undefined) return undefined;
    return {
      ...soughtFault('podFailure', at, body, sought, 'pods'),
      failure: body.failure,
      pods: sought.targets,
    };
  },
});
