import { invariant } from '../../../sim/assert.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import { poolsOf } from '../../faults/pools.ts';
import type { ClusterId, PoolId } from '../../ids.ts';
import type { UpgradeSubject } from '../../plan/faults.ts';

/** The subject that a plan names: `tenant-0`, `tenant-0/workers`, `mgmt`. */
export function subjectOf(fleet: BuiltFleet, kind: UpgradeSubject, name: string): ClusterId | PoolId {
  if (kind === 'nodePool') {
    const [hostedCluster, nodePool] = name.split('/');
    return poolsOf(fleet, [{ hostedCluster: hostedCluster!, nodePool: nodePool! }])[0]!;
  }
  const clusters = kind === 'hostedCluster' ? fleet.hostedClusters : fleet.managementClusters;
  const cluster = clusters.get(name);
  invariant(cluster !== undefined, () => `a campaign names ${name}, which is not there`);
  return cluster!;
}
