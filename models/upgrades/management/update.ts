/**
 * Updates of management clusters. The cluster version operator brings the operators to the release, and with them the static pods of the
 * control plane; then the machine config operator brings the nodes to it, all pools side by side (openshift/openshift-docs
 * modules/update-duration-estimate-cluster-update-time.adoc). The cluster version operator is done with the pool of the control-plane nodes: other
 * pools go on without it (openshift/machine-config-operator pkg/operator/sync.go, required-for-upgrade).
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import { Timer } from '../../../sim/timer.ts';
import type {
  ClusterId,
  MachineConfigPoolId,
  NodeId,
  ReleaseId,
  UpgradeId,
  UpgradeSubjectId,
} from '../../ids.ts';
import type { ManagementClusterPlan, OperatorPlan } from '../../plan/fleet.ts';
import { Signal } from '../../signal.ts';
import { type Finding, judgeManagementClusterUpgrade, textOf } from '../../versions/judge.ts';
import type { World } from '../../world.ts';
import type { UpgradeOptions } from '../options.ts';
import type { UpgradeMechanism } from '../upgrades.ts';
import { MachineConfigNodes } from './machine-config-nodes.ts';
import { MachineConfigPools } from './machine-config-pools.ts';
import { PoolPauses } from './pool-pauses.ts';
import { isOfNodes, OPERATORS, poolPhase, UpdateRecords } from './records.ts';
import { ManagementReleases } from './releases.ts';
import { StaticPodRollouts } from './static-pods.ts';
import { ManagementVersions } from './versions.ts';

const staysBehind = (pool: string): string => `pool ${pool} is paused, and stays behind`;

/** Of the world, what an update of a management cluster meets. */
type Surroundings = Pick<
  World,
  | 'sim'
  | 'clusters'
  | 'machines'
  | 'management'
  | 'lifecycle'
  | 'drains'
  | 'remediation'
  | 'orphans'
  | 'upgrades'
  | 'parameters'
>;

export class ManagementUpdates implements UpgradeMechanism {
  readonly releases: ManagementReleases;
  readonly staticPods: StaticPodRollouts;
  readonly nodes: MachineConfigNodes;
  readonly pools: MachineConfigPools;
  readonly #records: UpdateRecords;
  /** The release that people last said, and that was not refused: status.desired. */
  readonly #desired: I32Column<ClusterId, ReleaseId>;
  /** What that was before: the entry of status.history that a rollback goes to. NONE where no update was seen. */
  readonly #previous: I32Column<ClusterId, ReleaseId>;
  /** spec.desiredUpdate where the cluster version operator refused it, and tries again. */
  readonly #refused: I32Column<ClusterId, ReleaseId>;
  readonly #retry: Timer<ClusterId>;
  /** The cluster version operator is at work: operators, and after them the control-plane nodes. */
  readonly #progressing: U8Column<ClusterId>;
  /** What is left of the time that operators take, microseconds; it stands still without an API. */
  readonly #left: F64Column<ClusterId>;
  readonly #operators: Timer<ClusterId>;

  /** The cluster version operator began or ceased to be at work. */
  readonly progressing = new Signal<[cluster: ClusterId, at: boolean]>();

