/** Data of etcd that is lost or fills its quota. */
import type { BuiltFleet } from '../../build/fleet.ts';
import type { ClusterId, MemberId } from '../../ids.ts';
import type { HostedClusterPlan } from '../../plan/fleet.ts';
import { lacksOf, type Reason } from './leftover.ts';

const planOf = (fleet: BuiltFleet, cluster: ClusterId): HostedClusterPlan =>
  fleet.plan.hostedClusters.find(({ name }) => fleet.hostedClusters.get(name) === cluster)!;

/**
 * What brings an etcd back that has no quorum of members with data: what is documented for the platform. On AWS a snapshot is restored
 * when a hosted cluster is created, be it anew or on another management cluster, and never into one that exists (OpenShift hosted control
 * planes, "Restoring an etcd snapshot on a hosted cluster"; openshift/hypershift api: restoreSnapshotURL is immutable).
 */
function restoring({ platform, apiHostname }: HostedClusterPlan, memberIsLeft: boolean): string {
  if (platform !== 'AWS')
    return `restore it from a snapshot${memberIsLeft ? ', or from the data of a member that is left' : ''}`;
  const anew = 'create the hosted cluster anew from a snapshot: on AWS none is restored into one that exists';
  return apiHostname === ''
    ? anew
    : `move the hosted cluster to another management cluster from a backup, or ${anew}`;
}

/** Members that have nothing to start from, where nobody is at work on it: automatic recovery replaces one member, and no more. */
export const lostData: Reason = ({ fleet }) => {
  const { ensembles, hosted, memberData, etcdRecovery: recovery, restores } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const ensemble = hosted.ensemble.at(cluster);
    const members = ensembles.members.of.list(ensemble);
    // New volumes are part of a restore; data that is lost while it goes on keeps it from its end.
    const isLost = restores.atWork(cluster)
      ? (member: MemberId) => memberData.unusable(member)
      : (member: MemberId) => !memberData.intact(member);
    const lost = members.filter(isLost).length;
    const goesOn = restores.atWork(cluster) && !restores.waiting(cluster);
    if (lost === 0 || goesOn) return [];
    const base = { what: 'etcd data', ...lacksOf(fleet, cluster) };
    if (members.length - lost < ensembles.quorum(ensemble))
      return {
        ...base,
        why: `${lost} of ${members.length} members have lost their data: no quorum can form from what is left`,
        remedy: restoring(planOf(fleet, cluster), lost < members.length),
      };
    // A recovery that is at work helps where there is a quorum, and nowhere else.
    if (recovery.active(cluster)) return [];
    const replace = 'delete the claim and the pod of the member, once etcd answers';
    if (recovery.failed(cluster))
      return { ...base, why: 'a member has lost its data, and its recovery Job failed', remedy: replace };
    if (recovery.enabled(cluster) && lost === 1) return [];
    return { ...base, why: 'a member has lost its data, and nothing replaces it by itself', remedy: replace };
  });
};

/** etcd that reached its quota refuses writes until somebody has cleaned up (etcd-io/website v3.6 op-guide/maintenance). */
export const fullDatabase: Reason = ({ fleet }) => {
  const { ensembles, hosted } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) =>
    ensembles.refusesWrites(hosted.ensemble.at(cluster))
      ? {
          what: 'database of etcd',
          why: 'it has reached its quota, and the NOSPACE alarm refuses every write until it is disarmed',
          remedy: 'compact and defragment it, then disarm the alarm',
          ...lacksOf(fleet, cluster),
        }
      : [],
  );
};
