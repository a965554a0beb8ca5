/**
 * What the ledger says of updates of management clusters: operators, static pods, nodes and pools of the update under way, and the nodes of
 * pools that go on after a pause.
 */
import type { ClusterId, MachineConfigPoolId, NodeId, UpgradeId } from '../../ids.ts';
import type { World } from '../../world.ts';
import type { MachineConfigNodes } from './machine-config-nodes.ts';
import type { MachineConfigPools } from './machine-config-pools.ts';
import type { StaticPodRollouts } from './static-pods.ts';

export const OPERATORS = 'operators';
const NODE = 'node ';
const POOL = 'pool ';
const nodePhase = (name: string): string => `${NODE}${name}`;
export const poolPhase = (name: string): string => `${POOL}${name}`;
/** Phases that outlast the cluster version operator's work. */
export const isOfNodes = (phase: string): boolean => phase.startsWith(NODE) || phase.startsWith(POOL);

type Tell = (upgrade: UpgradeId, phase: string) => void;

export class UpdateRecords {
  constructor(
    readonly world: Pick<World, 'clusters' | 'machines' | 'remediation' | 'upgrades'>,
    staticPods: StaticPodRollouts,
    readonly nodes: MachineConfigNodes,
    readonly pools: MachineConfigPools,
  ) {
    const { ledger } = world.upgrades;
    const ofCluster = (cluster: ClusterId, phase: string, tell: Tell): void => {
      const upgrade = this.current(cluster);
      if (upgrade !== undefined) tell(upgrade, phase);
    };
    const [begins, ends, goesOn]: Tell[] = [
      (id, phase) => ledger.begins(id, phase),
      (id, phase) => ledger.ends(id, phase),
      (id, phase) => ledger.goesOn(id, phase),
    ];
    // An update that finds a node or pool under way learns of it when it waits.
    const waits =
      (why: string): Tell =>
      (id, phase) => {
        ledger.begins(id, phase);
        ledger.waits(id, phase, why);
      };
    staticPods.begins.subscribe((cluster, pod) => ofCluster(cluster, pod, begins!));
    staticPods.ends.subscribe((cluster, pod) => ofCluster(cluster, pod, ends!));
    staticPods.waits.subscribe((cluster, pod, why) => ofCluster(cluster, pod, waits(why)));
    staticPods.goesOn.subscribe((cluster, pod) => ofCluster(cluster, pod, goesOn!));
    nodes.begins.subscribe((node) => this.#ofNode(node, begins!));
    nodes.ends.subscribe((node) => this.#ofNode(node, ends!));
    nodes.waits.subscribe((node, why) => this.#ofNode(node, waits(why)));
    nodes.goesOn.subscribe((node) => this.#ofNode(node, goesOn!));
    pools.waits.subscribe((pool, why) => this.#ofPool(pool, waits(why)));
    pools.goesOn.subscribe((pool) => this.#ofPool(pool, goesOn!));
    world.remediation.started.subscribe((node) => {
      const why = 'a health check takes its reboot for a failure and remediates it';
      if (nodes.updating(node)) this.#ofNode(node, waits(why));
    });
    world.clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
  }

  /** The update of a management cluster that is under way. */
  current(cluster: ClusterId): UpgradeId | undefined {
    return this.world.upgrades.ledger.current('managementCluster', cluster);
  }

  /** An upgrade that begins while nodes of a pool are under way learns what they wait for. */
  takeOver(upgrade: UpgradeId, pool: MachineConfigPoolId): void {
    const { ledger } = this.world.upgrades;
    for (const node of this.pools.nodes.list(pool)) {
      if (!this.nodes.updating(node)) continue;
      const phase = nodePhase(this.world.machines.names[node]!);
      ledger.begins(upgrade, phase);
      const why = this.nodes.hindrance(node);
      if (why !== undefined) ledger.waits(upgrade, phase, why);
    }
  }

  waitForApi(cluster: ClusterId, phase: string): void {
    const upgrade = this.current(cluster);
    if (upgrade !== undefined)
      this.world.upgrades.ledger.waits(upgrade, phase, noApi(this.world.clusters.names[cluster]!));
  }

  /** The record of a pool whose nodes follow after a pause. */
  #following(pool: MachineConfigPoolId): UpgradeId | undefined {
    const { ledger } = this.world.upgrades;
    const upgrade = ledger.current('machineConfigPool', pool);
    return upgrade !== undefined && ledger.record(upgrade).change === 'resume' ? upgrade : undefined;
  }
  #ofNode(node: NodeId, tell: Tell): void {
    const { machines } = this.world;
    const pool = this.pools.nodes.parent(node);
    const phase = nodePhase(machines.names[node]!);
    for (const upgrade of [this.current(machines.cluster.at(node)), this.#following(pool)])
      if (upgrade !== undefined) tell(upgrade, phase);
  }
  #ofPool(pool: MachineConfigPoolId, tell: Tell): void {
    const ofCluster = this.pools.leftBehind(pool) ? undefined : this.current(this.pools.cluster(pool));
    const phase = poolPhase(this.pools.names[pool]!);
    for (const upgrade of [ofCluster, this.#following(pool)]) if (upgrade !== undefined) tell(upgrade, phase);
  }

  /** Whatever goes on needs the API. */
  #apiChanged(cluster: ClusterId, up: boolean): void {
    const upgrade = this.current(cluster);
    if (upgrade === undefined) return;
    const { ledger } = this.world.upgrades;
    for (const { name, to } of ledger.record(upgrade).phases) {
      if (to !== undefined || !(name === OPERATORS || name.startsWith(POOL))) continue;
      if (up) ledger.goesOn(upgrade, name);
      else this.waitForApi(cluster, name);
    }
  }
}

export const noApi = (cluster: string): string => `the API of ${cluster} does not answer`;
