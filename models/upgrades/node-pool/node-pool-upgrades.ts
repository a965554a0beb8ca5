/**
 * Node pools that are to have another release or configuration. Somebody writes it into the NodePool; the HyperShift operator checks it and
 * passes it on as the template of machines (`../../hosted/node-pools.ts`), which are replaced, or updated in place (`in-place.ts`). The upgrade
 * is complete when all nodes have it and the operator has said so.
 *
 * Here it is asked for, refused, watched and told; nothing here moves a machine.
 */
import { invariant } from '../../../sim/assert.ts';
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import { rolloutBounds } from '../../hosted/machine-rollout.ts';
import type { ClusterId, NodeId, PoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import { judgeNodePoolUpgrade, type NodePoolUpgrade } from '../../versions/judge.ts';
import type { World } from '../../world.ts';
import type { UpgradeMechanism, UpgradeOptions } from '../upgrades.ts';
import { BadReleases } from './bad-releases.ts';
import { InPlaceUpdates, type InPlaceWorld } from './in-place.ts';
import { KubeletVersions } from './kubelet-versions.ts';
import { NO_OPERATOR, PAUSED, PoolReasons, type ReasonWorld } from './reasons.ts';

/** The part of an upgrade until the template is written, and the part in which machines follow it; besides, each node has one. */
export const PHASE = { template: 'template', machines: 'machines' } as const;

/** What the rules on releases ask of a pool, that does not change. */
export type PoolFacts = Pick<NodePoolUpgrade, 'arch' | 'payload' | 'platform'>;

export class NodePoolUpgrades implements UpgradeMechanism {
  readonly inPlace: InPlaceUpdates;
  readonly #reasons: PoolReasons;
  /** What people last said. */
  readonly #release: I32Column<PoolId, ReleaseId>;
  readonly #configuration: I32Column<PoolId>;
  /** status.version: the release that all its machines last had. */
  readonly #reached: I32Column<PoolId, ReleaseId>;
  /** The upgrade that goes on. */
  readonly #upgrade: I32Column<PoolId, UpgradeId>;
  /** The operator has not yet written what people said. */
  readonly #pending: U8Column<PoolId>;
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
    this.#upgrade = pools.i32('upgrade', NONE);
    this.#pending = pools.u8('templatePending');
    this.#open = machines.table.i32('upgradeOfNode', NONE);
    world.upgrades.register('nodePool', this);
    world.upgrades.versions.register(new KubeletVersions(world));
    new BadReleases(world, this.inPlace, (node) => this.#isBad(node));
    this.#listen();
  }

  #listen(): void {
    const { nodePools, lifecycle, drains, machines, contact, clusters, pods, scheduler, pauses } = this.world;
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
    contact.lost.subscribe(explain);
    contact.made.subscribe(explain);
    scheduler.unschedulable.subscribe((pod) => this.#explainVirtual(this.#reasons.virtualWorker(pod)));
    pods.assigned.subscribe((pod) => this.#explainVirtual(this.#reasons.virtualWorker(pod)));
    nodePools.reconciled.subscribe((pool) => this.#review(pool));
    nodePools.resumed.subscribe((pool) => this.#review(pool));
    nodePools.reviewed.subscribe((cluster) => this.#reviewCluster(cluster));
    clusters.apiChanged.subscribe((cluster) => this.#reviewCluster(cluster));
    pauses.resumed.subscribe((cluster) => this.#reviewCluster(cluster));
  }

  /** A pool whose machines all have a release since long. */
  enter(pool: PoolId, facts: PoolFacts): void {
    this.#facts[pool] = facts;
    const { release } = this.world.nodePools.template(pool);
    this.#release.set(pool, release);
    this.#reached.set(pool, release);
  }

  release(pool: PoolId): ReleaseId {
    return this.#release.at(pool);
  }

  begin(upgrade: UpgradeId, { change }: UpgradeOptions): void {
    const { ledger } = this.world.upgrades;
    const { subject, after } = ledger.record(upgrade);
    const pool = subject as PoolId;
    invariant(
      this.#hasSlots(pool),
      () => `upgrade of ${this.world.nodePools.names[pool]}, which got no slots for it`,
    );
    this.#upgrade.set(pool, upgrade);
    this.#release.set(pool, after);
    if (change !== undefined && this.#concernsMachines(pool, change)) this.#configuration.add(pool, 1);
    this.#pending.set(pool, 1);
    ledger.begins(upgrade, PHASE.template);
    this.#review(pool);
  }

  /** There is a slot for every machine of the surge: whoever built the fleet knew of the upgrade (`machinesAtOnce`). */
  #hasSlots(pool: PoolId): boolean {
    const { nodePools } = this.world;
    const rollout = nodePools.rollout(pool);
    if (rollout.upgradeType === 'InPlace' || rollout.strategy === 'OnDelete') return true;
    const wanted = nodePools.wishes.of(pool);
    return nodePools.slots.count(pool) >= wanted + rolloutBounds(rollout, wanted).surge;
  }
  /** Machines that are updated in place keep their infrastructure: another platform is for those that are made later (reconcileMachineSet). */
  #concernsMachines(pool: PoolId, change: NonNullable<UpgradeOptions['change']>): boolean {
    return change !== 'platform' || this.world.nodePools.rollout(pool).upgradeType !== 'InPlace';
  }

  // --- the pool -----------------------------------------------------------------------------------------------------

  #reviewCluster(cluster: ClusterId): void {
    for (const pool of this.world.nodePools.ofCluster.list(cluster)) {
      if (this.#upgrade.at(pool) === NONE) continue;
      this.#review(pool);
      for (const node of this.world.nodePools.slots.list(pool)) this.#explain(node);
    }
  }

  /** Writes the template if that can be done now, tells what the pool waits for, and finds out whether it is done. */
  #review(pool: PoolId): void {
    if (this.#upgrade.at(pool) === NONE) return;
    if (this.#pending.at(pool) === 1) {
      this.#write(pool);
      return;
    }
    if (!this.#isDone(pool))
      this.#tell(
        pool,
        PHASE.machines,
        this.#reasons.ofPool(pool, (node) => this.#isOpen(node)),
      );
    else if (this.#operatorActs(pool, PHASE.machines)) this.#complete(pool);
  }

  #write(pool: PoolId): void {
    if (!this.#operatorActs(pool, PHASE.template)) return;
    const { upgrades, nodePools } = this.world;
    const { ledger } = upgrades;
    const upgrade = this.#upgrade.at(pool);
    const release = this.#release.at(pool);
    const refusal = this.#refusal(pool, release);
    this.#pending.set(pool, 0);
    if (refusal !== undefined) {
      this.#takeBack(pool);
      ledger.close(upgrade, 'refused', refusal);
      return;
    }
    ledger.accept(upgrade);
    ledger.ends(upgrade, PHASE.template);
    ledger.begins(upgrade, PHASE.machines);
    for (const node of nodePools.slots.list(pool))
      if (nodePools.life.unhealthy(node) || this.inPlace.atWork(node)) this.#begins(node);
    nodePools.specifyTemplate(pool, { release, configuration: this.#configuration.at(pool) });
  }
  /** Why the operator reconciles nothing with that release (ValidReleaseImage); what it only tells in conditions holds up nothing. */
  #refusal(pool: PoolId, release: ReleaseId): string | undefined {
    const { releases } = this.world.upgrades;
    const cluster = this.world.nodePools.ofCluster.parent(pool);
    const found = judgeNodePoolUpgrade({
      from: releases.name(this.#reached.at(pool)),
      to: releases.name(release),
      hostedCluster: releases.name(this.world.hostedReleases.completedRelease(cluster)),
      operator: this.world.operators.version(this.world.clusters.host.at(cluster)),
      ...this.#facts[pool]!,
    });
    return found.find(({ rule }) => rule.where === 'reconcile')?.found;
  }
  /** What was refused is not wanted any more. */
  #takeBack(pool: PoolId): void {
    const { release, configuration } = this.world.nodePools.template(pool);
    this.#upgrade.set(pool, NONE);
    this.#release.set(pool, release);
    this.#configuration.set(pool, configuration);
  }

  /** The HyperShift operator looks at the pool; else the part of its upgrade waits until it does. */
  #operatorActs(pool: PoolId, phase: string): boolean {
    const { nodePools } = this.world;
    const cluster = nodePools.ofCluster.parent(pool);
    const acts = nodePools.authority.canSpecify(cluster);
    if (acts && !nodePools.paused(pool)) return true;
    if (!acts) nodePools.await(cluster);
    this.#tell(pool, phase, acts ? PAUSED : NO_OPERATOR);
    return false;
  }

  #isDone(pool: PoolId): boolean {
    const { nodePools } = this.world;
    return nodePools.rollout(pool).upgradeType === 'InPlace'
      ? this.inPlace.isDone(pool)
      : nodePools.isRolledOut(pool);
  }
  #complete(pool: PoolId): void {
    const upgrade = this.#upgrade.at(pool);
    this.#upgrade.set(pool, NONE);
    this.#reached.set(pool, this.world.nodePools.template(pool).release);
    this.world.upgrades.ledger.close(upgrade, 'completed');
  }

  #tell(pool: PoolId, phase: string, why: string | undefined): void {
    const { ledger } = this.world.upgrades;
    if (why === undefined) ledger.goesOn(this.#upgrade.at(pool), phase);
    else ledger.waits(this.#upgrade.at(pool), phase, why);
  }

  // --- its nodes ----------------------------------------------------------------------------------------------------

  /** The upgrade of the pool of a node that goes on, or NONE. */
  #upgradeOf(node: NodeId): UpgradeId | typeof NONE {
    const pool = this.world.nodePools.slots.parent(node);
    return pool === NONE || this.#pending.at(pool) === 1 ? NONE : this.#upgrade.at(pool);
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
