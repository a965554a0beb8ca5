/**
 * People pause machine config pools, so that their nodes stay as they are while the control plane goes on, and let them follow later: the way
 * of Control Plane Only updates from one even minor to the next (openshift/openshift-docs modules/updating-eus-to-eus-upgrade-cli.adoc).
 */
import { NONE, type U8Column } from '../../../sim/entities.ts';
import type { MachineConfigPoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { UpgradeChange } from '../../plan/faults.ts';
import { Signal } from '../../signal.ts';
import type { World } from '../../world.ts';
import type { UpgradeMechanism } from '../upgrades.ts';
import type { MachineConfigPools } from './machine-config-pools.ts';
import { noApi, poolPhase, type UpdateRecords } from './records.ts';
import type { ManagementReleases } from './releases.ts';

export class PoolPauses implements UpgradeMechanism {
  /** What somebody asked for waits for the API. */
  readonly #waits: U8Column<MachineConfigPoolId>;

  readonly paused = new Signal<[pool: MachineConfigPoolId]>();
  readonly resumed = new Signal<[pool: MachineConfigPoolId]>();

  constructor(
    readonly world: Pick<World, 'clusters' | 'lifecycle' | 'upgrades'>,
    readonly pools: MachineConfigPools,
    readonly releases: ManagementReleases,
    readonly records: UpdateRecords,
  ) {
    this.#waits = pools.table.u8('pauseWaits');
    pools.updated.subscribe((pool) => this.#updated(pool));
    world.clusters.apiChanged.subscribe((cluster, up) => {
      for (let pool = pools.ofCluster.first(cluster); up && pool !== NONE; pool = pools.ofCluster.next(pool))
        if (this.#waits.at(pool) === 1) this.#apply(this.#current(pool)!);
    });
    world.upgrades.register('machineConfigPool', this);
  }

  /** The release of the first node that is not of the pool's, as in a pool that was paused, or the pool's. */
  release(pool: MachineConfigPoolId): ReleaseId {
    const target = this.pools.target(pool);
    const { nodes } = this.pools;
    for (let node = nodes.first(pool); node !== NONE; node = nodes.next(node)) {
      const release = this.releases.kubelet(node);
      if (this.world.lifecycle.registered(node) && release !== NONE && release !== target) return release;
    }
    return target;
  }
  after(pool: MachineConfigPoolId, change: UpgradeChange): ReleaseId {
    return change === 'resume' ? this.pools.target(pool) : this.release(pool);
  }

  begin(upgrade: UpgradeId): void {
    const { clusters, upgrades } = this.world;
    const pool = upgrades.ledger.record(upgrade).subject as MachineConfigPoolId;
    const cluster = this.pools.cluster(pool);
    const phase = poolPhase(this.pools.names[pool]!);
    upgrades.ledger.accept(upgrade);
    upgrades.ledger.begins(upgrade, phase);
    if (clusters.apiUp(cluster)) {
      this.#apply(upgrade);
      return;
    }
    this.#waits.set(pool, 1);
    upgrades.ledger.waits(upgrade, phase, noApi(clusters.names[cluster]!));
  }

  #apply(upgrade: UpgradeId): void {
    const { ledger } = this.world.upgrades;
    const { subject, change } = ledger.record(upgrade);
    const pool = subject as MachineConfigPoolId;
    this.#waits.set(pool, 0);
    ledger.goesOn(upgrade, poolPhase(this.pools.names[pool]!));
    if (change === 'pause') {
      this.pools.pause(pool);
      this.paused.emit(pool);
      ledger.close(upgrade, 'completed');
      return;
    }
    this.pools.resume(pool);
    this.resumed.emit(pool);
    if (this.pools.outstanding(pool)) this.records.takeOver(upgrade, pool);
    else ledger.close(upgrade, 'completed');
  }

  /** Its nodes have followed. */
  #updated(pool: MachineConfigPoolId): void {
    const upgrade = this.#current(pool);
    if (upgrade !== undefined && this.#waits.at(pool) === 0)
      this.world.upgrades.ledger.close(upgrade, 'completed');
  }
  #current(pool: MachineConfigPoolId): UpgradeId | undefined {
    return this.world.upgrades.ledger.current('machineConfigPool', pool);
  }
}
