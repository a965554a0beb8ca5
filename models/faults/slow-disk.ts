import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import { STUCK } from '../etcd/disks.ts';
import type { ClusterId, MemberId, NodeId, SetId, SlownessId } from '../ids.ts';
import type { SlowDisk } from '../plan/faults.ts';
import { etcdStorageClass } from '../plan/fleet.ts';
import type { Effect } from './effect.ts';
import { memberOf } from './members.ts';

/** Members of the management etcd on the node, and those of hosted clusters whose volume is bound to it. */
function membersOnDisksOf({ world }: BuiltFleet, node: NodeId): MemberId[] {
  const cluster = world.machines.cluster.at(node);
  const own = world.management.memberOn(node);
  const members = own === NONE ? [] : [own as MemberId];
  for (const set of world.sets.ofCluster.list(cluster)) {
    const served = world.sets.serves.at(set);
    if (world.hosted.set(served, 'etcd') !== set) continue;
    world.ensembles.members.of.list(world.hosted.ensemble.at(served)).forEach((member, ordinal) => {
      if (world.volumes.nodeOf(set as SetId, ordinal) === node) members.push(member);
    });
  }
  return members;
}

function membersInClass(
  { world, plan, hostedClusters }: BuiltFleet,
  { managementCluster, name }: SlowDisk['storageClasses'][number],
): MemberId[] {
  const { clusters } = world;
  return plan.hostedClusters.flatMap((hosted) => {
    const cluster = hostedClusters.get(hosted.name) as ClusterId;
    const here = clusters.names[clusters.host.at(cluster)] === managementCluster;
    const { etcd } = hosted;
    if (!here || etcdStorageClass({ etcd, managementCluster }, plan)?.name !== name) return [];
    return world.ensembles.members.of.list(world.hosted.ensemble.at(cluster));
  });
}

/** Disks under etcd take very long for every write, or do not answer at all; the data stays. */
export const slowDisk: Effect<SlowDisk> = {
  begin(fleet, fault) {
    const storage = [
      ...fault.nodes.flatMap((name) => membersOnDisksOf(fleet, fleet.nodes.get(name)!)),
      ...fault.storageClasses.flatMap((storageClass) => membersInClass(fleet, storageClass)),
    ];
    const volumes = fault.members.map((member) => memberOf(fleet, member).member);
    const { disks } = fleet.world;
    const fsync = fault.fsync ?? STUCK;
    return {
      ids: [
        ...storage.map((member) => disks.slow(member, fsync)),
        ...volumes.map((member) => disks.slow(member, fsync, 'volume')),
      ],
    };
  },
  end(fleet, _fault, hit) {
    for (const slowness of hit.ids) fleet.world.disks.mend(slowness as SlownessId);
  },
};
