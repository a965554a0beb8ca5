import { z } from 'zod';
import { positiveDuration, readDuration } from '../schema/values.ts';
import { eventKind } from './event.ts';
import { namedNodes, nodeKeys } from './node-targets.ts';
import { choosing, faultOf, lasting } from './targets.ts';

const schema = z
  .strictObject({
    ...nodeKeys,
    ...choosing,
    ...lasting,
    timeout: positiveDuration(
      'So long after it began a drain is given up; the node stays cordoned. Default: it is tried for ever, as by kubectl drain.',
    ).optional(),
  })
  .describe(
    'Management nodes are cordoned and drained, all at once: every pod on them is asked to leave through the Eviction API, again and again ' +
      'while its disruption budget refuses. They take pods again when the duration is over.',
  );

export const nodeDrain = eventKind({
  kind: 'nodeDrain',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.node === undefined && body.selector === undefined) {
      cursor.report('missing-target', { found: 'no target', expected: 'node or selector' });
      return undefined;
    }
    const nodes = namedNodes(body, fleet, cursor).map(({ name }) => name);
    if (nodes.length === 0) return undefined;
    return {
      ...faultOf('nodeDrain', at, body, nodes, 'nodes'),
      ...(body.timeout === undefined ? {} : { timeout: readDuration(body.timeout) }),
      nodes,
    };
  },
});
