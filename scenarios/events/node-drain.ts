import { z } from 'zod';
import type { NodePlan } from '../../models/plan/fleet.ts';
import { CONTROL_PLANE_ROLE, MASTER_ROLE } from '../fleet/labels.ts';
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

/** Pods of hosted control planes may stand there: they tolerate no taint of control-plane nodes. */
const mayHost = ({ controlPlane, taints }: NodePlan): boolean =>
  !controlPlane || !taints.some(({ key, effect }) => TAINTED.includes(key) && effect !== 'PreferNoSchedule');
const TAINTED: readonly string[] = [CONTROL_PLANE_ROLE, MASTER_ROLE];

export const nodeDrain = eventKind({
  kind: 'nodeDrain',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.node === undefined && body.selector === undefined) {
      cursor.report('missing-target', { found: 'no target', expected: 'node or selector' });
      return undefined;
    }
    const named = namedNodes(body, fleet, cursor);
    if (named.length === 0) return undefined;
    const nodes = named.map(({ name }) => name);
    if (!named.some(mayHost)) {
      cursor.to(body.node === undefined ? 'selector' : 'node').report('without-effect', {
        found: `${nodes.join(', ')}: control-plane nodes whose taints keep every pod of a hosted cluster away`,
        expected: 'nodes that host control planes',
      });
      return undefined;
    }
    return {
      ...faultOf('nodeDrain', at, body, nodes, 'nodes'),
      ...(body.timeout === undefined ? {} : { timeout: readDuration(body.timeout) }),
      nodes,
    };
  },
});
