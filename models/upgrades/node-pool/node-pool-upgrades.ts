/**
 * Node pools that are to have another release or configuration. Somebody writes it into the NodePool; the HyperShift operator checks it and
 * passes it on as the template of machines (`../../hosted/node-pools.ts`), which are replaced, or updated in place (`in-place.ts`). The upgrade
 * is complete when all nodes have it and the operator has said so. What it refuses stays written: it passes nothing of the pool on until it is
 * asked for something else or a rule lets it pass, while machines follow what was passed on before.
 *
 * Here it is asked for, refused, watched and told; nothing here moves a machine.
 */
import { invariant } from '../../../sim/assert.ts';
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import { rolloutBounds } from '../../hosted/machine-rollout.ts';
import type { ClusterId, NodeId, PoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import { judgeNodePoolUpgrade, type NodePoolUpgrade } from '../../versions/judge.ts';
import type { World } from '../../world.ts';
import type { UpgradeOptions } from '../options.ts';
import type { UpgradeMechanism } from '../upgrades.ts';
import { BadReleases } from './bad-releases.ts';
import { InPlaceUpdates, type InPlaceWorld } from './in-place.ts';
import { KubeletVersions } from './kubelet-versions.ts';
import { NO_OPERATOR, PAUSED, PoolReasons, type ReasonWorld } from './reasons.ts';

/** The part of an upgrade until the template is written, and the part in which machines follow it; besides, each node has one. */
export const PHASE = { template: 'template', machines: 'machines' } as const;

const LATER_MACHINES =
  'no machine that there is gets another platform in place: only those made later have it';

const UNCOUNTED_AGENTS =
  'machines of its surge are hosts that nobody has counted: `agents` of the pool says how many there are';

/** What the rules on releases ask of a pool, that does not change. */
export type PoolFacts = Pick<NodePoolUpgrade, 'arch' | 'payload' | 'platform'>;

export class NodePoolUpgrades implements UpgradeMechanism {
  readonly inPlace: InPlaceUpdates;
  readonly #reasons: PoolReasons;
  /** What people last wrote: spec.release, and how often they wrote another configuration. */
  readonly #release: I32Column<PoolId, ReleaseId>;
  readonly #configuration: I32Column<PoolId>;
  /** status.version: the release that all its machines had when the operator last looked. */
  readonly #reached: I32Column<PoolId, ReleaseId>;
  /** What was asked for and the operator has not looked at; what it passed on and is not done. */
  readonly #request: I32Column<PoolId, UpgradeId>;
  readonly #running: I32Column<PoolId, UpgradeId>;
  /** What was passed on is to be judged again: there is another operator. */
  readonly #again: U8Column<PoolId>;
  /** The upgrade in which the node has a part that goes on. */
  readonly #open: I32Column<NodeId, UpgradeId>;

  readonly #facts: PoolFacts[] = [];

  constructor(
    readonly world: InPlaceWorld &
      ReasonWorld &
      Pick<World, 'hostedReleases' | 'operators' | 'orphans' | 'upgrades'>,
  ) {
    const { nodePools, machines } = world;
    this.inPlace = new InPlaceUpdates(world);
    this.#reasons = new PoolReasons(world, this.inPlace);
    const pools = nodePools.table;
    this.#release = pools.i32('wantedRelease', NONE);
    this.#configuration = pools.i32('wantedConfiguration');
    this.#reached = pools.i32('reachedRelease', NONE);
    this.#request = pools.i32('templateRequest', NONE);
    this.#running = pools.i32('upgrade', NONE);
    this.#again = pools.u8('poolJudgedAgain');
    this.#open = machines.table.i32('upgradeOfNode', NONE);
    world.upgrades.register('nodePool', this);
    world.upgrades.versions.register(new KubeletVersions(world));
    new BadReleases(world, this.inPlace, (node) => this.#isBad(node));
    this.#listen();
  }

  #listen(): void {
    const { nodePools, lifecycle, drains, machines, contact, clusters, pods, scheduler, pauses } = this.world;
    const { hostedReleases, operators, leadership } = this.world;
    const { life } = nodePools;
    life.created.subscribe((node) => this.#begins(node));
    life.leaving.subscribe((node) => this.#begins(node));
    life.deleted.subscribe((node) => this.#ends(node));
    lifecycle.schedulable.subscribe((node) => this.#settle(node));
    this.inPlace.changed.subscribe((node) => {
      if (this.inPlace.atWork(node)) this.#begins(node);
      else this.#settle(node);
      this.#review(nodePools.slots.parent(node));
    });
    const explain = (node: NodeId): void => this.#explain(node);
    life.turnedAway.subscribe(explain);
    drains.tried.subscribe(explain);
    drains.drained.subscribe(explain);
    machines.started.subscribe(explain);
    machines.bootChanged.subscribe(explain);
    contact.lost.subscribe(explain);
    contact.made.subscribe(explain);
    scheduler.unschedulable.subscribe((pod) => this.#explainVirtual(this.#reasons.virtualWorker(pod)));
    pods.assigned.subscribe((pod) => this.#explainVirtual(this.#reasons.virtualWorker(pod)));
    nodePools.reconciled.subscribe((pool) => this.#review(pool));
    nodePools.resumed.subscribe((pool) => this.#review(pool));
    nodePools.reviewed.subscribe((cluster) => this.#reviewCluster(cluster));
    clusters.apiChanged.subscribe((cluster) => this.#reviewCluster(cluster));
    pauses.resumed.subscribe((cluster) => this.#operatorChanged(cluster));
    leadership.changed.subscribe((cluster, leader) => {
      if (leader === 'hosted-cluster-config-operator') this.#reviewCluster(cluster);
    });
    hostedReleases.completed.subscribe((cluster) => this.#reviewCluster(cluster));
    operators.changed.subscribe((host) => {
      for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++)
        if (clusters.host.at(cluster) === host) this.#operatorChanged(cluster);
    });
  }
  /** The hosted cluster may have another operator: what it knows may be other than what was passed on was judged by. */
  #operatorChanged(cluster: ClusterId): void {
    const { nodePools } = this.world;
    for (const pool of nodePools.ofCluster.list(cluster))
      if (nodePools.refused(pool) !== (this.#check(pool).refusal !== undefined)) this.#again.set(pool, 1);
    this.#reviewCluster(cluster);
  }

  /** A pool whose machines all have a release since long. */
  enter(pool: PoolId, facts: PoolFacts): void {
    this.#facts[pool] = facts;
    const { release } = this.world.nodePools.template(pool);
    this.#release.set(pool, release);
    this.#reached.set(pool, release);
  }

  /** Releases that have been there for long were looked at as often: the operator reconciles nothing of a pool whose release it refuses. */
  judgeSettled(cluster: ClusterId): void {
    const { nodePools } = this.world;
    for (const pool of nodePools.ofCluster.list(cluster))
      if (this.#check(pool).refusal !== undefined) nodePools.refuse(pool);
  }
  /** Why the operator refuses what is written into the pool, in words; undefined when it does not, or has not looked at it. */
  refusal(pool: PoolId): string | undefined {
    return this.world.nodePools.refused(pool) ? this.#check(pool).refusal : undefined;
  }

  release(pool: PoolId): ReleaseId {
    return this.world.nodePools.template(pool).release;
  }

  begin(upgrade: UpgradeId, { change }: UpgradeOptions): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const pool = subject as PoolId;
    invariant(
      this.#hasSlots(pool),
      () => `upgrade of ${this.world.nodePools.names[pool]}, which got no slots for it`,
    );
    // What was asked for and never passed on is overwritten.
    const overwritten = this.#request.at(pool);
    if (overwritten !== NONE) ledger.close(overwritten, 'superseded');
    this.#request.set(pool, upgrade);
    if (change === undefined) this.#release.set(pool, after);
    else if (this.#concernsMachines(pool, change)) this.#configuration.add(pool, 1);
    else ledger.remark(upgrade, LATER_MACHINES);
    ledger.begins(upgrade, PHASE.template);
    this.#review(pool);
  }

  /** There is a slot for every machine of the surge: whoever built the fleet knew of the upgrade (`machinesAtOnce`). */
  #hasSlots(pool: PoolId): boolean {
    const { nodePools } = this.world;
    const rollout = nodePools.rollout(pool);
    if (rollout.upgradeType === 'InPlace' || rollout.strategy === 'OnDelete') return true;
    if (nodePools.life.isFinite(pool)) return true;
    const wanted = nodePools.wishes.of(pool);
    return nodePools.slots.count(pool) >= wanted + rolloutBounds(rollout, wanted).surge;
  }
  /** Hosts of the Agent platform do not come out of nothing. */
  #takesUncounted(pool: PoolId): boolean {
    const { nodePools } = this.world;
    const { upgradeType, strategy, maxSurge } = nodePools.rollout(pool);
    const surges = upgradeType === 'Replace' && strategy === 'RollingUpdate' && maxSurge.amount > 0;
    return surges && this.#facts[pool]!.platform === 'Agent' && !nodePools.life.isFinite(pool);
  }
  /** Machines that are updated in place keep their infrastructure: another platform is for those that are made later (reconcileMachineSet). */
  #concernsMachines(pool: PoolId, change: NonNullable<UpgradeOptions['change']>): boolean {
    return change !== 'platform' || this.world.nodePools.rollout(pool).upgradeType !== 'InPlace';
  }

  // --- the pool -----------------------------------------------------------------------------------------------------

  #reviewCluster(cluster: ClusterId): void {
    for (const pool of this.world.nodePools.ofCluster.list(cluster)) {
      if (this.#running.at(pool) === NONE && !this.#unaccepted(pool)) continue;
      this.#review(pool);
      for (const node of this.world.nodePools.slots.list(pool)) this.#explain(node);
    }
  }

  /** The operator has something to look at: what people wrote and is not the template, what it refuses, or what it would judge otherwise now. */
  #unaccepted(pool: PoolId): boolean {
    return (
      this.#request.at(pool) !== NONE || this.#again.at(pool) === 1 || this.world.nodePools.refused(pool)
    );
  }
  /** What is written is the template. */
  #isPassedOn(pool: PoolId): boolean {
    const { release, configuration } = this.world.nodePools.template(pool);
    return release === this.#release.at(pool) && configuration === this.#configuration.at(pool);
  }

  /** Writes the template if that can be done now, tells what the pool waits for, and finds out whether it is done. */
  #review(pool: PoolId): void {
    if (this.#unaccepted(pool)) this.#lookAtRequest(pool);
    const upgrade = this.#running.at(pool);
    if (upgrade === NONE) return;
    if (!this.#isDone(pool)) {
      const { nodePools } = this.world;
      const cluster = nodePools.ofCluster.parent(pool);
      if (!nodePools.authority.canScale(cluster)) nodePools.await(cluster);
      const why = this.#reasons.ofPool(pool, (node) => this.#isOpen(node));
      this.#tell(upgrade, PHASE.machines, why);
      return;
    }
    const absent = this.#operatorAbsent(pool);
    if (absent === undefined) this.#complete(pool, upgrade);
    else this.#tell(upgrade, PHASE.machines, absent);
  }

  /** The HyperShift operator writes the template that people want, or refuses to; what it passed on before goes on meanwhile. */
  #lookAtRequest(pool: PoolId): void {
    const { upgrades, nodePools } = this.world;
    const { ledger } = upgrades;
    const request = this.#request.at(pool);
    const absent = this.#operatorAbsent(pool);
    if (absent !== undefined) {
      if (request !== NONE) this.#tell(request, PHASE.template, absent);
      return;
    }
    this.#again.set(pool, 0);
    const { refusal, remarks } = this.#check(pool);
    if (refusal === undefined) {
      if (request === NONE && this.#isPassedOn(pool)) nodePools.admit(pool);
      else this.#accept(pool, request === NONE ? this.#takenLate(pool) : request, remarks);
      return;
    }
    nodePools.refuse(pool);
    if (request === NONE) return;
    this.#request.set(pool, NONE);
    for (const remark of remarks) ledger.remark(request, remark);
    ledger.close(request, 'refused', refusal);
  }

  /** A rule that refused what people wrote lets it pass now. */
  #takenLate(pool: PoolId): UpgradeId {
    const { ledger } = this.world.upgrades;
    const late = ledger.openLate('nodePool', pool, this.release(pool), this.#release.at(pool));
    ledger.begins(late, PHASE.template);
    return late;
  }

  #accept(pool: PoolId, upgrade: UpgradeId, remarks: readonly string[]): void {
    const { upgrades, nodePools } = this.world;
    const { ledger } = upgrades;
    for (const remark of remarks) ledger.remark(upgrade, remark);
    if (this.#takesUncounted(pool)) ledger.remark(upgrade, UNCOUNTED_AGENTS);
    ledger.accept(upgrade);
    ledger.ends(upgrade, PHASE.template);
    ledger.begins(upgrade, PHASE.machines);
    this.#request.set(pool, NONE);
    this.#running.set(pool, upgrade);
    for (const node of nodePools.slots.list(pool))
      if (nodePools.life.unhealthy(node) || this.inPlace.atWork(node)) this.#begins(node);
    const configuration = this.#configuration.at(pool);
    nodePools.specifyTemplate(pool, { release: this.#release.at(pool), configuration });
  }

  /** Whether the operator reconciles anything with that release (ValidReleaseImage), and what it only tells in conditions. */
  #check(pool: PoolId): { refusal: string | undefined; remarks: string[] } {
    const { releases } = this.world.upgrades;
    const cluster = this.world.nodePools.ofCluster.parent(pool);
    const found = judgeNodePoolUpgrade({
      from: releases.name(this.#reached.at(pool)),
      to: releases.name(this.#release.at(pool)),
      hostedCluster: releases.name(this.world.hostedReleases.completedRelease(cluster)),
      operator: this.world.operators.version(this.world.clusters.host.at(cluster)),
      ...this.#facts[pool]!,
    });
    return {
      refusal: found.find(({ rule }) => rule.where === 'reconcile')?.found,
      remarks: found
        .filter(({ rule }) => rule.where !== 'reconcile')
        .map((one) => `${one.found} (${one.rule.id})`),
    };
  }

  /** Why the HyperShift operator does not look at the pool now; it is told when it may. */
  #operatorAbsent(pool: PoolId): string | undefined {
    const { nodePools } = this.world;
    const cluster = nodePools.ofCluster.parent(pool);
    if (nodePools.authority.canSpecify(cluster)) return nodePools.paused(pool) ? PAUSED : undefined;
    nodePools.await(cluster);
    return NO_OPERATOR;
  }

  #isDone(pool: PoolId): boolean {
    const { nodePools } = this.world;
    return nodePools.rollout(pool).upgradeType === 'InPlace'
      ? this.inPlace.isDone(pool)
      : nodePools.isRolledOut(pool);
  }
  /** An operator that refuses a later release writes no status.version: by its rules the pool still comes from the former one. */
  #complete(pool: PoolId, upgrade: UpgradeId): void {
    const { nodePools, upgrades } = this.world;
    this.#running.set(pool, NONE);
    if (!nodePools.refused(pool)) this.#reached.set(pool, this.release(pool));
    upgrades.ledger.close(upgrade, 'completed');
  }

  #tell(upgrade: UpgradeId, phase: string, why: string | undefined): void {
    const { ledger } = this.world.upgrades;
    if (why === undefined) ledger.goesOn(upgrade, phase);
    else ledger.waits(upgrade, phase, why);
  }

  // --- its nodes ----------------------------------------------------------------------------------------------------

  /** The upgrade of the pool of a node that goes on, or NONE. */
  #upgradeOf(node: NodeId): UpgradeId | typeof NONE {
    const pool = this.world.nodePools.slots.parent(node);
    return pool === NONE ? NONE : this.#running.at(pool);
  }

  /** The machine is made, deleted or updated from now on. */
  #begins(node: NodeId): void {
    const upgrade = this.#upgradeOf(node);
    if (upgrade === NONE) return;
    this.#open.set(node, upgrade as UpgradeId);
    this.world.upgrades.ledger.begins(upgrade as UpgradeId, this.world.machines.names[node]!);
    this.#explain(node);
  }
  #ends(node: NodeId): void {
    const upgrade = this.#upgradeOf(node);
    if (!this.#isOpen(node)) return;
    this.#open.set(node, NONE);
    this.world.upgrades.ledger.ends(upgrade as UpgradeId, this.world.machines.names[node]!);
  }
  /** What the machine is, or becomes now, is a bad release for its pool. */
  #isBad(node: NodeId): boolean {
    const upgrade = this.#upgradeOf(node);
    if (upgrade === NONE) return false;
    return this.world.upgrades.ledger.record(upgrade as UpgradeId).bad;
  }
  /** Its part of the upgrade goes on. */
  #isOpen(node: NodeId): boolean {
    const upgrade = this.#upgradeOf(node);
    return upgrade !== NONE && this.#open.at(node) === upgrade;
  }
  /** The node is well: its part is over unless something is done to it still. */
  #settle(node: NodeId): void {
    if (!this.inPlace.atWork(node) && this.world.nodePools.life.available(node)) this.#ends(node);
  }

  #explain(node: NodeId): void {
    const upgrade = this.#upgradeOf(node);
    if (!this.#isOpen(node)) return;
    const why = this.#reasons.ofMachine(node);
    const { ledger } = this.world.upgrades;
    const name = this.world.machines.names[node]!;
    if (why === undefined) ledger.goesOn(upgrade as UpgradeId, name);
    else ledger.waits(upgrade as UpgradeId, name, why);
  }
  #explainVirtual(node: NodeId | undefined): void {
    if (node !== undefined) this.#explain(node);
  }
}
