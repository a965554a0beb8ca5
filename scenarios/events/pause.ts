import { z } from 'zod';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { byName, choose, choosing, faultOf, lasting } from './targets.ts';

const schema = z
  .strictObject({
    hostedCluster: hostedClusterKey.hostedCluster.optional(),
    nodePool: oneOrMany(
      'Node pools of these hosted clusters by name; `*` stands for any letters. They stand still instead of the hosted clusters.',
    ).optional(),
    managementCluster: oneOrMany(
      'Management clusters by name, whose NodeHealthChecks start no remediation; `*` stands for any letters.',
    ).optional(),
    ...choosing,
    ...lasting,
  })
  .describe(
    'Reconciliation stands still (pausedUntil): nothing of the hosted clusters or node pools is repaired or changed, while pods run on and ' +
      'Kubernetes itself goes on. Or remediation of the nodes of a management cluster does (pauseRequests).',
  );

type Body = z.output<typeof schema>;

export const pause = eventKind({
  kind: 'pause',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (!oneKindOfTarget(body, cursor)) return undefined;
    const nothing = { hostedClusters: [], nodePools: [], managementClusters: [] };
    if (body.managementCluster !== undefined) {
      const managementClusters = managementOf(body.managementCluster, body, fleet, cursor);
      return paused(managementClusters, { ...nothing, managementClusters });
    }
    const clusters = hostedClusters(body.hostedCluster!, fleet, cursor);
    if (body.nodePool === undefined) {
      const names = choose(clusters, body, cursor).map(({ name }) => name);
      return paused(names, { ...nothing, hostedClusters: names });
    }
    const pools = clusters.flatMap((one) =>
      one.nodePools.map(({ name }) => ({ name, hostedCluster: one.name, nodePool: name })),
    );
    const named = byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool');
    const nodePools = choose(named, body, cursor).map(({ hostedCluster, nodePool }) => ({
      hostedCluster,
      nodePool,
    }));
    const names = nodePools.map((one) => `${one.hostedCluster}/${one.nodePool}`);
    return paused(names, { ...nothing, nodePools });

    function paused<T>(names: readonly string[], targets: T) {
      return names.length === 0 ? undefined : { ...faultOf('pause', at, body, names, 'targets'), ...targets };
    }
  },
});

/** Hosted clusters, with or without node pools, or management clusters. */
function oneKindOfTarget(body: Body, cursor: Cursor): boolean {
  const { hostedCluster, nodePool, managementCluster } = body;
  if (hostedCluster === undefined && managementCluster === undefined) {
    cursor.report('missing-target', {
      found: nodePool === undefined ? 'no target' : 'nodePool without hostedCluster',
      expected: 'hostedCluster or managementCluster',
    });
    return false;
  }
  if (managementCluster === undefined) return true;
  const other =
    hostedCluster !== undefined ? 'hostedCluster' : nodePool !== undefined ? 'nodePool' : undefined;
  if (other === undefined) return true;
  cursor.to(other).reportKey('conflicting-keys', {
    found: `${other} beside managementCluster`,
    expected: 'one of them',
    hint: 'write two events at the same time',
  });
  return false;
}

function managementOf(
  written: string | readonly string[],
  body: Body,
  fleet: FleetPlan,
  cursor: Cursor,
): readonly string[] {
  const place = cursor.to('managementCluster');
  const known = fleet.managementClusters;
  const named = byName(written, known, place, 'management cluster', 'unknown-management-cluster');
  return choose(named, body, cursor).map(({ name }) => name);
}
