/**
 * Disruption budgets and the Eviction API that asks them. A voluntary eviction goes through only while enough healthy pods remain after
 * it; losses of nodes, taints and deletions ask nobody (kubernetes/kubernetes pkg/registry/core/pod/storage/eviction.go and
 * pkg/controller/disruption/disruption.go).
 *
 * What counts as healthy is what the API believes: a pod on a node that fell silent is healthy until the node lifecycle controller says
 * otherwise. The allowance is written by the disruption controller, so without a controller manager what it last wrote is used up
 * and never renewed.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { CauseId, FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import type { BudgetPlan } from '../plan/fleet.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Endpoints } from './endpoints.ts';
import type { Pods } from './pods.ts';

const BOUND = { none: 0, minAvailable: 1, maxUnavailable: 2 } as const;

/** What the Eviction API answers: the pod is being deleted, its budget forbids it for now (429), or nobody answered. */
export type Verdict = 'evicted' | 'refused' | 'unanswered';

export class DisruptionBudgets {
  readonly #bound: U8Column<SetId>;
  /** Pods, or a share of those wanted. */
  readonly #amount: F64Column<SetId>;
  readonly #relative: U8Column<SetId>;
  /** Pods that are not Ready may always go (unhealthyPodEvictionPolicy AlwaysAllow). */
  readonly #unhealthyMayGo: U8Column<SetId>;
  /** What the disruption controller wrote before it fell silent, less what was evicted since. */
  readonly #left: I32Column<SetId>;
  /** Some eviction of the pod was refused already: it is told once. */
  readonly #refused: U8Column<PodId>;
  readonly #refusedFact: FactKind;

  /**
   * Whether an eviction is refused whatever the budget says: of a pod that stays, or that is moved instead. Given by the model of virtual
   * machines.
   */
  guard: (pod: PodId) => 'free' | 'moves' | 'stays' = () => 'free';
  /** An eviction from the set that was refused may go through now. */
  readonly loosened = new Signal<[set: SetId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly endpoints: Endpoints,
  ) {
    const sets = pods.sets.table;
    this.#bound = sets.u8('budget', BOUND.none);
    this.#amount = sets.f64('budgetAmount');
    this.#relative = sets.u8('budgetRelative');
    this.#unhealthyMayGo = sets.u8('unhealthyMayGo');
    this.#left = sets.i32('disruptionsLeft');
    this.#refused = pods.table.u8('evictionRefused');
    this.#refusedFact = sim.factKind('eviction-refused');
    endpoints.believed.subscribe((pod) => this.#changed(pods.set.at(pod)));
    pods.terminated.subscribe((pod) => this.#changed(pods.set.at(pod)));
    clusters.controllersChanged.subscribe((cluster, live) => this.#controllersChanged(cluster, live));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#loosenAll(cluster));
  }

  /** Puts the pods of a set under a budget. */
  give(set: SetId, budget: BudgetPlan): void {
    this.#bound.set(set, BOUND[budget.bound]);
    this.#amount.set(set, budget.amount);
    this.#relative.set(set, budget.relative ? 1 : 0);
    this.#unhealthyMayGo.set(set, budget.unhealthyPods === 'AlwaysAllow' ? 1 : 0);
  }
  has(set: SetId): boolean {
    return this.#bound.at(set) !== BOUND.none;
  }

  /** Healthy pods that must remain, of those that the set wants. Shares of pods are rounded up, as the disruption controller does. */
  desiredHealthy(set: SetId): number {
    const wanted = this.pods.sets.replicas.at(set);
    const amount = this.#amount.at(set);
    const pods = this.#relative.at(set) === 1 ? Math.ceil(amount * wanted) : amount;
    return this.#bound.at(set) === BOUND.minAvailable ? pods : Math.max(0, wanted - pods);
  }
  /** Pods that the API believes Ready and that nobody deletes. */
  currentHealthy(set: SetId): number {
    let healthy = 0;
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod))
      if (this.#healthy(pod)) healthy++;
    return healthy;
  }
  /** How many healthy pods may be evicted right now; Infinity without a budget. */
  disruptionsAllowed(set: SetId): number {
    if (!this.has(set)) return Number.POSITIVE_INFINITY;
    return this.clusters.controllersLive(this.pods.sets.cluster.at(set))
      ? this.#written(set)
      : this.#left.at(set);
  }

  /** Asks for the voluntary eviction of a pod and, where its budget has room, deletes it. */
  evict(pod: PodId): Verdict {
    const set = this.pods.set.at(pod);
    if (!this.clusters.apiUp(this.pods.sets.cluster.at(set))) return 'unanswered';
    if (this.pods.terminating(pod)) return 'evicted';
    const guarded = this.guard(pod);
    if (guarded === 'moves') return 'refused';
    if (guarded === 'stays' || !this.#mayGo(pod, set)) {
      this.#tellOnce(pod);
      return 'refused';
    }
    if (this.#healthy(pod)) this.#left.add(set, -1);
    this.pods.delete(pod, 'evicted');
    return 'evicted';
  }

  #mayGo(pod: PodId, set: SetId): boolean {
    // A pod that never ran is no loss; the Eviction API deletes it without asking (canIgnorePDB).
    if (!this.has(set) || this.pods.containers.pending(pod)) return true;
    if (this.#healthy(pod)) return this.disruptionsAllowed(set) > 0;
    if (this.#unhealthyMayGo.at(set) === 1) return true;
    const desired = this.desiredHealthy(set);
    return desired > 0 && this.currentHealthy(set) >= desired;
  }

  #healthy(pod: PodId): boolean {
    return this.endpoints.believedReady(pod) && !this.pods.terminating(pod);
  }

  #written(set: SetId): number {
    if (this.pods.sets.replicas.at(set) === 0) return 0;
    return Math.max(0, this.currentHealthy(set) - this.desiredHealthy(set));
  }

  #tellOnce(pod: PodId): CauseId | undefined {
    if (this.#refused.at(pod) === 1) return undefined;
    this.#refused.set(pod, 1);
    return this.pods.tell(this.#refusedFact, pod);
  }

  #changed(set: SetId): void {
    if (this.has(set)) this.loosened.emit(set);
  }

  /** The last word of a disruption controller that goes stands until the next one has looked. */
  #controllersChanged(cluster: ClusterId, live: boolean): void {
    const { ofCluster } = this.pods.sets;
    for (let set = ofCluster.first(cluster); set !== NONE; set = ofCluster.next(set)) {
      if (!this.has(set)) continue;
      if (live) this.loosened.emit(set);
      else this.#left.set(set, this.#written(set));
    }
  }
  #loosenAll(cluster: ClusterId): void {
    const { ofCluster } = this.pods.sets;
    for (let set = ofCluster.first(cluster); set !== NONE; set = ofCluster.next(set)) this.loosened.emit(set);
  }
}
