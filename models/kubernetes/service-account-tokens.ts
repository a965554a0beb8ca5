/**
 * Tokens of service accounts that pods are given as files: short-lived, and renewed by the kubelet, through the API, long before they end
 * (kubernetes/website tasks/configure-pod-container/configure-service-account.md; kubernetes/kubernetes pkg/kubelet/token/token_manager.go).
 * When the API is away for longer, or the kubelet is cut off from it, they run out: a pod that does nothing without one is not ready until
 * it has another, which is taken to be at once when the API is back.
 *
 * Nothing is renewed tick by tick: the age of a token follows from a phase drawn per pod. One timer per cluster, armed while some token
 * is not renewed, is due when the next one runs out.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Pods } from './pods.ts';

/** The token is renewed in time. */
const RENEWED = -1;

export class ServiceAccountTokens {
  /** Pods of the set do nothing without a valid token. */
  readonly #needed: U8Column<SetId>;
  readonly #setsThatNeed: I32Column<ClusterId>;
  /** When the token of a pod whose kubelet cannot renew it runs out. */
  readonly #ends: F64Column<PodId>;
  readonly #lapsed: U8Column<PodId>;
  /** Running pods of a set that are not ready for want of a token. */
  readonly lapsedOf: I32Column<SetId>;
  /** The fact by which tokens of a cluster last ran out. */
  readonly lastLapse: I32Column<ClusterId, CauseId>;
  readonly #why: I32Column<ClusterId, CauseId>;
  readonly #next: Timer<ClusterId>;
  readonly #lapsedFact: FactKind;

  /** Pods of a cluster ceased to be ready for want of a token, or are ready again. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly contact: Contact,
    readonly pods: Pods,
    readonly parameters: ParameterValues,
  ) {
    this.#needed = pods.sets.table.u8('needsToken');
    this.lapsedOf = pods.sets.table.i32('tokensLapsed');
    this.#setsThatNeed = clusters.table.i32('setsThatNeedTokens');
    this.lastLapse = clusters.table.i32('lastTokenLapse', BEGINNING);
    this.#why = clusters.table.i32('tokensBecause', BEGINNING);
    this.#ends = pods.table.f64('tokenEnds', RENEWED);
    this.#lapsed = pods.table.u8('tokenLapsed');
    this.#next = new Timer(sim, clusters.table, 'tokens-lapse', 'fail', (cluster) => this.#lapse(cluster));
    this.#lapsedFact = sim.factKind('tokens-lapsed');
    clusters.apiChanged.subscribe((cluster) => this.#review(cluster));
    contact.lost.subscribe((node) => this.#reviewNode(node));
    contact.made.subscribe((node) => this.#reviewNode(node));
    pods.containers.running.subscribe((pod) => this.#runs(pod));
    pods.containers.stopped.subscribe((pod) => this.#renew(pod));
  }

  /** Pods of the set need the API, and a token for it. */
  need(set: SetId): void {
    this.#needed.set(set, 1);
    this.#setsThatNeed.add(this.pods.sets.cluster.at(set), 1);
  }

  /** The API began or ceased to answer: every token of the cluster is concerned. */
  #review(cluster: ClusterId): void {
    if (this.#setsThatNeed.at(cluster) === 0) return;
    this.#eachPod(cluster, (pod) => this.#look(pod, cluster));
    this.#arm(cluster);
  }
  /** A kubelet was cut off, or found again. */
  #reviewNode(node: NodeId): void {
    const cluster = this.contact.machines.cluster.at(node);
    if (this.#setsThatNeed.at(cluster) === 0) return;
    for (const pod of this.pods.ofNode.list(node))
      if (this.#needed.at(this.pods.set.at(pod)) === 1) this.#look(pod, cluster);
    this.#arm(cluster);
  }
  #runs(pod: PodId): void {
    if (this.#needed.at(this.pods.set.at(pod)) === 0) return;
    const cluster = this.pods.cluster(pod);
    this.#look(pod, cluster);
    this.#arm(cluster);
  }

  #look(pod: PodId, cluster: ClusterId): void {
    if (!this.pods.isRunning(pod)) return;
    const renewable = this.clusters.apiUp(cluster) && this.contact.present(this.pods.node.at(pod));
    if (renewable) this.#renew(pod);
    else if (this.#ends.at(pod) === RENEWED) {
      this.#ends.set(pod, this.sim.now + this.#left(pod));
      this.#why.set(cluster, this.sim.cause);
    }
  }

  /** Microseconds that the pod's token is still good for: it was renewed when it had used up its share of life, again and again. */
  #left(pod: PodId): number {
    const { tokenLifetime, tokenRenewal } = this.parameters.credentials;
    const period = tokenLifetime * tokenRenewal;
    const phase = this.sim.streams.once('service-account-token', this.pods.identity(pod)).uniform();
    return Math.round(tokenLifetime - ((this.sim.now + phase * period) % period));
  }

  /** The pod has a good token again, or needs none any more. */
  #renew(pod: PodId): void {
    this.#ends.set(pod, RENEWED);
    if (this.#lapsed.at(pod) === 0) return;
    this.#lapsed.set(pod, 0);
    this.lapsedOf.add(this.pods.set.at(pod), -1);
    this.changed.emit(this.pods.cluster(pod));
  }

  #arm(cluster: ClusterId): void {
    let next = Number.POSITIVE_INFINITY;
    this.#eachPod(cluster, (pod) => {
      const ends = this.#ends.at(pod);
      if (ends !== RENEWED && this.#lapsed.at(pod) === 0) next = Math.min(next, ends);
    });
    if (next === Number.POSITIVE_INFINITY) this.#next.cancel(cluster);
    else this.#next.at(cluster, Math.max(this.sim.now, next));
  }

  #lapse(cluster: ClusterId): void {
    let lapsed = 0;
    this.#eachPod(cluster, (pod) => {
      const ends = this.#ends.at(pod);
      if (ends === RENEWED || ends > this.sim.now || this.#lapsed.at(pod) === 1) return;
      this.#lapsed.set(pod, 1);
      this.lapsedOf.add(this.pods.set.at(pod), 1);
      lapsed++;
    });
    if (lapsed > 0) {
      const outer = this.sim.enter(this.#why.at(cluster));
      this.lastLapse.set(cluster, this.sim.emit(this.#lapsedFact, cluster, lapsed));
      this.sim.enter(this.lastLapse.at(cluster));
      this.changed.emit(cluster);
      this.sim.leave(outer);
    }
    this.#arm(cluster);
  }

  #eachPod(cluster: ClusterId, visit: (pod: PodId) => void): void {
    const { sets, ofSet } = this.pods;
    for (let set = sets.ofCluster.first(cluster); set !== NONE; set = sets.ofCluster.next(set)) {
      if (this.#needed.at(set) === 0) continue;
      for (let pod = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod)) visit(pod);
    }
  }
}
