import type { PodId } from '../ids.ts';
import type { PodFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { findPod, recall, remember } from './pods.ts';

/** Containers of control-plane pods crash and stay down while the fault lasts; a crash alone is restarted at once. */
export const podFailure: Effect<PodFailure> = {
  begin(fleet, fault) {
    const found = fault.pods.map((target) => findPod(fleet, target));
    const pods = found.filter((pod): pod is PodId => pod !== undefined);
    for (const pod of pods) fleet.world.pods.hold(pod);
    return remember(fleet, pods);
  },
  end(fleet, _fault, hit) {
    for (const pod of recall(fleet, hit)) fleet.world.pods.release(pod);
  },
};
