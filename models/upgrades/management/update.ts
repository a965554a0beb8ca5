/**
 * Updates of management clusters. The cluster version operator brings the operators to the release, and with them the static pods of the
 * control plane; then the machine config operator brings the nodes to it, all pools side by side (openshift/openshift-docs
 * modules/update-duration-estimate-cluster-update-time.adoc). The cluster version operator is done with the pool of the control-plane nodes: other
 * pools go on without it (openshift/machine-config-operator pkg/operator/sync.go, required-for-upgrade).
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, MachineConfigPoolId, NodeId, PoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { ManagementClusterPlan, OperatorPlan } from '../../plan/fleet.ts';
import { Signal } from '../../signal.ts';
import { type Finding, judgeManagementClusterUpgrade, textOf } from '../../versions/judge.ts';
import type { World } from '../../world.ts';
import type { UpgradeMechanism } from '../upgrades.ts';
import { MachineConfigNodes } from './machine-config-nodes.ts';
import { MachineConfigPools } from './machine-config-pools.ts';
import { ManagementReleases } from './releases.ts';
import { StaticPodRollouts } from './static-pods.ts';
import { ManagementVersions } from './versions.ts';

const OPERATORS = 'operators';
const NODE = 'node ';
const nodePhase = (name: string): string => `${NODE}${name}`;
const POOL = 'pool ';
const poolPhase = (name: string): string => `${POOL}${name}`;
const isOfNodes = (phase: string): boolean => phase.startsWith(NODE) || phase.startsWith(POOL);

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
    const { ledger, releases } = world.upgrades;
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
    remediation.spared = (cluster) =>
      parameters.managementUpdate.remediationWaits > 0 && this.#progressing.at(cluster) === 1;
    this.progressing.subscribe((cluster, at) => !at && remediation.wake(cluster));
    this.staticPods.done.subscribe((cluster) => this.#operatorsMayBeDone(cluster));
    this.staticPods.ends.subscribe((cluster, pod) => {
      if (pod === 'kube-controller-manager') this.releases.setControllers(cluster, this.release(cluster));
    });
    this.pools.updated.subscribe((pool) => this.#poolUpdated(pool));
    this.nodes.ends.subscribe((node) => this.#mayPass(machines.cluster.at(node)));
    this.#record(ledger);
    world.upgrades.register('managementCluster', this);
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

  release(cluster: ClusterId | PoolId): ReleaseId {
    return this.#desired.at(cluster as ClusterId);
  }

  begin(upgrade: UpgradeId): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const cluster = subject as ClusterId;
    const [refusing, remarks] = this.#judge(cluster, after);
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
    else this.#waitForApi(cluster, OPERATORS);
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
  #judge(cluster: ClusterId, after: ReleaseId): [refusing: Finding | undefined, remarks: string[]] {
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
    const [refusing, remarks] = this.#judge(cluster, refused as ReleaseId);
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
    this.#noteApi(cluster, up);
  }

  #operatorsMayBeDone(cluster: ClusterId): void {
    if (this.#left.at(cluster) > 0 || this.staticPods.active(cluster)) return;
    if (this.#progressing.at(cluster) === 0) return;
    const release = this.release(cluster);
    // A control plane that is run by somebody else is of the release when its operators are.
    this.releases.setControllers(cluster, release);
    const upgrade = this.#current(cluster);
    if (upgrade !== undefined) this.world.upgrades.ledger.ends(upgrade, OPERATORS);
    const { ofCluster } = this.pools;
    for (let pool = ofCluster.first(cluster); pool !== NONE; pool = ofCluster.next(pool)) {
      const name = this.pools.names[pool]!;
      if (upgrade !== undefined && this.#leftBehind(pool))
        this.world.upgrades.ledger.remark(upgrade, `pool ${name} is paused, and stays behind`);
      else if (upgrade !== undefined) this.world.upgrades.ledger.begins(upgrade, poolPhase(name));
      this.pools.aim(pool, release);
    }
    this.#mayBeComplete(cluster);
  }

  /** The pool of the control-plane nodes, without which no update is complete. */
  #required(pool: MachineConfigPoolId): boolean {
    return pool === this.pools.ofCluster.first(this.pools.cluster(pool));
  }
  #leftBehind(pool: MachineConfigPoolId): boolean {
    return this.pools.paused(pool) && !this.#required(pool);
  }

  #poolUpdated(pool: MachineConfigPoolId): void {
    const cluster = this.pools.cluster(pool);
    const upgrade = this.#current(cluster);
    if (upgrade !== undefined) this.world.upgrades.ledger.ends(upgrade, poolPhase(this.pools.names[pool]!));
    if (this.#required(pool) && this.pools.target(pool) === this.release(cluster)) {
      this.#progressing.set(cluster, 0);
      this.progressing.emit(cluster, false);
    }
    this.#mayBeComplete(cluster);
  }

  #mayBeComplete(cluster: ClusterId): void {
    const upgrade = this.#current(cluster);
    if (upgrade === undefined || this.#left.at(cluster) > 0 || this.staticPods.active(cluster)) return;
    const { ofCluster } = this.pools;
    for (let pool = ofCluster.first(cluster); pool !== NONE; pool = ofCluster.next(pool))
      if (!this.#leftBehind(pool) && this.pools.outstanding(pool)) return;
    this.world.upgrades.ledger.close(upgrade, 'completed');
  }

  // --- what the record says -----------------------------------------------------------------------------------------

  #current(cluster: ClusterId): UpgradeId | undefined {
    return this.world.upgrades.ledger.current('managementCluster', cluster);
  }
  #record(ledger: World['upgrades']['ledger']): void {
    const { machines, remediation } = this.world;
    const withCurrent = (cluster: ClusterId, tell: (upgrade: UpgradeId) => void): void => {
      const upgrade = this.#current(cluster);
      if (upgrade !== undefined) tell(upgrade);
    };
    const ofNode = (node: NodeId, tell: (upgrade: UpgradeId, phase: string) => void): void =>
      withCurrent(machines.cluster.at(node), (upgrade) => tell(upgrade, nodePhase(machines.names[node]!)));
    const ofPool = (pool: MachineConfigPoolId, tell: (upgrade: UpgradeId, phase: string) => void): void =>
      withCurrent(
        this.pools.cluster(pool),
        (upgrade) => this.#leftBehind(pool) || tell(upgrade, poolPhase(this.pools.names[pool]!)),
      );
    const { staticPods, nodes, pools } = this;
    staticPods.begins.subscribe((cluster, pod) => withCurrent(cluster, (id) => ledger.begins(id, pod)));
    staticPods.ends.subscribe((cluster, pod) => withCurrent(cluster, (id) => ledger.ends(id, pod)));
    staticPods.waits.subscribe((cluster, pod, why) =>
      withCurrent(cluster, (id) => ledger.waits(id, pod, why)),
    );
    staticPods.goesOn.subscribe((cluster, pod) => withCurrent(cluster, (id) => ledger.goesOn(id, pod)));
    nodes.begins.subscribe((node) => ofNode(node, (id, phase) => ledger.begins(id, phase)));
    nodes.ends.subscribe((node) => ofNode(node, (id, phase) => ledger.ends(id, phase)));
    nodes.waits.subscribe((node, why) => ofNode(node, (id, phase) => ledger.waits(id, phase, why)));
    nodes.goesOn.subscribe((node) => ofNode(node, (id, phase) => ledger.goesOn(id, phase)));
    pools.waits.subscribe((pool, why) => ofPool(pool, (id, phase) => ledger.waits(id, phase, why)));
    pools.goesOn.subscribe((pool) => ofPool(pool, (id, phase) => ledger.goesOn(id, phase)));
    remediation.started.subscribe((node) => {
      if (nodes.updating(node))
        ofNode(node, (id, phase) =>
          ledger.waits(id, phase, 'a health check takes its reboot for a failure and remediates it'),
        );
    });
  }

  #waitForApi(cluster: ClusterId, phase: string): void {
    const upgrade = this.#current(cluster);
    const why = `the API of ${this.world.clusters.names[cluster]} does not answer`;
    if (upgrade !== undefined) this.world.upgrades.ledger.waits(upgrade, phase, why);
  }
  /** Whatever goes on needs the API. */
  #noteApi(cluster: ClusterId, up: boolean): void {
    const upgrade = this.#current(cluster);
    if (upgrade === undefined) return;
    const { ledger } = this.world.upgrades;
    for (const { name, to } of ledger.record(upgrade).phases) {
      if (to !== undefined || !(name === OPERATORS || name.startsWith('pool '))) continue;
      if (up) ledger.goesOn(upgrade, name);
      else this.#waitForApi(cluster, name);
    }
  }
}
