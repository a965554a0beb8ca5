import { z } from 'zod';
import { oneOrMany } from '../schema/values.ts';
import { eventKind } from './event.ts';
import { byName, choose, choosing, faultOf, lasting } from './targets.ts';

const KIND = 'managementControlPlaneOutage';

const schema = z
  .strictObject({
    managementCluster: oneOrMany(
      'Management clusters by name; `*` stands for any letters. Default all of them.',
    ).default('*'),
    ...choosing,
    ...lasting,
  })
  .describe('The control plane processes of a management cluster stop; kubelets and all other pods go on.');

export const managementControlPlaneOutage = eventKind({
  kind: KIND,
  schema,
  resolve(body, { fleet, cursor, at }) {
    const place = cursor.to('managementCluster');
    const named = byName(
      body.managementCluster,
      fleet.managementClusters,
      place,
      'management cluster',
      'unknown-management-cluster',
    );
    const managementClusters = choose(named, body, cursor).map((cluster) => cluster.name);
    if (managementClusters.length === 0) return undefined;
    return { ...faultOf(KIND, at, body, managementClusters, 'management clusters'), managementClusters };
  },
});
