/**
 * Fields of a HostedCluster that its nodes are made from: a change rolls out all of its node pools at the release that they have, each by its own
 * strategy and under its own rules (openshift/hypershift docs/content/reference/nodepool-rollouts.md; hypershift-operator/controllers/nodepool/config.go). Control-plane
 * pods whose template holds the field, or a ConfigMap that it names, are rolled out beside them. It is over when both are; another release of the
 * hosted cluster goes its own way, and another change takes its place.
 */
import { type I32Column, NONE } from '../../../sim/entities.ts';
import type { ClusterId, PoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { HostedClusterChange } from '../../plan/faults.ts';
import type { World } from '../../world.ts';
import { openWait } from '../ledger.ts';
import type { UpgradeOptions } from '../options.ts';
import { Stalls } from '../stalls.ts';
import type { UpgradeMechanism } from '../upgrades.ts';

const PHASE = { pools: 'node pools', controlPlane: 'control plane' } as const;

/** Components with a proxy of their own into the guest (konnectivity-proxy): by HTTPS it is told the proxy of the guest, and all of them its certificates. */
const BEHIND_HTTPS_PROXY = ['openshift-apiserver', 'oauth-openshift', 'ingress-operator'] as const;
const BEHIND_SOCKS_PROXY = [
  'openshift-oauth-apiserver',
  'cluster-network-operator',
  'packageserver',
  'olm-operator',
  'catalog-operator',
] as const;

/**
 * Components whose pod template a change touches (openshift/hypershift support/controlplane-component/konnectivity-container.go and the component.go of those that
 * inject it; v2/oapi/{config,deployment}.go; DeploymentAddTrustBundleVolume in v2/ignitionserver, v2/ignitionserver_proxy, v2/configoperator and of
 * the control plane operator). The pull secret of a control plane keeps its name in there, and no pod mounts it; mirrors of images are for nodes.
 */
const RENDERED: Readonly<Record<HostedClusterChange, readonly string[]>> = {
  pullSecret: [],
  additionalTrustBundle: [
    ...BEHIND_HTTPS_PROXY,
    ...BEHIND_SOCKS_PROXY,
    'ignition-server',
    'ignition-server-proxy',
    'hosted-cluster-config-operator',
    'control-plane-operator',
  ],
  imageContentSources: [],
  'configuration.proxy': BEHIND_HTTPS_PROXY,
  'configuration.image': ['openshift-apiserver'],
};

export class HostedClusterChanges implements UpgradeMechanism {
  readonly #stalls: Stalls;
  /** The change of a cluster that goes on. */
  readonly #running: I32Column<ClusterId, UpgradeId>;
  /** Of an upgrade of a node pool: the change that it is part of. Of a change: its node pools that are not done. */
  readonly #change: I32Column<UpgradeId, UpgradeId>;
  readonly #pools: I32Column<UpgradeId>;
  /** Of a change: a node pool that was refused. */
  readonly #refused: I32Column<UpgradeId, UpgradeId>;

  constructor(
    readonly world: Pick<
      World,
      | 'clusters'
      | 'pods'
      | 'endpoints'
      | 'scheduler'
      | 'rollouts'
      | 'nodePools'
      | 'hostedReleases'
      | 'upgrades'
    >,
  ) {
    const { clusters, pods, rollouts, hostedReleases, scheduler, upgrades } = world;
    const { ledger } = upgrades;
    this.#stalls = new Stalls({ ...world, ledger });
    this.#running = clusters.table.i32('hostedClusterChange', NONE);
    this.#change = ledger.table.i32('partOfChange', NONE);
    this.#pools = ledger.table.i32('poolsOfChange');
    this.#refused = ledger.table.i32('refusedPoolOfChange', NONE);
    ledger.closed.subscribe((upgrade) => this.#closed(upgrade));
    ledger.changed.subscribe((upgrade) => this.#follow(upgrade));
    hostedReleases.renderings.changed.subscribe((cluster) => this.#review(cluster));
    rollouts.changed.subscribe((set) => this.#review(pods.sets.serves.at(set)));
    scheduler.unschedulable.subscribe((pod) => this.#review(pods.sets.serves.at(pods.set.at(pod))));
  }

  release(cluster: number): ReleaseId {
    return this.world.hostedReleases.release(cluster);
  }

  begin(upgrade: UpgradeId, options: UpgradeOptions): void {
    const { hostedReleases, nodePools, upgrades } = this.world;
    const { ledger } = upgrades;
    const cluster = ledger.record(upgrade).subject as ClusterId;
    if (options.change === undefined) {
      hostedReleases.begin(upgrade, options);
      return;
    }
    const former = this.#running.at(cluster);
    if (former !== NONE) ledger.close(former, 'superseded');
    // Nothing is found to be over before all of it has begun.
    this.#running.set(cluster, NONE);
    ledger.begins(upgrade, PHASE.pools);
    for (const pool of nodePools.ofCluster.list(cluster)) this.#ask(upgrade, pool, options);
    const components = this.#rendered(upgrade);
    if (components.length > 0) {
      ledger.begins(upgrade, PHASE.controlPlane);
      hostedReleases.render(cluster, components);
    }
    this.#running.set(cluster, upgrade);
    this.#review(cluster);
  }

  #ask(change: UpgradeId, pool: PoolId, options: UpgradeOptions): void {
    const { upgrades } = this.world;
    const part = upgrades.ask('nodePool', pool, undefined, options);
    const { end } = upgrades.ledger.record(part);
    this.#change.set(part, change);
    if (end === undefined) this.#pools.add(change, 1);
    else if (end === 'refused') this.#refused.set(change, part);
  }

  #rendered(change: UpgradeId): readonly string[] {
    return RENDERED[this.world.upgrades.ledger.record(change).change as HostedClusterChange];
  }

  #closed(part: UpgradeId): void {
    const change = this.#change.at(part);
    if (change === NONE) return;
    const { ledger } = this.world.upgrades;
    this.#pools.add(change, -1);
    if (ledger.record(part).end === 'refused') this.#refused.set(change, part);
    this.#review(ledger.record(change).subject as ClusterId);
  }

  /** A node pool gets on, or waits. */
  #follow(part: UpgradeId): void {
    const change = this.#change.at(part);
    if (change !== NONE) this.#review(this.world.upgrades.ledger.record(change).subject as ClusterId);
  }

  /** What the first of the node pools waits for that wait. */
  #poolsWait(cluster: ClusterId, change: UpgradeId): string | undefined {
    const { nodePools, upgrades } = this.world;
    for (const pool of nodePools.ofCluster.list(cluster)) {
      const part = upgrades.ledger.current('nodePool', pool);
      if (part === undefined || this.#change.at(part) !== change) continue;
      const wait = openWait(upgrades.ledger.record(part));
      if (wait !== undefined) return `node pool ${nodePools.names[pool]}: ${wait.why}`;
    }
    return undefined;
  }

  /** Tells what node pools and control plane wait for, and finds out whether the change is over. */
  #review(cluster: ClusterId | typeof NONE): void {
    const change = cluster === NONE ? NONE : this.#running.at(cluster);
    if (change === NONE) return;
    const { ledger } = this.world.upgrades;
    const poolsWait = this.#poolsWait(cluster as ClusterId, change);
    if (this.#pools.at(change) === 0) ledger.ends(change, PHASE.pools);
    else if (poolsWait === undefined) ledger.goesOn(change, PHASE.pools);
    else ledger.waits(change, PHASE.pools, poolsWait);
    const left = this.world.hostedReleases.renderings.unfinished(
      cluster as ClusterId,
      this.#rendered(change),
    );
    if (left === undefined) ledger.ends(change, PHASE.controlPlane);
    else if (left.absent !== undefined) ledger.waits(change, PHASE.controlPlane, left.absent);
    else this.#stalls.explain(change, PHASE.controlPlane, left.set);
    if (this.#pools.at(change) > 0 || left !== undefined) return;
    this.#running.set(cluster as ClusterId, NONE);
    const refused = this.#refused.at(change);
    if (refused === NONE) ledger.close(change, 'completed');
    else ledger.close(change, 'refused', ledger.record(refused).refusal);
  }
}
