/** The leases that a cluster's control plane hangs on, and what it means for the cluster that one is held. */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { CauseId } from '../../sim/facts.ts';
import type { ClusterId, LeaseId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { LeaseSpec, Leases } from './leases.ts';

export const LEADERS = ['kube-controller-manager', 'kube-scheduler', 'operator'] as const;
export type Leader = (typeof LEADERS)[number];

export class Leadership {
  readonly #lease: Readonly<Record<Leader, I32Column<ClusterId, LeaseId>>>;
  readonly #cluster: ClusterId[] = [];
  readonly #leader: Leader[] = [];

  /** A leader appeared or vanished; the cluster has been told already. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly clusters: Clusters,
    readonly leases: Leases,
    readonly parameters: ParameterValues,
  ) {
    const column = (leader: Leader): I32Column<ClusterId, LeaseId> =>
      clusters.table.i32(`lease:${leader}`, NONE);
    this.#lease = {
      'kube-controller-manager': column('kube-controller-manager'),
      'kube-scheduler': column('kube-scheduler'),
      operator: column('operator'),
    };
    leases.changed.subscribe((lease, held) => this.#changed(lease, held));
  }

  /** Gives a cluster the lease for a leader, with so many candidates. */
  add(cluster: ClusterId, leader: Leader, candidates: number): void {
    const name = `${leader} of ${this.clusters.names[cluster]}`;
    const lease = this.leases.add(name, cluster, this.#spec(leader), candidates);
    this.#lease[leader].set(cluster, lease);
    this.#cluster[lease] = cluster;
    this.#leader[lease] = leader;
    if (candidates === 0) this.#changed(lease, false);
  }

  held(cluster: ClusterId, leader: Leader): boolean {
    const lease = this.#lease[leader].at(cluster);
    return lease !== NONE && this.leases.held(lease);
  }

  /** The fact by which the first of these leaders that is missing got lost. */
  lastLoss(cluster: ClusterId, leaders: readonly Leader[]): CauseId {
    const missing = leaders.find((leader) => !this.held(cluster, leader)) ?? leaders[0]!;
    return this.leases.lastLoss.at(this.#lease[missing].at(cluster));
  }

  candidateUp(cluster: ClusterId, leader: Leader, ordinal: number): void {
    this.leases.recovered(this.leases.candidate(this.#lease[leader].at(cluster), ordinal));
  }
  candidateDown(cluster: ClusterId, leader: Leader, ordinal: number): void {
    this.leases.down(this.leases.candidate(this.#lease[leader].at(cluster), ordinal));
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

  #spec(leader: Leader): LeaseSpec {
    const p = this.parameters.lease;
    if (leader === 'kube-scheduler')
      return { duration: p.schedulerDuration, renew: p.schedulerRenew, retry: p.schedulerRetry };
    if (leader === 'operator')
      return { duration: p.operatorDuration, renew: p.operatorRenew, retry: p.operatorRetry };
    return {
      duration: p.controllerManagerDuration,
      renew: p.controllerManagerRenew,
      retry: p.controllerManagerRetry,
    };
  }

  #changed(lease: LeaseId, held: boolean): void {
    const cluster = this.#cluster[lease]!;
    if (this.#leader[lease] === 'kube-controller-manager') this.clusters.setControllers(cluster, held);
    if (this.#leader[lease] === 'kube-scheduler') this.clusters.setScheduler(cluster, held);
    this.changed.emit(cluster);
  }
}
