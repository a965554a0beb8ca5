import { z } from 'zod';
import { oneOrMany, whole } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { byName, choose, choosing, faultOf, lasting } from './targets.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    nodePool: oneOrMany('Node pools by name; `*` stands for any letters.').optional(),
    workload: oneOrMany('Workloads by name; `*` stands for any letters.').optional(),
    replicas: whole(
      0,
      'Wanted machines of each of the node pools, or replicas of each of the workloads.',
      10_000,
    ),
    ...choosing,
    duration: lasting.duration.describe('How long it is wanted; then as many as before. Default: for good.'),
  })
  .describe(
    'Node pools or workloads are scaled. It takes effect as soon as the control planes that must act on it can.',
  );

type Body = z.output<typeof schema>;

interface Target {
  readonly name: string;
  readonly hostedCluster: string;
  readonly scalesItself: boolean;
}

export const scale = eventKind({
  kind: 'scale',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (!oneOfBoth(body, cursor)) return undefined;
    const clusters = hostedClusters(body.hostedCluster, fleet, cursor);
    if (clusters.length === 0) return undefined;
    const of = (list: 'nodePools' | 'workloads'): Target[] =>
      clusters.flatMap((cluster) =>
        cluster[list].map((one) => ({
          name: one.name,
          hostedCluster: cluster.name,
          scalesItself: 'autoScaling' in one && one.autoScaling !== undefined,
        })),
      );
    const machines = body.nodePool !== undefined;
    const named = machines
      ? byName(body.nodePool, of('nodePools'), cursor.to('nodePool'), 'node pool')
      : byName(body.workload, of('workloads'), cursor.to('workload'), 'workload');
    const chosen = choose(named, body, cursor);
    if (chosen.length === 0 || refusesBounded(chosen, cursor)) return undefined;
    const names = chosen.map((one) => `${one.hostedCluster}/${one.name} to ${body.replicas}`);
    return {
      ...faultOf('scale', at, body, names, machines ? 'node pools' : 'workloads'),
      pools: machines ? chosen.map(({ name, hostedCluster }) => ({ hostedCluster, nodePool: name })) : [],
      workloads: machines ? [] : chosen.map(({ name, hostedCluster }) => ({ hostedCluster, workload: name })),
      replicas: body.replicas,
    };
  },
});

/** The API refuses replicas beside autoScaling. */
function refusesBounded(chosen: readonly Target[], cursor: Cursor): boolean {
  const bounded = chosen.find((one) => one.scalesItself);
  if (bounded === undefined) return false;
  cursor.to('nodePool').report('invalid-value', {
    found: `${bounded.hostedCluster}/${bounded.name}, which has autoScaling`,
    expected: 'node pools with replicas',
    hint: 'scale a workload: the pool follows',
  });
  return true;
}

function oneOfBoth(body: Body, cursor: Cursor): boolean {
  if (body.nodePool !== undefined && body.workload !== undefined) {
    cursor
      .to('workload')
      .reportKey('conflicting-keys', { found: 'workload beside nodePool', expected: 'one of the two' });
    return false;
  }
  if (body.nodePool !== undefined || body.workload !== undefined) return true;
  cursor.report('missing-target', { found: 'nothing to scale', expected: 'nodePool or workload' });
  return false;
}
