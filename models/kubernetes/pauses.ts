/**
 * Reconciliation that stands still. A paused HostedCluster is left alone by the HyperShift operator, by its control-plane operator and
 * by hosted-cluster-config-operator, and its Cluster API objects are paused with it (openshift/hypershift support/util/pausereconcile.go,
 * hypershift-operator/controllers/hostedcluster/hostedcluster_controller.go); a paused management cluster starts no remediation
 * (pauseRequests of a NodeHealthCheck). Kubernetes itself goes on: pods run, sets and schedulers work.
 */
import type { I32Column } from '../../sim/entities.ts';
import type { ClusterId } from '../ids.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';

export class Pauses {
  /** Reasons to stand still: pauses overlap. */
  readonly #count: I32Column<ClusterId>;

  /** Reconciliation of the cluster goes on. Its pause, the rarer news, is asked for by who acts. */
  readonly resumed = new Signal<[cluster: ClusterId]>();

  constructor(clusters: Clusters) {
    this.#count = clusters.table.i32('pauses');
  }

  paused(cluster: ClusterId): boolean {
    return this.#count.at(cluster) > 0;
  }
  pause(cluster: ClusterId): void {
    this.#count.add(cluster, 1);
  }
  resume(cluster: ClusterId): void {
    if (this.#count.add(cluster, -1) === 0) this.resumed.emit(cluster);
  }
}
