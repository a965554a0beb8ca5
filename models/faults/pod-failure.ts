import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId } from '../ids.ts';
import type { EtcdMemberFailure, PodFailure, PodTarget } from '../plan/faults.ts';
import type { Effect, Hit } from './effect.ts';
import { findPod, recall, remember } from './pods.ts';

function crash(fleet: BuiltFleet, targets: readonly PodTarget[]): Hit {
  const pods = targets
    .map((target) => findPod(fleet, target))
    .filter((pod): pod is PodId => pod !== undefined);
  for (const pod of pods) fleet.world.pods.hold(pod);
  return remember(fleet, pods);
}

function restart(fleet: BuiltFleet, hit: Hit): void {
  for (const pod of recall(fleet, hit)) fleet.world.pods.release(pod);
}

/** Containers of control-plane pods crash and stay down while the fault lasts; a crash alone is restarted at once. */
export const podFailure: Effect<PodFailure> = {
  begin: (fleet, fault) => crash(fleet, fault.pods),
  end: (fleet, _fault, hit) => restart(fleet, hit),
};

/** The process of etcd members stops; its data stays. */
export const etcdMemberFailure: Effect<EtcdMemberFailure> = {
  begin: (fleet, fault) =>
    crash(
      fleet,
      fault.members.map((member) => ({ ...member, component: 'etcd' })),
    ),
  end: (fleet, _fault, hit) => restart(fleet, hit),
};
