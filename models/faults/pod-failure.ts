import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId } from '../ids.ts';
import type { PodFailure } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { Finding } from './finding.ts';
import { findPods, isMeant, recall, remember } from './pods.ts';

/** Only an API that answers deletes anything. */
function isDeletable({ world: { clusters, pods } }: BuiltFleet, pod: PodId): boolean {
  return clusters.apiUp(pods.cluster(pod));
}

/**
 * Containers of control-plane pods crash at every try while the fault lasts, and come up with the first try after it (a crash alone is
 * restarted at once, unless it is one of many), or pods are deleted. What makes all pods of a component crash is no matter of one pod (a certificate, a
 * configuration, the image), so that those that come meanwhile crash as well, until it is over; a single pod takes its trouble with it.
 */
export const podFailure: Effect<PodFailure> = {
  find(fleet, { pods, only, failure }) {
    const finding = new Finding<PodId>();
    findPods(fleet, pods, finding);
    const found = finding.found(only);
    if (failure !== 'delete') return found;
    const silent = (found.ids as readonly PodId[]).filter((pod) => !isDeletable(fleet, pod));
    const { clusters, pods: all } = fleet.world;
    const apis = new Set(silent.map((pod) => clusters.names[all.cluster(pod)]!));
    const unanswered = [...apis].map(
      (name) => `the API of ${name} does not answer, so that nothing is deleted`,
    );
    const reached = (found.ids as readonly PodId[]).flatMap((pod, i) => (silent.includes(pod) ? [] : [i]));
    return {
      ids: reached.map((i) => found.ids[i]!),
      names: reached.map((i) => found.names[i]!),
      missing: [...found.missing, ...unanswered],
    };
  },
  begin(fleet, fault, found) {
    const pods = found.ids as readonly PodId[];
    const hit = remember(fleet, pods);
    if (fault.failure === 'delete') for (const pod of pods) fleet.world.pods.delete(pod);
    else for (const pod of pods) fleet.world.pods.kubelets.hold(pod);
    return hit;
  },
  joined(fleet, { failure, only, pods }, pod) {
    if (failure === 'delete' || only !== undefined || !isMeant(fleet, pods, pod)) return false;
    fleet.world.pods.kubelets.hold(pod);
    return true;
  },
  end(fleet, fault, hit) {
    if (fault.failure === 'delete') return;
    for (const pod of recall(fleet, hit)) fleet.world.pods.kubelets.release(pod);
  },
};
