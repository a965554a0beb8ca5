/** Which pod of a component is to blame, and for what: of those that do not do their part, the one that is closest to doing it. */
import { NONE } from '../../sim/entities.ts';
import { BEGINNING } from '../../sim/facts.ts';
import type { HostedControlPlanes } from '../hosted/control-planes.ts';
import type { Role } from '../hosted/roles.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import type { Endpoints } from '../kubernetes/endpoints.ts';
import { PHASE } from '../kubernetes/pod-phases.ts';
import type { Pods } from '../kubernetes/pods.ts';
import { isUpdating } from '../kubernetes/rolling-update.ts';
import type { Refusals } from '../scheduler/refused.ts';
import { type PlainCause, REASON, type Reason } from './reason.ts';

/** Whom blame is asked of. */
export interface BlameSources {
  readonly pods: Pods;
  readonly endpoints: Endpoints;
  readonly hosted: HostedControlPlanes;
  readonly refusals: Refusals;
}

/** Reasons that follow from what the pod stopped for. */
const STOPPED: readonly number[] = [
  REASON.stale,
  REASON.onLostNode,
  REASON.containerDown,
  REASON.stopping,
  REASON.backingOff,
  REASON.stopping,
];

export class Blame {
  readonly #of: BlameSources;

  constructor(sources: BlameSources) {
    this.#of = sources;
  }

  /** The first pod of these components that the network keeps from those who are sent to it. */
  cut(cluster: ClusterId, roles: readonly Role[], kept: (pod: PodId) => boolean): Reason | undefined {
    const { pods, endpoints, hosted } = this.#of;
    for (const role of roles) {
      const set = hosted.set(cluster, role);
      if (set === NONE) continue;
      const cut = pods.ofSet.list(set as SetId).find((pod) => endpoints.listed(pod) && kept(pod));
      if (cut !== undefined)
        return { set: set as SetId, ordinal: pods.ordinal.at(cut), reason: REASON.unreached };
    }
    return undefined;
  }

  /** The first of these components that fails requests: by a stale endpoint, or because nobody answers at all. */
  failing(cluster: ClusterId, roles: readonly Role[]): Reason | undefined {
    for (const role of roles) {
      const set = this.#of.hosted.set(cluster, role);
      if (set === NONE) continue;
      const { listed, live } = this.#of.hosted.share(cluster, role);
      if (live === 0 && listed > 0) return this.#whileReplaced(this.furthest(set as SetId));
      if (live < listed || listed === 0) return this.furthest(set as SetId);
    }
    return undefined;
  }

  /** Everything is sent to a pod that was lost because a rollout replaces the others: without it the loss would cost a share. */
  #whileReplaced(reason: Reason): Reason {
    const { pods } = this.#of;
    const { set, ordinal } = reason;
    if (reason.reason !== REASON.stale || !isUpdating(pods.sets, pods, set)) return reason;
    let isAlone = false;
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
      if (pods.ordinal.at(pod) !== ordinal) isAlone ||= this.#isReplaced(pod);
      else if (pods.terminating(pod)) return reason;
    }
    return isAlone ? { ...reason, reason: REASON.staleAlone } : reason;
  }
  /** It goes, or is what comes instead: nothing but its own time keeps it. */
  #isReplaced(pod: PodId): boolean {
    const { pods } = this.#of;
    const node = pods.node.at(pod);
    return node === NONE
      ? !pods.terminating(pod)
      : pods.contact.present(node) && !this.#of.endpoints.listed(pod);
  }

  /** Of the pods that do not do their part, a stale endpoint first, else the one that is closest to doing it. */
  furthest(set: SetId): Reason {
    const { pods, endpoints } = this.#of;
    let best: Reason = pods.controllers.scaledToZero(set)
      ? { set, ordinal: 0, reason: REASON.scaledDown, cause: pods.controllers.scaledFor(set) }
      : { set, ordinal: 0, reason: REASON.noPod };
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
      const useless = this.#uselessFor(pod);
      if (useless === undefined && pods.isRunning(pod) && endpoints.inUse(pod)) continue;
      const reason = useless ?? this.#stateOf(pod);
      if (reason > best.reason)
        best = { set, ordinal: pods.ordinal.at(pod), reason, ...this.#causeOf(pod, reason) };
    }
    return best;
  }

  /** Why requests that are sent to the pod fail, or undefined. */
  #uselessFor(pod: PodId): number | undefined {
    const { pods, endpoints, hosted } = this.#of;
    if (!endpoints.listed(pod)) return undefined;
    if (!pods.isRunning(pod)) return REASON.stale;
    if (hosted.answers(pod)) return undefined;
    return hosted.needsEtcd(pod) ? REASON.cutOff : REASON.cutOffFromApi;
  }

  /** For a pod that stopped, or is told to, what it does so for; for one without a node, why it has none. Of others what just happened is the cause. */
  #causeOf(pod: PodId, reason: number): PlainCause | Record<string, never> {
    if (reason === REASON.pending) return { cause: this.#of.refusals.refusal(pod) };
    const stopped = STOPPED.includes(reason);
    const cause = this.#of.pods.containers.stoppedFor.at(pod);
    return stopped && cause !== BEGINNING ? { cause } : {};
  }

  #stateOf(pod: PodId): number {
    const { pods } = this.#of;
    if (pods.terminating(pod)) {
      const heard = pods.node.at(pod) !== NONE && pods.contact.present(pods.node.at(pod));
      return heard ? REASON.stopping : REASON.terminating;
    }
    switch (pods.containers.phase(pod)) {
      case PHASE.pending:
        return REASON.pending;
      case PHASE.creating:
        return REASON.creating;
      case PHASE.waiting:
        return REASON.waiting;
      case PHASE.starting:
        return REASON.starting;
      case PHASE.running:
        return REASON.unlisted;
      default:
        if (pods.containers.restarts.backingOff(pod)) return REASON.backingOff;
        return pods.machines.running(pods.node.at(pod)) ? REASON.containerDown : REASON.onLostNode;
    }
  }
}
