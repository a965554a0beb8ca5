import type { EtcdMemberFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { memberOf } from './members.ts';
import { findPod } from './pods.ts';

/**
 * The process of etcd members fails at every try, in whichever pod the member runs meanwhile, and its data stays; it comes up with the
 * first try after the fault. Or their data is lost or corrupt, which no end of a fault mends.
 */
export const etcdMemberFailure: Effect<EtcdMemberFailure> = {
  begin(fleet, fault) {
    for (const target of fault.members) {
      const { cluster, member } = memberOf(fleet, target);
      if (fault.failure === 'data') {
        fleet.world.memberData.lose(cluster, target.ordinal);
        continue;
      }
      fleet.world.ensembles.hold(member);
      const pod = findPod(fleet, { ...target, component: 'etcd' });
      if (pod !== undefined) fleet.world.pods.kubelets.hold(pod);
    }
    return { ids: fault.members.map((target) => memberOf(fleet, target).member) };
  },
  end(fleet, fault) {
    if (fault.failure === 'data') return;
    for (const target of fault.members) {
      fleet.world.ensembles.release(memberOf(fleet, target).member);
      const pod = findPod(fleet, { ...target, component: 'etcd' });
      if (pod !== undefined) fleet.world.pods.kubelets.release(pod);
    }
  },
};