  constructor(
    readonly world: Surroundings,
    /** What drives the hosted control planes of a management cluster. */
    readonly operator: (cluster: ClusterId) => OperatorPlan,
  ) {
    const { sim, clusters, machines, management, lifecycle, drains, remediation, orphans, parameters } =
      world;
    const { releases } = world.upgrades;
    this.releases = new ManagementReleases(clusters, machines, lifecycle, releases, parameters);
    this.staticPods = new StaticPodRollouts(sim, clusters, management, this.releases, parameters);
    this.staticPods.fails = (cluster) => world.upgrades.fails('managementCluster', cluster);
    this.nodes = new MachineConfigNodes(sim, management, lifecycle, drains, this.releases, parameters);
    this.pools = new MachineConfigPools(
      sim,
      clusters,
      machines,
      lifecycle,
      drains,
      this.nodes,
      this.releases,
      parameters,
    );
    this.#desired = clusters.table.i32('managementDesired', NONE);
    this.#previous = clusters.table.i32('managementPrevious', NONE);
    this.#refused = clusters.table.i32('managementRefused', NONE);
    this.#retry = new Timer(sim, clusters.table, 'refused-update-tried', 'control', (cluster) =>
      this.#tryRefused(cluster),
    );
    this.#progressing = clusters.table.u8('clusterVersionProgressing');
    this.#left = clusters.table.f64('operatorsLeft');
    this.#operators = new Timer(sim, clusters.table, 'operators-updated', 'control', (cluster) => {
      this.#left.set(cluster, 0);
      this.#operatorsMayBeDone(cluster);
    });
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
    orphans.deleted.subscribe((node) => {
      this.pools.forget(node);
      this.#mayPass(machines.cluster.at(node));
    });
    const { remediationWaits } = parameters.managementUpdate;
    remediation.spared = (node) =>
      (remediationWaits > 0 && this.#progressing.at(machines.cluster.at(node)) === 1) ||
      (remediationWaits > 1 && this.nodes.updating(node));
    this.progressing.subscribe((cluster, at) => !at && remediation.wake(cluster));
    this.nodes.ends.subscribe((node) => remediation.wake(machines.cluster.at(node)));
    this.staticPods.done.subscribe((cluster) => this.#operatorsMayBeDone(cluster));
    this.staticPods.ends.subscribe((cluster, pod) => {
      if (pod === 'kube-controller-manager') this.releases.setControllers(cluster, this.release(cluster));
    });
    this.pools.updated.subscribe((pool) => this.#poolUpdated(pool));
    this.nodes.ends.subscribe((node) => this.#mayPass(machines.cluster.at(node)));
    this.#records = new UpdateRecords(world, this.staticPods, this.nodes, this.pools);
    world.upgrades.register('managementCluster', this);
    const pauses = new PoolPauses(world, this.pools, this.releases, this.#records);
    pauses.resumed.subscribe((pool) => this.#poolResumed(pool));
    pauses.paused.subscribe((pool) => this.#poolPaused(pool));
    world.upgrades.versions.register(new ManagementVersions(clusters, management, this.releases));
  }

  /** At the beginning of a run: everything in the cluster is of its release. @param nodes as in the plan, oldest first */
  enter(cluster: ClusterId, plan: ManagementClusterPlan, nodes: readonly NodeId[]): void {
    const release = this.world.upgrades.releases.of(plan.version);
    this.#desired.set(cluster, release);
    this.releases.settle(cluster, release, nodes, this.world.management.controlPlaneNodes(cluster));
    const planOf = new Map(nodes.map((node, i) => [node, plan.nodes[i]!]));
    for (const pool of plan.machineConfigPools) {
      const members = nodes.filter((_, i) => plan.nodes[i]!.machineConfigPool === pool.name);
      this.pools.add(cluster, pool, release, members, (node) => planOf.get(node)!);
    }
  }

  release(cluster: UpgradeSubjectId): ReleaseId {
    return this.#desired.at(cluster as ClusterId);
  }

  begin(upgrade: UpgradeId, { force }: UpgradeOptions): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const cluster = subject as ClusterId;
    if (after === this.release(cluster)) {
      // The command line says that the cluster is at that version already, and asks for nothing.
      this.#refused.set(cluster, NONE);
      ledger.close(upgrade, 'completed');
      return;
    }
    const updating = this.#progressing.at(cluster) === 1 && !force;
    const [refusing, remarks] = this.#judge(cluster, after, updating);
    if (refusing === undefined) {
      this.#accept(upgrade, remarks);
      return;
    }
    // What the command line refuses is never written down.
    if (refusing.rule.where === 'reconcile') this.#refused.set(cluster, after);
    for (const remark of remarks) ledger.remark(upgrade, remark);
    ledger.close(upgrade, 'refused', textOf(refusing));
  }

  #accept(upgrade: UpgradeId, remarks: readonly string[]): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const cluster = subject as ClusterId;
    for (const remark of remarks) ledger.remark(upgrade, remark);
    this.#refused.set(cluster, NONE);
    this.#retry.cancel(cluster);
    if (after !== this.release(cluster)) this.#previous.set(cluster, this.release(cluster));
    this.#desired.set(cluster, after);
    this.#takeOver(upgrade);
    ledger.accept(upgrade);
    if (this.#progressing.at(cluster) === 0) {
      this.#progressing.set(cluster, 1);
      this.progressing.emit(cluster, true);
    }
    ledger.begins(upgrade, OPERATORS);
    this.#left.set(cluster, this.world.parameters.managementUpdate.operators);
    this.#operators.cancel(cluster);
    if (this.world.clusters.apiUp(cluster)) this.#operators.after(cluster, this.#left.at(cluster));
    else this.#records.waitForApi(cluster, OPERATORS);
    if (this.world.management.controlPlaneNodes(cluster).length > 0) this.staticPods.begin(cluster, after);
  }

  /** Nodes and pools that are under way go on under the later record, with what they wait for. */
  #takeOver(upgrade: UpgradeId): void {
    const { ledger } = this.world.upgrades;
    let { former } = ledger.record(upgrade);
    while (former !== undefined && ledger.record(former).end !== undefined)
      ({ former } = ledger.record(former));
    if (former === undefined) return;
    const { phases, waits } = ledger.record(former);
    for (const { name, to } of phases) if (to === undefined && isOfNodes(name)) ledger.begins(upgrade, name);
    for (const { phase, why, to } of waits)
      if (to === undefined && isOfNodes(phase)) ledger.waits(upgrade, phase, why);
  }

  // --- what the rules say -------------------------------------------------------------------------------------------

  /** The rule that refuses a release, if one does, and what nobody looks at, in sentences. */
  #judge(
    cluster: ClusterId,
    after: ReleaseId,
    updating: boolean,
  ): [refusing: Finding | undefined, remarks: string[]] {
    const { upgrades, machines, lifecycle } = this.world;
    const { releases } = upgrades;
    const nodes = machines.ofCluster.list(cluster).filter((node) => lifecycle.registered(node));
    const previous = this.#previous.at(cluster);
    const found = judgeManagementClusterUpgrade({
      from: releases.name(this.release(cluster)),
      ...(previous === NONE ? {} : { previous: releases.name(previous as ReleaseId) }),
      to: releases.name(after),
      operator: this.operator(cluster),
      nodes: nodes.map((node) => releases.name(this.#kubelet(node))),
      updating,
      updatingPools: this.pools.updating(cluster),
    });
    const looksAt = ({ rule }: Finding): boolean => rule.where !== 'policy';
    return [found.find(looksAt), found.filter((one) => !looksAt(one)).map(textOf)];
  }
  /** Something changed that a refused release may have waited for: the cluster version operator notices in its own time. */
  #mayPass(cluster: ClusterId): void {
    if (this.#refused.at(cluster) === NONE || this.#retry.armed(cluster)) return;
    if (this.world.clusters.apiUp(cluster))
      this.#retry.after(cluster, this.world.parameters.managementUpdate.upgradeableSync);
  }
  #tryRefused(cluster: ClusterId): void {
    const refused = this.#refused.at(cluster);
    if (refused === NONE || !this.world.clusters.apiUp(cluster)) return;
    const [refusing, remarks] = this.#judge(cluster, refused as ReleaseId, false);
    if (refusing !== undefined) return;
    const { sim, upgrades } = this.world;
    const late = upgrades.ledger.openLate(
      'managementCluster',
      cluster,
      this.release(cluster),
      refused as ReleaseId,
    );
    const outer = sim.enter(upgrades.ledger.record(late).asked);
    this.#accept(late, remarks);
    sim.leave(outer);
  }
  #kubelet(node: NodeId): ReleaseId {
    return this.releases.kubelet(node) as ReleaseId;
  }

  // --- operators, then nodes ----------------------------------------------------------------------------------------

  #apiChanged(cluster: ClusterId, up: boolean): void {
    if (this.world.clusters.isHosted(cluster)) return;
    if (up) {
      this.#mayPass(cluster);
      if (this.#left.at(cluster) > 0) this.#operators.after(cluster, this.#left.at(cluster));
    } else if (this.#operators.armed(cluster)) {
      this.#left.set(cluster, this.#operators.due(cluster) - this.world.sim.now);
      this.#operators.cancel(cluster);
    }
  }

  #operatorsAreDone(cluster: ClusterId): boolean {
    return this.#left.at(cluster) === 0 && !this.staticPods.active(cluster);
  }
  #operatorsMayBeDone(cluster: ClusterId): void {
    if (!this.#operatorsAreDone(cluster)) return;
    if (this.#progressing.at(cluster) === 0) return;
    const release = this.release(cluster);
    // A control plane that is run by somebody else is of the release when its operators are.
    this.releases.setControllers(cluster, release);
    const upgrade = this.#records.current(cluster);
    if (upgrade !== undefined) this.world.upgrades.ledger.ends(upgrade, OPERATORS);
    const { ofCluster } = this.pools;
    for (let pool = ofCluster.first(cluster); pool !== NONE; pool = ofCluster.next(pool)) {
      const name = this.pools.names[pool]!;
      if (upgrade !== undefined && this.pools.leftBehind(pool))
        this.world.upgrades.ledger.remark(upgrade, staysBehind(name));
      else if (upgrade !== undefined) this.world.upgrades.ledger.begins(upgrade, poolPhase(name));
      this.pools.aim(pool, release);
    }
    this.#mayBeComplete(cluster);
  }

  #poolUpdated(pool: MachineConfigPoolId): void {
    const cluster = this.pools.cluster(pool);
    const upgrade = this.#records.current(cluster);
    if (upgrade !== undefined) this.world.upgrades.ledger.ends(upgrade, poolPhase(this.pools.names[pool]!));
    const isLast = this.pools.required(pool) && this.pools.target(pool) === this.release(cluster);
    if (isLast && this.#operatorsAreDone(cluster)) {
      this.#progressing.set(cluster, 0);
      this.progressing.emit(cluster, false);
    }
    this.#mayBeComplete(cluster);
  }

  /** The cluster version operator does not wait for a pool that people pause meanwhile. */
  #poolPaused(pool: MachineConfigPoolId): void {
    const cluster = this.pools.cluster(pool);
    const upgrade = this.#records.current(cluster);
    if (upgrade === undefined || !this.pools.leftBehind(pool)) return;
    const { ledger } = this.world.upgrades;
    const name = this.pools.names[pool]!;
    ledger.ends(upgrade, poolPhase(name));
    ledger.remark(upgrade, staysBehind(name));
    this.#mayBeComplete(cluster);
  }
  /** A pool that was to be left behind belongs to the update again. */
  #poolResumed(pool: MachineConfigPoolId): void {
    const cluster = this.pools.cluster(pool);
    const upgrade = this.#records.current(cluster);
    if (upgrade === undefined || this.pools.target(pool) !== this.release(cluster)) return;
    if (this.pools.outstanding(pool))
      this.world.upgrades.ledger.begins(upgrade, poolPhase(this.pools.names[pool]!));
  }

  #mayBeComplete(cluster: ClusterId): void {
    const upgrade = this.#records.current(cluster);
    if (upgrade === undefined || !this.#operatorsAreDone(cluster)) return;
    const { ofCluster } = this.pools;
    for (let pool = ofCluster.first(cluster); pool !== NONE; pool = ofCluster.next(pool))
      if (!this.pools.leftBehind(pool) && this.pools.outstanding(pool)) return;
    this.world.upgrades.ledger.close(upgrade, 'completed');
  }
}
