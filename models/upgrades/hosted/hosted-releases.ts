/**
 * A hosted cluster gets another release (openshift/hypershift). Somebody writes spec.release; the HyperShift operator checks it and passes it on,
 * and deploys the control plane operator of that release; this rolls out one component after another, each when those before it are done; the
 * cluster version operator among them applies the release to the guest, where the agents on the workers follow.
 *
 * Two histories tell of it (openshift/enhancements enhancements/hypershift/hypershift-control-plane-version-status.md). status.version is what the
 * cluster version operator says: Completed when the guest has the release, and the operators that report to it; node pools are measured by that.
 * status.controlPlaneVersion is Completed when all ControlPlaneComponents have it: what the HyperShift operator and the control plane operator
 * deploy on the management side, but not what those components deploy in turn. An upgrade is over when both are.
 *
 * A cluster may keep a release of its own on the management side (spec.controlPlaneRelease; openshift/hypershift api/hypershift/v1beta1
 * hostedcluster_types.go): spec.release is then that of the guest and of the agents on the workers alone, and the operators that bring it there are told
 * of it without pods of another release. What is not simulated is that these operators are restarted for that.
 *
 * Everything here is driven by what changes: a pod that becomes ready, a leader, an API, a worker. `review` does what can be done and says what
 * cannot.
 */
