import type { EtcdMemberReplacement } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { memberOf } from './members.ts';

/** Claims and pods of members are deleted, as documented for one that is beyond repair. Nothing is there to end. */
export const etcdMemberReplacement: Effect<EtcdMemberReplacement> = {
  begin(fleet, fault) {
    const members = fault.members.map((target) => ({ ...target, ...memberOf(fleet, target) }));
    for (const { cluster, ordinal } of members) fleet.world.memberData.replace(cluster, ordinal);
    return { ids: members.map(({ member }) => member) };
  },
  end() {},
};
