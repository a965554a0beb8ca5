/**
 * Upgrades of the operator of a management cluster: its Deployment gets another template, and a leader that goes gives its lease back
 * (openshift/hypershift cmd/install/assets/hypershift_operator.go). Of hosted control planes only what it deploys itself is rolled out
 * (`hosted/operator-renderings.ts`). It takes as long as its pods do to start and be Ready: what the Operator Lifecycle Manager and the multicluster engine do
 * before that is left out, since nobody tells how long that is. The Operator Lifecycle Manager installs
 * only what its update graph leads to; which versions go together is documented, and remarked: a hosted cluster whose release the new operator does
 * not take finds out by itself.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { ClusterId, PodId, PoolId, ReleaseId, SetId, UpgradeId } from '../ids.ts';
import type { OperatorPlan } from '../plan/fleet.ts';
import { Signal } from '../signal.ts';
import type { Verdict } from '../versions/judge.ts';
import type { World } from '../world.ts';
import { Stalls } from './stalls.ts';
import type { UpgradeMechanism } from './upgrades.ts';
import type { RunningVersions, VersionSource } from './version-source.ts';

const ROLLOUT = 'rollout';

/** What the rules say to a version of an operator. */
export type OperatorCheck = (cluster: ClusterId, from: OperatorPlan, to: OperatorPlan) => Verdict;

/** Of the world, what an upgrade of an operator meets. */
type Surroundings = Pick<
  World,
  'clusters' | 'pods' | 'endpoints' | 'rollouts' | 'scheduler' | 'hosted' | 'upgrades'
>;

export class OperatorUpgrades implements UpgradeMechanism, VersionSource {
  /** By management cluster: the product never changes. */
  readonly #product: OperatorPlan['product'][] = [];
  readonly #desired: I32Column<ClusterId, ReleaseId>;
  readonly #release: I32Column<ClusterId, ReleaseId>;

  readonly #stalls: Stalls;

  readonly changed = new Signal<[cluster: ClusterId]>();
  /** An operator of another version drives the hosted control planes from now on. */
  readonly replaced = new Signal<[cluster: ClusterId]>();
  /** Given by whoever knows the rules on versions. */
  check: OperatorCheck = () => ({ refusal: undefined, remarks: [] });

  constructor(readonly world: Surroundings) {
    const { clusters, pods, rollouts, scheduler } = world;
    this.#stalls = new Stalls({ ...world, ledger: world.upgrades.ledger });
    this.#desired = clusters.table.i32('operatorDesired', NONE);
    this.#release = clusters.table.i32('operatorRelease', NONE);
    pods.containers.running.subscribe((pod) => this.#cameUp(pod));
    const follow = (set: SetId): void => {
      const cluster = pods.sets.cluster.at(set);
      if (this.#updating(cluster) && set === this.#setOf(cluster)) this.#review(cluster);
    };
    rollouts.changed.subscribe(follow);
    scheduler.unschedulable.subscribe((pod) => follow(pods.set.at(pod)));
    pods.containers.progressed.subscribe(
      (pod) => pods.containers.restarts.failing(pod) && follow(pods.set.at(pod)),
    );
    clusters.apiChanged.subscribe((cluster) => this.#updating(cluster) && this.#review(cluster));
    clusters.controllersChanged.subscribe((cluster) => this.#updating(cluster) && this.#review(cluster));
    world.upgrades.register('operator', this);
    world.upgrades.versions.register(this);
  }

  /** At the beginning of a run: the operator has been running for long. */
  enter(cluster: ClusterId, { product, version }: OperatorPlan): void {
    this.#product[cluster] = product;
    const release = this.world.upgrades.releases.of(version);
    this.#desired.set(cluster, release);
    this.#release.set(cluster, release);
  }

  release(cluster: ClusterId | PoolId): ReleaseId {
    return this.#desired.at(cluster as ClusterId);
  }
  /** What drives the hosted control planes of a management cluster now: a new one does when all of its pods run. */
  version(cluster: ClusterId): OperatorPlan {
    return this.#plan(cluster, this.#release.at(cluster));
  }
  #plan(cluster: ClusterId, release: ReleaseId): OperatorPlan {
    return { product: this.#product[cluster]!, version: this.world.upgrades.releases.name(release) };
  }
  running(cluster: ClusterId): RunningVersions[] {
    if (this.world.clusters.isHosted(cluster)) return [];
    const [oldest, desired] = [this.#release.at(cluster), this.#desired.at(cluster)];
    const { pods } = this.world;
    const fresh = pods.ofSet.list(this.#setOf(cluster)).some((pod) => pods.template.at(pod) === desired);
    return [{ part: 'operator', oldest, newest: fresh ? desired : oldest }];
  }

  begin(upgrade: UpgradeId): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const cluster = subject as ClusterId;
    const { refusal, remarks } = this.check(
      cluster,
      this.#plan(cluster, this.#desired.at(cluster)),
      this.#plan(cluster, after),
    );
    for (const remark of remarks) ledger.remark(upgrade, remark);
    if (refusal !== undefined) {
      ledger.close(upgrade, 'refused', refusal);
      return;
    }
    this.#desired.set(cluster, after);
    ledger.accept(upgrade);
    ledger.begins(upgrade, ROLLOUT);
    this.world.rollouts.begin(this.#setOf(cluster), after);
    this.#review(cluster);
  }

  #setOf(cluster: ClusterId): SetId {
    return this.world.hosted.set(cluster, 'operator') as SetId;
  }
  #updating(cluster: ClusterId): boolean {
    return this.world.upgrades.ledger.current('operator', cluster) !== undefined;
  }

  /** The rollout is the Deployment controller's; what is left is to see its end. */
  #review(cluster: ClusterId): void {
    const { clusters, rollouts, upgrades } = this.world;
    const { ledger } = upgrades;
    const upgrade = ledger.current('operator', cluster);
    if (upgrade === undefined) return;
    if (!clusters.controlled(cluster)) {
      ledger.waits(upgrade, ROLLOUT, `the API or the controllers of ${clusters.names[cluster]} are away`);
      return;
    }
    this.changed.emit(cluster);
    if (upgrades.fails('operator', cluster)) return;
    if (!rollouts.complete(this.#setOf(cluster))) {
      this.#stalls.explain(upgrade, ROLLOUT, this.#setOf(cluster));
      return;
    }
    ledger.goesOn(upgrade, ROLLOUT);
    const isOther = this.#release.at(cluster) !== this.#desired.at(cluster);
    this.#release.set(cluster, this.#desired.at(cluster));
    this.changed.emit(cluster);
    if (isOther) this.replaced.emit(cluster);
    ledger.close(upgrade, 'completed');
  }

  /** The first pod of a bad release never becomes Ready. */
  #cameUp(pod: PodId): void {
    const { pods, endpoints, upgrades } = this.world;
    const cluster = pods.cluster(pod);
    if (!this.#updating(cluster) || pods.set.at(pod) !== this.#setOf(cluster)) return;
    const fresh = pods.template.at(pod) === this.#desired.at(cluster);
    if (!fresh || !upgrades.fails('operator', cluster)) return;
    const upgrade = upgrades.ledger.current('operator', cluster)!;
    upgrades.ledger.waits(upgrade, ROLLOUT, `${pods.name(pod)} does not become Ready`);
    endpoints.setProbeFails(pod, true);
  }
}
