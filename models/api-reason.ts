/**
 * Why a hosted API does not answer fully, right now: the state of the one pod that it waits for most. Recomputed while the API is away,
 * so that an outage falls into its phases: stale endpoint, toleration, scheduling, start.
 */
import { NONE } from '../sim/entities.ts';
import type { CauseId } from '../sim/facts.ts';
import type { Ensembles } from './etcd/ensembles.ts';
import type { HostedControlPlanes } from './hosted/control-planes.ts';
import type { ClusterId, PodId, SetId } from './ids.ts';
import type { Endpoints } from './kubernetes/endpoints.ts';
import { PHASE, type Pods } from './kubernetes/pods.ts';

/** What keeps the API from answering, in words about the pod concerned. In order of progress: the last is closest to an answer. */
const REASONS = {
  noPod: () => 'no such pod exists',
  containerDown: (pod: string) => `${pod} down`,
  onLostNode: (pod: string) => `${pod} on a lost node`,
  terminating: (pod: string) => `${pod} Terminating on a lost node`,
  pending: (pod: string) => `${pod} Pending`,
  creating: (pod: string) => `${pod} being created`,
  waiting: (pod: string) => `${pod} waits in its init container`,
  starting: (pod: string) => `${pod} starting`,
  unlisted: (pod: string) => `${pod} not listed as an endpoint`,
  electing: () => 'etcd elects a leader',
  stale: (pod: string) => `endpoint of ${pod} stale`,
} as const;

const NAMES = Object.keys(REASONS) as readonly (keyof typeof REASONS)[];
/** Reasons as numbers, in their order. */
const REASON = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Readonly<
  Record<keyof typeof REASONS, number>
>;

export interface ApiReason {
  readonly set: SetId;
  readonly ordinal: number;
  readonly reason: number;
  /** The fact that it follows from, where that is known better than by what was just happening. */
  readonly cause?: CauseId;
}

/** Pod and reason in one number, for facts and comparison. */
export function encodeReason({ ordinal, reason }: ApiReason): number {
  return ordinal * NAMES.length + reason;
}

/** An encoded reason in words. */
export function tellReason(set: string, code: number): string {
  return REASONS[NAMES[code % NAMES.length]!](`${set}-${Math.floor(code / NAMES.length)}`);
}

export class ApiReasons {
  constructor(
    readonly pods: Pods,
    readonly endpoints: Endpoints,
    readonly ensembles: Ensembles,
    readonly hosted: HostedControlPlanes,
  ) {}

  /** The reason for an API below 1. */
  of(cluster: ClusterId): ApiReason {
    const servers = this.hosted.set(cluster, 'kube-apiserver') as SetId;
    const ensemble = this.hosted.ensemble.at(cluster);
    if (!this.ensembles.serving(ensemble)) {
      const etcd = this.hosted.set(cluster, 'etcd') as SetId;
      const cause = this.ensembles.lossOfQuorum.at(ensemble);
      if (this.ensembles.hasQuorum(ensemble))
        return { set: etcd, ordinal: 0, reason: REASON.electing, cause };
      return { ...this.#furthest(etcd, (pod) => this.#stateOf(pod)), cause };
    }
    return this.#furthest(servers, (pod) => (this.#stale(pod) ? REASON.stale : this.#stateOf(pod)));
  }

  #stale(pod: PodId): boolean {
    return this.endpoints.listed(pod) && !this.pods.isRunning(pod);
  }

  /** Of the pods that do not do their part, a stale endpoint first, else the one that is closest to doing it. */
  #furthest(set: SetId, stateOf: (pod: PodId) => number): ApiReason {
    let best: ApiReason = { set, ordinal: 0, reason: REASON.noPod };
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (this.pods.isRunning(pod) && this.endpoints.listed(pod)) continue;
      const reason = stateOf(pod);
      if (reason > best.reason)
        best = { set, ordinal: this.pods.ordinal.at(pod), reason, ...this.#causeOf(pod, reason) };
    }
    return best;
  }

  #causeOf(pod: PodId, reason: number): { cause: CauseId } | Record<string, never> {
    const node = this.pods.node.at(pod);
    const byNode =
      (reason === REASON.stale || reason === REASON.onLostNode) && !this.pods.machines.running(node);
    return byNode ? { cause: this.pods.machines.lastChange(node) } : {};
  }

  #stateOf(pod: PodId): number {
    if (this.pods.terminating(pod)) return REASON.terminating;
    switch (this.pods.phase(pod)) {
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
        return this.pods.machines.running(this.pods.node.at(pod)) ? REASON.containerDown : REASON.onLostNode;
    }
  }
}
