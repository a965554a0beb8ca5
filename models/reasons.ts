/**
 * Why a service is below 1, right now: the state of the one pod that it waits for most, and the fact from which that follows.
 * The API is looked at again while it is away, so that its outages fall into phases: stale endpoint, toleration, scheduling, start.
 */
import { NONE } from '../sim/entities.ts';
import { BEGINNING, type CauseId } from '../sim/facts.ts';
import type { Ensembles } from './etcd/ensembles.ts';
import type { HostedControlPlanes } from './hosted/control-planes.ts';
import type { Role } from './hosted/roles.ts';
import type { ClusterId, EnsembleId, PodId, SetId } from './ids.ts';
import type { Endpoints } from './kubernetes/endpoints.ts';
import type { Leadership } from './kubernetes/leadership.ts';
import { PHASE, type Pods } from './kubernetes/pods.ts';
import type { Service } from './services.ts';

/** What a service waits for, in words about the pod concerned. In order of progress: the last is closest to doing its part. */
const REASONS = {
  noPod: () => 'no such pod exists',
  noAgent: () => 'no Konnectivity agent to reach the data plane through',
  terminating: (pod: string) => `${pod} Terminating on a lost node`,
  pending: (pod: string) => `${pod} Pending`,
  containerDown: (pod: string) => `${pod} down`,
  onLostNode: (pod: string) => `${pod} on a lost node`,
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

export interface Reason {
  readonly set: SetId;
  readonly ordinal: number;
  readonly reason: number;
  /** The fact that it follows from, where that is known better than by what was just happening. */
  readonly cause?: CauseId;
}

/** Pod and reason in one number, for facts and comparison. */
export function encodeReason({ ordinal, reason }: Reason): number {
  return ordinal * NAMES.length + reason;
}

/** An encoded reason in words. */
export function tellReason(set: string, code: number): string {
  return REASONS[NAMES[code % NAMES.length]!](`${set}-${Math.floor(code / NAMES.length)}`);
}

/** What the scheduler knows of a pod that it could not place. */
export interface Refusals {
  refusal(pod: PodId): CauseId;
}

/** What a service hangs on, besides the pods of its own. */
type Basis = Extract<Service, 'api' | 'controllers' | 'tunnel' | 'management'>;

export class Reasons {
  constructor(
    readonly pods: Pods,
    readonly endpoints: Endpoints,
    readonly ensembles: Ensembles,
    readonly leadership: Leadership,
    readonly scheduler: Refusals,
    readonly hosted: HostedControlPlanes,
    /** The etcd of a management cluster. */
    readonly managementEtcd: (cluster: ClusterId) => EnsembleId,
    /** The fact of the last step of another service of the cluster. */
    readonly stepOf: (cluster: ClusterId, service: Basis) => CauseId,
  ) {}

  /** The reason for a service below 1: a pod, or only a fact, or undefined when what just happened says it all. */
  of(cluster: ClusterId, service: Service): Reason | { readonly cause: CauseId } | undefined {
    switch (service) {
      case 'api':
        return this.#api(cluster);
      case 'etcd':
        return { cause: this.ensembles.lastLoss.at(this.hosted.ensemble.at(cluster)) };
      case 'controllers':
        return this.hosted.clusters.apiUp(cluster)
          ? { cause: this.leadership.lastLoss(cluster, ['kube-controller-manager', 'kube-scheduler']) }
          : { cause: this.stepOf(cluster, 'api') };
      case 'tunnel':
        return this.#failing(cluster, ['kube-apiserver']);
      case 'oauth':
        return (
          this.#behindApi(cluster, ['oauth-openshift', 'openshift-oauth-apiserver']) ??
          this.#dataPlane(cluster)
        );
      case 'join':
        return this.#join(cluster);
      case 'management':
        return { cause: this.ensembles.lastLoss.at(this.managementEtcd(cluster)) };
      case 'lifecycle':
        return this.hosted.clusters.apiUp(cluster)
          ? { cause: this.leadership.lastLoss(cluster, ['operator']) }
          : this.#step(cluster, 'management');
      default:
        return undefined;
    }
  }

  #api(cluster: ClusterId): Reason {
    const ensemble = this.hosted.ensemble.at(cluster);
    if (this.ensembles.serving(ensemble)) {
      return this.#furthest(this.hosted.set(cluster, 'kube-apiserver') as SetId);
    }
    const etcd = this.hosted.set(cluster, 'etcd') as SetId;
    const cause = this.ensembles.lastLoss.at(ensemble);
    if (this.ensembles.hasQuorum(ensemble)) return { set: etcd, ordinal: 0, reason: REASON.electing, cause };
    const member = this.#furthest(etcd);
    return cause === BEGINNING ? member : { ...member, cause };
  }

  #behindApi(cluster: ClusterId, roles: readonly Role[]): Reason | { readonly cause: CauseId } | undefined {
    return this.hosted.clusters.apiUp(cluster) ? this.#failing(cluster, roles) : this.#step(cluster, 'api');
  }

  #join(cluster: ClusterId): Reason | { readonly cause: CauseId } | undefined {
    const led = (['kube-controller-manager', 'kube-scheduler'] as const).every((l) =>
      this.leadership.held(cluster, l),
    );
    if (!led || !this.hosted.clusters.apiUp(cluster)) return this.#step(cluster, 'controllers');
    return this.#approver(cluster) ?? this.#failing(cluster, ['ignition-server', 'ignition-server-proxy']);
  }

  #dataPlane(cluster: ClusterId): Reason | { readonly cause: CauseId } {
    if (this.hosted.konnectivity.agents(cluster) > 0) return this.#step(cluster, 'tunnel');
    return { set: this.hosted.set(cluster, 'kube-apiserver') as SetId, ordinal: 0, reason: REASON.noAgent };
  }

  #step(cluster: ClusterId, service: Basis): { readonly cause: CauseId } {
    return { cause: this.stepOf(cluster, service) };
  }

  /** The first of these components that fails requests: by a stale endpoint, or because nobody answers at all. */
  #failing(cluster: ClusterId, roles: readonly Role[]): Reason | undefined {
    for (const role of roles) {
      const set = this.hosted.set(cluster, role);
      if (set === NONE) continue;
      const { listed, live } = this.hosted.share(cluster, role);
      if (live < listed || listed === 0) return this.#furthest(set as SetId);
    }
    return undefined;
  }

  /** The machine approver, while it does not run. */
  #approver(cluster: ClusterId): Reason | undefined {
    const set = this.hosted.set(cluster, 'machine-approver');
    return set === NONE || this.pods.runningOf.at(set as SetId) > 0
      ? undefined
      : this.#furthest(set as SetId);
  }

  #stale(pod: PodId): boolean {
    return this.endpoints.listed(pod) && !this.pods.isRunning(pod);
  }

  /** Of the pods that do not do their part, a stale endpoint first, else the one that is closest to doing it. */
  #furthest(set: SetId): Reason {
    let best: Reason = { set, ordinal: 0, reason: REASON.noPod };
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (this.pods.isRunning(pod) && this.endpoints.inUse(pod)) continue;
      const reason = this.#stale(pod) ? REASON.stale : this.#stateOf(pod);
      if (reason > best.reason)
        best = { set, ordinal: this.pods.ordinal.at(pod), reason, ...this.#causeOf(pod, reason) };
    }
    return best;
  }

  #causeOf(pod: PodId, reason: number): { cause: CauseId } | Record<string, never> {
    if (reason === REASON.pending) return { cause: this.scheduler.refusal(pod) };
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
