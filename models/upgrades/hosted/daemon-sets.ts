/**
 * DaemonSets of the platform on the workers of hosted clusters, as far as a release changes them: the network agent and the Konnectivity agent. Their
 * controller replaces their pods a share of the workers at a time; a worker that is not Ready counts as one of that share, so one
 * silent worker of a few holds up all (kubernetes/kubernetes pkg/controller/daemon/update.go).
 */
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, NodeId, ReleaseId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { ParameterValues } from '../../parameters.ts';
import type { Machines } from '../../places/machines.ts';
import { Signal } from '../../signal.ts';

export class DaemonSetUpdate {
  /** The release that the pods are to have, and the one that the cluster began with. */
  readonly #template: I32Column<ClusterId, ReleaseId>;
  readonly #first: I32Column<ClusterId, ReleaseId>;
  /** The release of the pod on a worker; NONE for the one that the cluster began with. */
  readonly #release: I32Column<NodeId, ReleaseId>;
  readonly #updating: U8Column<NodeId>;
  /** Which machine of that name was last seen: another one came with the pod of the day. */
  readonly #generation: I32Column<NodeId>;
  readonly #updated: Timer<NodeId>;

  /** All workers have their new pod, or something about that is otherwise. */
  readonly changed = new Signal<[cluster: ClusterId]>();
  /** The old pod of a worker is gone; the new one is ready. */
  readonly stopped = new Signal<[node: NodeId]>();
  readonly started = new Signal<[node: NodeId]>();

  constructor(
    name: string,
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly parameters: ParameterValues,
  ) {
    this.#template = clusters.table.i32(`${name}:template`, NONE);
    this.#first = clusters.table.i32(`${name}:first`, NONE);
    this.#release = machines.table.i32(`${name}:release`, NONE);
    this.#updating = machines.table.u8(`${name}:updating`);
    this.#generation = machines.table.i32(`${name}:generation`);
    this.#updated = new Timer(sim, machines.table, `${name}-updated`, 'recover', (node) =>
      this.#finish(node),
    );
    machines.lost.subscribe((node) => this.#interrupt(node));
    machines.started.subscribe((node) => this.#joined(node));
  }

  /** At the beginning of a run: the release of all pods. */
  settle(cluster: ClusterId, release: ReleaseId): void {
    this.#template.set(cluster, release);
    this.#first.set(cluster, release);
  }
  /** Gives the pods on the workers of a cluster another release, or goes on with that. */
  begin(cluster: ClusterId, release: ReleaseId): void {
    this.#template.set(cluster, release);
    this.advance(cluster);
  }
  /** Workers that are to have a pod: those with a Node object, whatever machines are still on their way. */
  workers(cluster: ClusterId): number {
    const { ofCluster } = this.machines;
    let workers = 0;
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node))
      if (this.lifecycle.registered(node)) workers++;
    return workers;
  }
  /** Every worker has a pod of the release. */
  complete(cluster: ClusterId): boolean {
    return this.behind(cluster) === NONE;
  }
  /** The first worker whose pod is not of the release; NONE without any. */
  behind(cluster: ClusterId): NodeId | typeof NONE {
    const { ofCluster } = this.machines;
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node))
      if (this.lifecycle.registered(node) && !this.#done(node)) return node;
    return NONE;
  }
  /** The first worker that is not Ready and so takes the place of others; NONE without any. */
  hinderedBy(cluster: ClusterId): NodeId | typeof NONE {
    const { ofCluster } = this.machines;
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node))
      if (this.lifecycle.registered(node) && this.#silent(node)) return node;
    return NONE;
  }
  /** The release of the pod on a worker; NONE where the cluster has no such DaemonSet. */
  release(node: NodeId): ReleaseId {
    const cluster = this.machines.cluster.at(node);
    if (this.machines.generation.at(node) !== this.#generation.at(node)) return this.#template.at(cluster);
    const own = this.#release.at(node);
    return own === NONE ? this.#first.at(cluster) : own;
  }

  /** Replaces as many pods as may be missing. */
  advance(cluster: ClusterId): void {
    if (this.#template.at(cluster) === NONE || !this.clusters.controlled(cluster)) return;
    const { ofCluster } = this.machines;
    const share = this.parameters.upgrade.daemonsUnavailable * this.workers(cluster);
    let room = Math.max(1, Math.ceil(share));
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node)) {
      if (!this.lifecycle.registered(node)) continue;
      if (this.#updating.at(node) === 1 || this.#silent(node)) room--;
    }
    for (let node = ofCluster.first(cluster); node !== NONE && room > 0; node = ofCluster.next(node)) {
      if (this.#done(node) || this.#updating.at(node) === 1 || this.#silent(node)) continue;
      this.#replace(node);
      room--;
    }
  }

  #done(node: NodeId): boolean {
    return this.release(node) === this.#template.at(this.machines.cluster.at(node));
  }
  #silent(node: NodeId): boolean {
    return !this.lifecycle.registered(node) || !this.lifecycle.ready(node);
  }

  #replace(node: NodeId): void {
    this.#updating.set(node, 1);
    this.#updated.after(node, this.parameters.upgrade.daemonPod);
    this.stopped.emit(node);
  }
  #finish(node: NodeId): void {
    this.#updating.set(node, 0);
    this.#release.set(node, this.#template.at(this.machines.cluster.at(node)));
    this.started.emit(node);
    this.#followUp(node);
  }
  /** What a machine without power was at is begun anew when it is back. */
  #interrupt(node: NodeId): void {
    if (this.#updating.at(node) === 0) return;
    this.#updating.set(node, 0);
    this.#updated.cancel(node);
    this.started.emit(node);
  }
  /** A machine that boots keeps the pod that it had; a new one has got one of the present release. */
  #joined(node: NodeId): void {
    const template = this.#template.at(this.machines.cluster.at(node));
    const generation = this.machines.generation.at(node);
    if (generation !== this.#generation.at(node)) this.#release.set(node, template);
    this.#generation.set(node, generation);
    if (template !== NONE) this.#followUp(node);
  }
  #followUp(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    this.advance(cluster);
    this.changed.emit(cluster);
  }
}
