import { z } from 'zod';
import type { HostedClusterPlan } from '../../models/plan/fleet.ts';
import type { Cursor } from '../source/cursor.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { snapshotKeys, snapshotOf } from './snapshots.ts';
import { choose, choosing, faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    ...snapshotKeys,
    ...choosing,
  })
  .describe(
    'Somebody restores the etcd of hosted clusters from a snapshot by the documented steps; their API is down throughout. With neither ' +
      'snapshotAge nor snapshotEvery the snapshot is copied from a member that still has its data.',
  );

export const restoreFromSnapshot = eventKind({
  kind: 'restoreFromSnapshot',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const snapshot = snapshotOf(body, cursor);
    const clusters = choose(hostedClusters(body.hostedCluster, fleet, cursor), body, cursor);
    const place = cursor.to('hostedCluster');
    const restored = clusters.filter((cluster) => !refused(cluster, place)).map(({ name }) => name);
    if (restored.length === 0) return undefined;
    const head = faultOf('restoreFromSnapshot', at, {}, restored, 'hosted clusters');
    return { ...head, hostedClusters: restored, snapshot };
  },
});

/**
 * On AWS a snapshot is restored when a hosted cluster is created, from a pre-signed address, and never into one that exists
 * (OpenShift hosted control planes, "Restoring an etcd snapshot on a hosted cluster"); an etcd that is not managed is restored by its owner.
 */
function refused({ name, platform, etcd }: HostedClusterPlan, place: Cursor): boolean {
  if (platform !== 'AWS' && etcd.management === 'Managed') return false;
  const aws = etcd.management === 'Managed';
  place.report('not-restorable', {
    found: aws ? `hosted cluster ${name} on AWS` : `hosted cluster ${name} with an etcd that is not managed`,
    expected: 'a hosted cluster on another platform than AWS whose etcd is managed',
    hint: aws
      ? 'on AWS a snapshot is restored only when a hosted cluster is created, from a pre-signed URL'
      : 'an unmanaged etcd is restored by whoever runs it',
  });
  return true;
}
