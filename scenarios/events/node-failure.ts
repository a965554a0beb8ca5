import { z } from 'zod';
import type { HostedPods } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { positiveDuration, readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { componentKey, components, podGroups, WHICH_PODS } from './components.ts';
import { eventKind } from './event.ts';
import { namedNodes, nodeKeys } from './node-targets.ts';
import { hostedClusterKey, hostedClusters, ordinalKey, type Sought, seek } from './numbered-targets.ts';
import { choosing, faultOf, lasting } from './targets.ts';

const hosting = z
  .strictObject({
    ...hostedClusterKey,
    ...componentKey,
    ...ordinalKey(WHICH_PODS),
  })
  .describe('The nodes that run these pods of hosted control planes when the event happens.');

const schema = z
  .strictObject({
    ...nodeKeys,
    hosting: hosting.optional(),
    ...choosing,
    ...lasting,
    deleteNodeAfter: positiveDuration(
      'So long after the loss the Node objects are deleted, as cloud controllers and machine replacement do; pods that wait for ' +
        'that are created again. Default: never.',
    ).optional(),
    outOfServiceAfter: positiveDuration(
      'So long after the loss the nodes get the taint node.kubernetes.io/out-of-service: their pods are removed and their volumes ' +
        'detached at once. Default: never.',
    ).optional(),
  })
  .describe('Management nodes lose power: kernel, kubelet and every pod on them.');

type Body = z.output<typeof schema>;

export const nodeFailure = eventKind({
  kind: 'nodeFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.node === undefined && body.selector === undefined && body.hosting === undefined) {
      cursor.report('missing-target', { found: 'no target', expected: 'node, selector or hosting' });
      return undefined;
    }
    const hosted =
      body.hosting === undefined ? undefined : hostingPods(body.hosting, fleet, cursor.to('hosting'));
    if (body.hosting !== undefined && !aloneWithAll(body, cursor)) return undefined;
    const nodes = namedNodes(body, fleet, cursor);
    if (nodes.length === 0 && hosted === undefined) return undefined;
    for (const key of ['deleteNodeAfter', 'outOfServiceAfter'] as const) reportTooLate(key, body, cursor);
    const names = nodes.map((node) => node.name);
    const shown = hosted === undefined ? names : hosted.names.map((name) => `host of ${name}`);
    const noun = hosted === undefined ? 'nodes' : 'nodes by what they host';
    return {
      ...faultOf('nodeFailure', at, body, shown, noun),
      ...(body.deleteNodeAfter === undefined ? {} : { deleteNodeAfter: readDuration(body.deleteNodeAfter) }),
      ...(body.outOfServiceAfter === undefined
        ? {}
        : { outOfServiceAfter: readDuration(body.outOfServiceAfter) }),
      nodes: names,
      ...(hosted === undefined ? {} : { noun, hosting: hosted.targets }),
    };
  },
});

/** What is to happen to lost nodes must happen before their power is back. */
function reportTooLate(key: 'deleteNodeAfter' | 'outOfServiceAfter', body: Body, cursor: Cursor): void {
  const [after, duration] = [body[key], body.duration];
  if (after === undefined || duration === undefined || readDuration(after) < readDuration(duration)) return;
  cursor.to(key).report('without-effect', {
    found: `${after}, and the nodes have power again after ${duration}`,
    expected: `less than ${duration}`,
  });
}

/** Who hosts what is known only when it happens, so it cannot be combined or counted here. */
function aloneWithAll(body: Body, cursor: Cursor): boolean {
  const other = body.node !== undefined ? 'node' : body.selector !== undefined ? 'selector' : undefined;
  const key = other ?? (body.mode === 'all' ? undefined : 'mode');
  if (key === undefined) return true;
  cursor.to(key).reportKey('conflicting-keys', {
    found: `${key} beside hosting`,
    expected: 'hosting alone',
    hint: key === 'mode' ? 'name an ordinal to hit one node' : 'write two events at the same time',
  });
  return false;
}

function hostingPods(
  written: z.output<typeof hosting>,
  fleet: FleetPlan,
  cursor: Cursor,
): Sought<HostedPods> | undefined {
  const clusters = hostedClusters(written.hostedCluster, fleet, cursor);
  const groups = podGroups(clusters, components(written.component, cursor));
  return seek(groups, { mode: 'all', ordinal: written.ordinal }, cursor);
}