import { type I32Column, NONE } from '../../../sim/entities.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { HostedControlPlanes } from '../../hosted/control-planes.ts';
import type { Konnectivity } from '../../hosted/konnectivity.ts';
import type { Reconciliation } from '../../hosted/reconciliation.ts';
import { ROLE } from '../../hosted/roles.ts';
import type { Workers } from '../../hosted/workers.ts';
import type { ClusterId, PodId, ReleaseId, SetId, UpgradeId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { Endpoints } from '../../kubernetes/endpoints.ts';
import type { Leadership } from '../../kubernetes/leadership.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { Pauses } from '../../kubernetes/pauses.ts';
import type { Pods } from '../../kubernetes/pods.ts';
import type { Rollouts } from '../../kubernetes/rollouts.ts';
import type { ParameterValues } from '../../parameters.ts';
import type { Machines } from '../../places/machines.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { Signal } from '../../signal.ts';
import type { UpgradeLedger } from '../ledger.ts';
import type { UpgradeOptions } from '../options.ts';
import type { Releases } from '../releases.ts';
import { Stalls } from '../stalls.ts';
import type { UpgradeMechanism, Upgrades } from '../upgrades.ts';
import { ComponentOrder, type OrderedComponent } from './component-order.ts';
import { Guest } from './guest.ts';
import { ReleaseRequests } from './release-requests.ts';
import { Renderings } from './renderings.ts';

/** From when the operator passes a release on until its entry in the history is Completed: one phase for each of the two histories. */
export const HISTORY = { version: 'status.version', controlPlane: 'status.controlPlaneVersion' } as const;

/** What the models need that a release of a hosted cluster is made of. */
export interface HostedReleaseModels {
  readonly sim: Simulation;
  readonly clusters: Clusters;
  readonly machines: Machines;
  readonly lifecycle: NodeLifecycle;
  readonly pods: Pods;
  readonly endpoints: Endpoints;
  readonly rollouts: Rollouts;
  readonly scheduler: Scheduler;
  readonly leadership: Leadership;
  readonly hosted: HostedControlPlanes;
  readonly konnectivity: Konnectivity;
  readonly workers: Workers;
  readonly pauses: Pauses;
  readonly reconciliation: Reconciliation;
  readonly ledger: UpgradeLedger;
  readonly releases: Releases;
  readonly upgrades: Upgrades;
  readonly parameters: ParameterValues;
}

export class HostedReleases implements UpgradeMechanism {
  readonly order = new ComponentOrder();
  readonly guest: Guest;
  readonly #stalls: Stalls;
  readonly requests: ReleaseRequests;
  /** spec.controlPlaneRelease; NONE where spec.release is for both sides. */
  readonly #own: I32Column<ClusterId, ReleaseId>;
  readonly renderings: Renderings;
  /** The last release in the history of status.version that is Completed. */
  readonly #completed: I32Column<ClusterId, ReleaseId>;
  /** What the operator passed on and is not done. */
  readonly #running: I32Column<ClusterId, UpgradeId>;
  /** The release at which the rollout of a component was last complete: status.version of its ControlPlaneComponent. */
  readonly #version: I32Column<SetId, ReleaseId>;
  readonly #review: Timer<ClusterId>;
  readonly #gates: Timer<ClusterId>;
  readonly #infrastructure: Timer<ClusterId>;

  /** Another release is in the history of status.version as Completed. */
  readonly completed = new Signal<[cluster: ClusterId]>();
  /** A component has been given another release: what depends on the release is set anew. */
  readonly updated = new Signal<[cluster: ClusterId, component: string, set: SetId, release: ReleaseId]>();

  constructor(readonly models: HostedReleaseModels) {
    const { sim, clusters, pods } = models;
    const { table } = clusters;
    this.#own = table.i32('controlPlaneRelease', NONE);
    this.#completed = table.i32('completedRelease', NONE);
    this.#running = table.i32('releaseUpgrade', NONE);
    this.#version = pods.sets.table.i32('componentVersion', NONE);
    this.requests = new ReleaseRequests(clusters, models.reconciliation, models.ledger);
    this.guest = new Guest(models, this.order);
    this.renderings = new Renderings(sim, clusters, models.rollouts, this.order, (cluster, component) =>
      this.#deployerAbsent(cluster, component, this.controlPlaneRelease(cluster)),
    );
    this.#stalls = new Stalls(models);
    this.#review = new Timer(sim, table, 'release-reviewed', 'control', (cluster) =>
      this.#reviewCluster(cluster),
    );
    this.#gates = new Timer(sim, table, 'feature-gates-generated', 'control', (cluster) =>
      this.reconsider(cluster),
    );
    this.#infrastructure = new Timer(sim, table, 'infrastructure-ready', 'control', (cluster) =>
      this.reconsider(cluster),
    );
    this.#listen();
  }

  #listen(): void {
    const { clusters, pods, rollouts, leadership, lifecycle, pauses, scheduler, machines } = this.models;
    const served = (set: SetId): ClusterId | typeof NONE => pods.sets.serves.at(set);
    rollouts.changed.subscribe((set) => this.reconsider(served(set)));
    pods.containers.running.subscribe((pod) => this.#cameUp(pod));
    pods.containers.progressed.subscribe(
      (pod) => pods.containers.restarts.failing(pod) && this.reconsider(served(pods.set.at(pod))),
    );
    scheduler.unschedulable.subscribe((pod) => this.reconsider(served(pods.set.at(pod))));
    leadership.changed.subscribe((cluster) => this.reconsiderAll(cluster));
    clusters.apiChanged.subscribe((cluster) => this.reconsiderAll(cluster));
    clusters.controllersChanged.subscribe((cluster) => this.reconsiderAll(cluster));
    lifecycle.unready.subscribe((node) => this.reconsider(machines.cluster.at(node)));
    lifecycle.schedulable.subscribe((node) => this.reconsider(machines.cluster.at(node)));
    // What was held up by a node that did not answer is held up by it no longer, though perhaps by something else.
    pods.contact.made.subscribe((node) => {
      const cluster = machines.cluster.at(node);
      if (!clusters.isHosted(cluster)) this.reconsiderAll(cluster);
    });
    pauses.resumed.subscribe((cluster) => this.judgeAgain(cluster));
    this.guest.changed.subscribe((cluster) => this.reconsider(cluster));
  }

  /**
   * A hosted cluster that has been at a release for long.
   * @param own release of the control plane on the management side, where it keeps one of its own
   */
  enter(cluster: ClusterId, release: ReleaseId, own: ReleaseId | typeof NONE = NONE): void {
    this.requests.settle(cluster, release);
    this.#own.set(cluster, own);
    this.#completed.set(cluster, release);
    this.guest.settle(cluster, release);
    for (const { set } of this.order.of(cluster)) this.#version.set(set, this.controlPlaneRelease(cluster));
  }

  release(cluster: number): ReleaseId {
    return this.requests.desired(cluster as ClusterId);
  }
  /** The release that the components on the management side are to have. */
  controlPlaneRelease(cluster: ClusterId): ReleaseId {
    const own = this.#own.at(cluster);
    return own === NONE ? this.release(cluster) : own;
  }
  /** Takes the control plane of a cluster away, as if it had never been; asked for its release, it comes to be as a new one does. */
  takeAway(cluster: ClusterId): void {
    this.requests.settle(cluster, NONE);
    this.#completed.set(cluster, NONE);
    this.guest.takeAway(cluster);
    for (const { set } of this.order.of(cluster)) {
      this.#version.set(set, NONE);
      this.models.pods.controllers.scale(set, 0);
    }
  }

  /** The operator passed on a release that is not everywhere yet. */
  updating(cluster: ClusterId): boolean {
    return this.#running.at(cluster) !== NONE;
  }
  /** The last release that status.version has as Completed: what node pools are measured by. */
  completedRelease(cluster: ClusterId): ReleaseId {
    return this.#completed.at(cluster);
  }

  begin(upgrade: UpgradeId, options: UpgradeOptions): void {
    this.requests.write(upgrade, options);
    this.#reviewCluster(this.models.ledger.record(upgrade).subject as ClusterId);
  }

  /** Something changed that the upgrade of a cluster may have waited for. */
  reconsider(cluster: ClusterId | typeof NONE): void {
    if (cluster === NONE || this.#review.armed(cluster)) return;
    const isOpen = this.#running.at(cluster) !== NONE || this.requests.open(cluster);
    if (isOpen || this.renderings.open(cluster)) this.#review.after(cluster, 0);
  }
  /** What deploys these components renders other templates of them, at the release that they have. */
  render(cluster: ClusterId, components: readonly string[]): void {
    this.renderings.want(cluster, components);
    this.reconsider(cluster);
  }
  /** Another operator looks after a cluster: by the rules that it knows, what it was passed on to may not stay, or may again. */
  judgeAgain(cluster: ClusterId): void {
    this.requests.judgeAgain(cluster);
    this.reconsider(cluster);
  }
  /** The same for all hosted clusters of a management cluster, or for the hosted cluster itself. */
  reconsiderAll(cluster: ClusterId): void {
    if (this.models.clusters.isHosted(cluster)) this.reconsider(cluster);
    else for (const hosted of this.#hostedBy(cluster)) this.reconsider(hosted);
  }
  /** A management cluster has another operator. */
  operatorChanged(cluster: ClusterId): void {
    for (const hosted of this.#hostedBy(cluster)) this.judgeAgain(hosted);
  }
  *#hostedBy(cluster: ClusterId): Generator<ClusterId> {
    const { clusters } = this.models;
    for (let hosted = 0 as ClusterId; hosted < clusters.count; hosted++)
      if (clusters.host.at(hosted) === cluster) yield hosted;
  }

  // --- what can be done now -----------------------------------------------------------------------------------------

  #reviewCluster(cluster: ClusterId): void {
    if (this.requests.open(cluster)) this.#lookAtRelease(cluster);
    this.renderings.advance(cluster);
    const upgrade = this.#running.at(cluster);
    if (upgrade === NONE) return;
    const { sim, ledger } = this.models;
    const outer = sim.enter(ledger.record(upgrade).asked);
    while (this.#advance(cluster, upgrade)) {
      // One component that is done lets the next ones begin.
    }
    this.#passToGuest(cluster, upgrade);
    this.guest.advance(cluster, upgrade, this.release(cluster), this.controlPlaneRelease(cluster));
    this.#finish(cluster, upgrade);
    sim.leave(outer);
  }

  #lookAtRelease(cluster: ClusterId): void {
    const before = this.release(cluster);
    const upgrade = this.requests.look(cluster);
    if (upgrade === undefined) return;
    this.#running.set(cluster, upgrade);
    for (const history of Object.values(HISTORY)) this.models.ledger.begins(upgrade, history);
    if (this.release(cluster) === before) return;
    const { featureGates, infrastructure } = this.models.parameters.upgrade;
    this.#gates.after(cluster, featureGates);
    if (this.#completed.at(cluster) === NONE) this.#infrastructure.after(cluster, infrastructure);
  }

  /** @returns whether a component began or was done, so that others may begin */
  #advance(cluster: ClusterId, upgrade: UpgradeId): boolean {
    const release = this.controlPlaneRelease(cluster);
    let changed = false;
    for (const component of this.order.of(cluster)) {
      const deployed = this.#deployed(component, release);
      // A rollout that is called off leaves a component at its former version while its pods are of two.
      if (deployed && this.#version.at(component.set) === release) continue;
      if (!deployed) changed = this.#beginComponent(cluster, upgrade, component, release) || changed;
      else changed = this.#endComponent(cluster, upgrade, component, release) || changed;
    }
    return changed;
  }

  #deployed({ set, wanted }: OrderedComponent, release: ReleaseId): boolean {
    const { sets } = this.models.pods;
    return sets.template.at(set) === release && sets.replicas.at(set) >= wanted;
  }

  #beginComponent(
    cluster: ClusterId,
    upgrade: UpgradeId,
    component: OrderedComponent,
    release: ReleaseId,
  ): boolean {
    const { ledger, rollouts } = this.models;
    if (!this.#mayFollow(upgrade, component, release)) return false;
    if (component.name === 'kube-apiserver' && this.#gates.armed(cluster)) return false;
    const operated = component.deployer === undefined;
    if (!operated && this.#infrastructure.armed(cluster)) return false;
    const absent = this.#deployerAbsent(cluster, component, release);
    if (absent === 'not yet') return false;
    ledger.begins(upgrade, component.name);
    if (absent !== undefined) {
      ledger.waits(upgrade, component.name, absent);
      return false;
    }
    ledger.goesOn(upgrade, component.name);
    this.#version.set(component.set, NONE);
    this.updated.emit(cluster, component.name, component.set, release);
    rollouts.begin(component.set, release);
    if (!this.#deployed(component, release))
      this.models.pods.controllers.scale(component.set, component.wanted);
    return true;
  }

  /** All that the component depends on has the release, and all of its pods: a dependency that lost one since holds up what follows. */
  #mayFollow(upgrade: UpgradeId, { name, after }: OrderedComponent, release: ReleaseId): boolean {
    const { ledger, rollouts, pods } = this.models;
    if (after.some((set) => this.#version.at(set) !== release)) return false;
    const hurt = after.find((set) => !rollouts.complete(set));
    if (hurt === undefined) return true;
    ledger.begins(upgrade, name);
    ledger.waits(upgrade, name, `${pods.sets.names[hurt]} lacks a pod that is available`);
    return false;
  }

  /** Why whoever deploys the component does not do it now, or that its turn has not come. */
  #deployerAbsent(
    cluster: ClusterId,
    component: OrderedComponent,
    release: ReleaseId,
  ): string | 'not yet' | undefined {
    const { clusters, pods, pauses, hosted } = this.models;
    const { deployer } = component;
    if (deployer === undefined) return this.models.reconciliation.idle(cluster);
    const host = clusters.host.at(cluster);
    const { template, replicas } = pods.sets;
    if (replicas.at(deployer) === 0 || template.at(deployer) !== release) return 'not yet';
    // An operand waits for its operator's new pods, not for itself.
    if (!this.models.rollouts.complete(deployer)) return 'not yet';
    if (pauses.paused(cluster)) return 'reconciliation is paused';
    if (!clusters.apiUp(host)) return `the API of ${clusters.names[host]} is down`;
    // Operators of the guest read there what they are to do.
    if (!this.order.deploysAll(cluster, deployer) && !clusters.apiUp(cluster))
      return 'the hosted API is down';
    // A successor takes its lease in its own time; without a pod there is none.
    if (pods.containers.runningOf.at(deployer) === 0) return `no pod of ${pods.sets.names[deployer]} runs`;
    if (hosted.leaderless(deployer)) return 'not yet';
    const network = component.name === 'ovnkube-control-plane' && replicas.at(component.set) > 0;
    return network ? this.guest.holdsNetwork(cluster, this.release(cluster)) : undefined;
  }

  #endComponent(
    cluster: ClusterId,
    upgrade: UpgradeId,
    component: OrderedComponent,
    release: ReleaseId,
  ): boolean {
    const { ledger, rollouts } = this.models;
    ledger.begins(upgrade, component.name);
    if (component.name === 'cluster-network-operator')
      this.guest.updateNetworkAgents(cluster, this.release(cluster));
    if (!rollouts.complete(component.set)) {
      this.#stalls.explain(upgrade, component.name, component.set);
      return false;
    }
    ledger.goesOn(upgrade, component.name);
    if (!component.operands.every((set) => this.#version.at(set) === release)) return false;
    this.#version.set(component.set, release);
    ledger.ends(upgrade, component.name);
    if (component.name === 'cluster-version-operator')
      this.guest.apply(cluster, upgrade, this.release(cluster));
    if (component.name === 'hosted-cluster-config-operator')
      this.guest.tunnelAgents.begin(cluster, this.release(cluster));
    return true;
  }

  /** A control plane with a release of its own has nothing to roll out when the guest gets another one. */
  #passToGuest(cluster: ClusterId, upgrade: UpgradeId): void {
    const release = this.release(cluster);
    if (this.#own.at(cluster) === NONE || this.guest.release(cluster) === release) return;
    const operator = this.order.find(cluster, 'cluster-version-operator')!;
    const own = this.controlPlaneRelease(cluster);
    const absent = this.#version.at(operator.set) === own && this.#deployerAbsent(cluster, operator, own);
    if (absent === false || absent === 'not yet') return;
    if (absent !== undefined) {
      this.guest.holds(upgrade, absent);
      return;
    }
    this.guest.apply(cluster, upgrade, release);
    this.guest.updateNetworkAgents(cluster, release);
    this.guest.tunnelAgents.begin(cluster, release);
  }

  #finish(cluster: ClusterId, upgrade: UpgradeId): void {
    const { ledger, rollouts } = this.models;
    const release = this.release(cluster);
    const own = this.controlPlaneRelease(cluster);
    const components = this.order.of(cluster);
    const isAt = ({ set }: OrderedComponent): boolean => this.#version.at(set) === own;
    const isRolledOut = (one: OrderedComponent): boolean =>
      isAt(one) || (this.#deployed(one, own) && rollouts.complete(one.set));
    const rolledOut = components.every((one) => one.isOperand || isRolledOut(one));
    const applied =
      this.guest.done(cluster, release) && components.filter(({ reports }) => reports).every(isAt);
    if (rolledOut) ledger.ends(upgrade, HISTORY.controlPlane);
    if (applied) {
      ledger.ends(upgrade, HISTORY.version);
      const isNews = this.#completed.at(cluster) !== release;
      this.#completed.set(cluster, release);
      if (isNews) this.completed.emit(cluster);
    }
    if (!rolledOut || !applied) return;
    this.#running.set(cluster, NONE);
    ledger.close(upgrade, 'completed');
  }
  /** A kube-apiserver of a release that does not come up runs, and its probes fail. */
  #cameUp(pod: PodId): void {
    const { pods, hosted, upgrades } = this.models;
    if (hosted.role(pod) !== ROLE['kube-apiserver']) return;
    const cluster = pods.sets.serves.at(pods.set.at(pod));
    const fresh = pods.template.at(pod) === this.controlPlaneRelease(cluster);
    if (fresh && upgrades.fails('hostedCluster', cluster)) hosted.endpoints.setProbeFails(pod, true);
  }
}
