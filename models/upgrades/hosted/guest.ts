/**
 * What a release changes inside of a hosted cluster: the payload that the cluster version operator applies, and the agents of network and tunnel on
 * the workers, which their operators replace (openshift/cluster-network-operator; openshift/hypershift hostedclusterconfigoperator).
 */
import { type I32Column, NONE } from '../../../sim/entities.ts';
import type { ClusterId, ReleaseId, UpgradeId } from '../../ids.ts';
import { Signal } from '../../signal.ts';
import { judgeNetworkUpgrade } from '../../versions/judge.ts';
import { agentsMayStayBehind } from '../../versions/rules/ovn.ts';
import type { ComponentOrder } from './component-order.ts';
import { DaemonSetUpdate } from './daemon-sets.ts';
import type { HostedReleaseModels } from './hosted-releases.ts';
import { Payload } from './payload.ts';

const PAYLOAD = 'payload in the guest';
const NETWORK_AGENTS = 'ovnkube-node';
const TUNNEL_AGENTS = 'konnectivity-agent on workers';

export class Guest {
  readonly networkAgents: DaemonSetUpdate;
  readonly tunnelAgents: DaemonSetUpdate;
  readonly #payload: Payload;
  /** The release that the cluster version operator applies, or has applied. */
  readonly #release: I32Column<ClusterId, ReleaseId>;

