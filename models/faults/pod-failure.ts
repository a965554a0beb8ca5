import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId } from '../ids.ts';
import type { PodFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { findPod, recall, remember } from './pods.ts';

/** Only an API that answers deletes anything. */
function deletePods({ world }: BuiltFleet, pods: readonly PodId[]): void {
  for (const pod of pods) if (world.clusters.apiUp(world.pods.cluster(pod))) world.pods.delete(pod);
}

/**
 * Containers of control-plane pods crash at every try while the fault lasts, and come up with the first try after it (a crash alone is
 * restarted at once, unless it is one of many), or pods are deleted.
 */
export const podFailure: Effect<PodFailure> = {
  begin(fleet, fault) {
    const found = fault.pods.map((target) => findPod(fleet, target));
    const pods = found.filter((pod): pod is PodId => pod !== undefined);
    const hit = remember(fleet, pods);
    if (fault.failure === 'delete') deletePods(fleet, pods);
    else for (const pod of pods) fleet.world.pods.kubelets.hold(pod);
    return hit;
  },
  end(fleet, fault, hit) {
    if (fault.failure === 'delete') return;
    for (const pod of recall(fleet, hit)) fleet.world.pods.kubelets.release(pod);
  },
};
