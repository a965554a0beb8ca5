/** The leases that a cluster's components hang on, and what it means for the cluster that one is held. */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { CauseId } from '../../sim/facts.ts';
import type { ClusterId, LeaseId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { LeaseSpec, Leases } from './leases.ts';

export const LEADERS = [
  'kube-controller-manager',
  'kube-scheduler',
  'operator',
  'openshift-controller-manager',
  'openshift-route-controller-manager',
  'cluster-policy-controller',
  'cloud-controller-manager',
  'control-plane-operator',
  'hosted-cluster-config-operator',
  'cluster-network-operator',
  'cluster-api',
  'capi-provider',
  'cluster-autoscaler',
] as const;
export type Leader = (typeof LEADERS)[number];

export function isLeader(role: string): role is Leader {
  return (LEADERS as readonly string[]).includes(role);
}

/** The groups of lease times among the parameters. */
export type LeaseTiming = 'controllerManager' | 'scheduler' | 'component' | 'operator';

export interface LeaseTerms {
  readonly timing: LeaseTiming;
  /** In whose API the lease lives. */
  readonly api: ClusterId;
  /** A holder that is stopped in good order gives it back. */
  readonly releases: boolean;
}

export class Leadership {
  readonly #lease: Readonly<Record<Leader, I32Column<ClusterId, LeaseId>>>;
  readonly #specs: Readonly<Record<LeaseTiming, LeaseSpec>>;
  readonly #cluster: ClusterId[] = [];
  readonly #leader: Leader[] = [];
  readonly #releases: boolean[] = [];

  /** A leader appeared or vanished; the cluster has been told already. */
  readonly changed = new Signal<[cluster: ClusterId, leader: Leader, held: boolean]>();

  constructor(
    readonly clusters: Clusters,
    readonly leases: Leases,
    parameters: ParameterValues,
  ) {
    const column = (leader: Leader) => [leader, clusters.table.i32(`lease:${leader}`, NONE)];
    this.#lease = Object.fromEntries(LEADERS.map(column));
    this.#specs = {
      controllerManager: specOf(parameters, 'controllerManager'),
      scheduler: specOf(parameters, 'scheduler'),
      component: specOf(parameters, 'component'),
      operator: specOf(parameters, 'operator'),
    };
    leases.changed.subscribe((lease, held) => this.#changed(lease, held));
  }

  /**
   * Gives a cluster the lease for a leader, with so many candidates.
   * @param spare further ones that may come
   */
  add(cluster: ClusterId, leader: Leader, candidates: number, terms: LeaseTerms, spare = 0): void {
    const name = `${leader} of ${this.clusters.names[cluster]}`;
    const lease = this.leases.add(name, terms.api, this.#specs[terms.timing], candidates, spare);
    this.#lease[leader].set(cluster, lease);
    this.#cluster[lease] = cluster;
    this.#leader[lease] = leader;
    this.#releases[lease] = terms.releases;
    if (candidates === 0) this.#changed(lease, false);
  }

  held(cluster: ClusterId, leader: Leader): boolean {
    const lease = this.#lease[leader].at(cluster);
    return lease !== NONE && this.leases.held(lease);
  }
  /** Somebody holds the lease, or the cluster has no such component. */
  heldIfAny(cluster: ClusterId, leader: Leader): boolean {
    return this.#lease[leader].at(cluster) === NONE || this.held(cluster, leader);
  }
  /** In whose API a leader's lease lives; of a leader that the cluster has. */
  api(cluster: ClusterId, leader: Leader): ClusterId {
    return this.leases.api(this.#lease[leader].at(cluster));
  }
  /** Leases of the components of a cluster, wherever they live. */
  of(cluster: ClusterId): LeaseId[] {
    return LEADERS.map((leader) => this.#lease[leader].at(cluster)).filter((lease) => lease !== NONE);
  }

  /** The leases of a hosted cluster's components that live in one management cluster's API begin anew in another's. */
  rehouse(cluster: ClusterId, from: ClusterId, to: ClusterId): void {
    for (const lease of this.of(cluster)) if (this.leases.api(lease) === from) this.leases.rehouse(lease, to);
  }

  /** The fact by which the first of these leaders that is missing got lost. */
  lastLoss(cluster: ClusterId, leaders: readonly Leader[]): CauseId {
    const missing = leaders.find((leader) => !this.held(cluster, leader)) ?? leaders[0]!;
    return this.leases.lastLoss.at(this.#lease[missing].at(cluster));
  }

  /** The cluster that hangs on a lease, wherever the lease lives. */
  servedBy(lease: LeaseId): ClusterId {
    return this.#cluster[lease]!;
  }
  candidateUp(cluster: ClusterId, leader: Leader, ordinal: number): void {
    this.leases.recovered(this.leases.candidate(this.#lease[leader].at(cluster), ordinal));
  }
  /** @param ordered the process was asked to stop and did so in its own time */
  candidateDown(cluster: ClusterId, leader: Leader, ordinal: number, ordered = false): void {
    const lease = this.#lease[leader].at(cluster);
    const candidate = this.leases.candidate(lease, ordinal);
    if (ordered && this.#releases[lease]) this.leases.released(candidate);
    else this.leases.down(candidate);
  }
  /** The network keeps the candidate from the API in which the lease lives, or lets it through. */
  setConnected(cluster: ClusterId, leader: Leader, ordinal: number, connected: boolean): void {
    const candidate = this.leases.candidate(this.#lease[leader].at(cluster), ordinal);
    if (connected) this.leases.connected(candidate);
    else this.leases.cutOff(candidate);
  }
  /** At the beginning of a run: the candidate has no node. */
  candidateMissing(cluster: ClusterId, leader: Leader, ordinal: number): void {
    this.leases.missing(this.leases.candidate(this.#lease[leader].at(cluster), ordinal));
  }

  #changed(lease: LeaseId, held: boolean): void {
    const cluster = this.#cluster[lease]!;
    const leader = this.#leader[lease]!;
    if (leader === 'kube-controller-manager') this.clusters.setControllers(cluster, held);
    if (leader === 'kube-scheduler') this.clusters.setScheduler(cluster, held);
    this.changed.emit(cluster, leader, held);
  }
}

function specOf({ lease }: ParameterValues, timing: LeaseTiming): LeaseSpec {
  return {
    duration: lease[`${timing}Duration`],
    renew: lease[`${timing}Renew`],
    retry: lease[`${timing}Retry`],
  };
}