  /** Something in the guest is done, or hindered. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly models: HostedReleaseModels,
    readonly order: ComponentOrder,
  ) {
    const { sim, clusters, machines, lifecycle, parameters, konnectivity, workers } = models;
    this.#payload = new Payload(sim, clusters);
    this.#release = clusters.table.i32('guestRelease', NONE);
    this.networkAgents = new DaemonSetUpdate('ovnkube-node', sim, clusters, machines, lifecycle, parameters);
    this.tunnelAgents = new DaemonSetUpdate(
      'konnectivity-agent',
      sim,
      clusters,
      machines,
      lifecycle,
      parameters,
    );
    this.#payload.applied.subscribe((cluster) => this.changed.emit(cluster));
    this.networkAgents.changed.subscribe((cluster) => this.changed.emit(cluster));
    this.tunnelAgents.changed.subscribe((cluster) => this.changed.emit(cluster));
    this.tunnelAgents.stopped.subscribe((node) => konnectivity.agentDown(workers.agentOf(node), true));
    this.tunnelAgents.started.subscribe((node) => konnectivity.agentUp(workers.agentOf(node)));
  }

  /** At the beginning of a run: what all agents are. The agents of networks other than OVN-Kubernetes come with no release of the platform. */
  settle(cluster: ClusterId, release: ReleaseId): void {
    this.#release.set(cluster, release);
    if (this.#hasNetworkAgents(cluster)) this.networkAgents.settle(cluster, release);
    this.tunnelAgents.settle(cluster, release);
  }

  #hasWorker(cluster: ClusterId): boolean {
    const { machines, lifecycle } = this.models;
    for (let node = machines.ofCluster.first(cluster); node !== NONE; node = machines.ofCluster.next(node))
      if (lifecycle.registered(node) && lifecycle.ready(node)) return true;
    return false;
  }
  #hasNetworkAgents(cluster: ClusterId): boolean {
    return this.order.find(cluster, 'ovnkube-control-plane') !== undefined;
  }
  /** The cluster network operator gives the agents on the workers its release. */
  updateNetworkAgents(cluster: ClusterId, release: ReleaseId): void {
    if (this.#hasNetworkAgents(cluster)) this.networkAgents.begin(cluster, release);
  }

  /** There is no guest, until a release is applied. */
  takeAway(cluster: ClusterId): void {
    this.#release.set(cluster, NONE);
  }
  /** The release that the guest has, or is being brought to. */
  release(cluster: ClusterId): ReleaseId {
    return this.#release.at(cluster);
  }
  /** The cluster version operator begins to apply a release. */
  apply(cluster: ClusterId, upgrade: UpgradeId, release: ReleaseId): void {
    this.#release.set(cluster, release);
    this.models.ledger.begins(upgrade, PAYLOAD);
    this.#payload.begin(cluster, this.models.parameters.upgrade.payload);
  }

  /** Nobody tells the cluster version operator of a release now. */
  holds(upgrade: UpgradeId, why: string): void {
    this.models.ledger.begins(upgrade, PAYLOAD);
    this.models.ledger.waits(upgrade, PAYLOAD, why);
  }

  /**
   * Goes on with what can go on, and says what holds up the rest.
   * @param own the release of the operators that bring the other to the guest
   */
  advance(cluster: ClusterId, upgrade: UpgradeId, release: ReleaseId, own: ReleaseId): void {
    const { ledger, clusters } = this.models;
    this.#advanceAgents(cluster, upgrade, own, 'cluster-network-operator');
    this.#advanceAgents(cluster, upgrade, own, 'hosted-cluster-config-operator');
    const isApplied = this.#payload.done(cluster);
    // Its turn has not come.
    if (isApplied && this.release(cluster) !== release) return;
    if (isApplied && this.#hasWorker(cluster)) {
      ledger.ends(upgrade, PAYLOAD);
      return;
    }
    // The cluster version operator that is there goes on with what it is at until another one comes.
    ledger.begins(upgrade, PAYLOAD);
    if (!clusters.apiUp(cluster)) ledger.waits(upgrade, PAYLOAD, 'the hosted API is down');
    else if (isApplied) ledger.waits(upgrade, PAYLOAD, 'no worker is Ready that could run what it brings');
    else ledger.goesOn(upgrade, PAYLOAD);
  }

  /**
   * The guest has all that the history needs to call the release Completed. Without any worker the operators whose operands run there never tell
   * that they have it (openshift/enhancements enhancements/hypershift/hypershift-control-plane-version-status.md, "No-compute clusters are
   * stuck"). From 5.0 on agents of the network may stay behind.
   */
  done(cluster: ClusterId, release: ReleaseId): boolean {
    return (
      this.release(cluster) === release &&
      this.#payload.done(cluster) &&
      this.#hasWorker(cluster) &&
      (agentsMayStayBehind(this.models.releases.name(release)) || this.networkAgents.complete(cluster))
    );
  }

  /**
   * Before 5.0 the control plane of the network is not updated while a worker has the old agent, nor without any worker: why it is not, or
   * that the agents are still being replaced.
   */
  holdsNetwork(cluster: ClusterId, release: ReleaseId): string | 'not yet' | undefined {
    const { machines, releases, lifecycle } = this.models;
    // Who has no Node yet will begin with the agent of the day.
    const workers = machines.ofCluster.list(cluster).filter((node) => lifecycle.registered(node));
    const agents = workers.map((node) => this.networkAgents.release(node));
    const step = { to: releases.name(release), agents: agents.map((agent) => releases.name(agent)) };
    if (judgeNetworkUpgrade(step).length === 0) return undefined;
    if (workers.length === 0) return 'there is no worker whose network agent could be updated';
    const behind = this.networkAgents.behind(cluster);
    const hinders = this.networkAgents.hinderedBy(cluster);
    if (behind === NONE || hinders === NONE) return 'not yet';
    return `${NETWORK_AGENTS} of ${machines.names[behind]} has the old release: ${machines.names[hinders]} is not Ready`;
  }

  #advanceAgents(cluster: ClusterId, upgrade: UpgradeId, own: ReleaseId, operator: string): void {
    const { ledger, clusters, machines, pods } = this.models;
    const network = operator === 'cluster-network-operator';
    const phase = network ? NETWORK_AGENTS : TUNNEL_AGENTS;
    const agents = network ? this.networkAgents : this.tunnelAgents;
    const component = this.order.find(cluster, operator);
    if (component === undefined || pods.sets.template.at(component.set) !== own) return;
    const behind = agents.behind(cluster);
    if (behind === NONE) {
      ledger.ends(upgrade, phase);
      return;
    }
    ledger.begins(upgrade, phase);
    agents.advance(cluster);
    const hinders = agents.hinderedBy(cluster);
    if (!clusters.apiUp(cluster)) ledger.waits(upgrade, phase, 'the hosted API is down');
    else if (hinders !== NONE) ledger.waits(upgrade, phase, `${machines.names[hinders]} is not Ready`);
    else ledger.goesOn(upgrade, phase);
  }
}
