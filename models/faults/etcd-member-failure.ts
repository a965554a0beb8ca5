import type { BuiltFleet } from '../build/fleet.ts';
import type { MemberId } from '../ids.ts';
import type { EtcdMemberFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { findPod } from './pods.ts';

interface Member {
  readonly hostedCluster: string;
  readonly ordinal: number;
}

export function memberOf(
  { world, hostedClusters }: BuiltFleet,
  { hostedCluster, ordinal }: Member,
): MemberId {
  return world.ensembles.member(world.hosted.ensemble.at(hostedClusters.get(hostedCluster)!), ordinal);
}

/** The process of etcd members stops and stays down, in whichever pod the member runs meanwhile; its data stays. */
export const etcdMemberFailure: Effect<EtcdMemberFailure> = {
  begin(fleet, fault) {
    for (const member of fault.members) {
      fleet.world.ensembles.hold(memberOf(fleet, member));
      const pod = findPod(fleet, { ...member, component: 'etcd' });
      if (pod !== undefined) fleet.world.pods.hold(pod);
    }
    return { ids: fault.members.map((member) => memberOf(fleet, member)) };
  },
  end(fleet, fault) {
    for (const member of fault.members) {
      fleet.world.ensembles.release(memberOf(fleet, member));
      const pod = findPod(fleet, { ...member, component: 'etcd' });
      if (pod !== undefined) fleet.world.pods.release(pod);
    }
  },
};
