/**
 * Whether the HyperShift operator does anything for a hosted cluster. It leaves one alone that is paused, and one whose release it refuses: the
 * reconcile ends where the release is checked, before etcd is looked at and before the control plane is passed on (openshift/hypershift
 * hypershift-operator/controllers/hostedcluster/hostedcluster_controller.go, ValidReleaseImage and isUpgrading). Node pools have a reconcile of their own.
 */
import type { U8Column } from '../../sim/entities.ts';
import type { ClusterId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import { Signal } from '../signal.ts';

const REFUSED =
  'the HyperShift operator refuses the release that is written, and reconciles nothing until that is another';

export class Reconciliation {
  readonly #refused: U8Column<ClusterId>;

  /** The operator refuses the release of a cluster from now on, or no longer. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly clusters: Clusters,
    readonly leadership: Leadership,
    readonly pauses: Pauses,
  ) {
    this.#refused = clusters.table.u8('releaseRefused');
  }

  /** Why the operator does not even look at a hosted cluster, or its node pools, now; undefined when it does. */
  operatorAbsent(cluster: ClusterId): string | undefined {
    const host = this.clusters.host.at(cluster);
    if (this.pauses.paused(cluster)) return 'reconciliation is paused';
    if (!this.clusters.apiUp(host)) return `the API of ${this.clusters.names[host]} is down`;
    if (!this.leadership.held(host, 'operator')) return 'the HyperShift operator has no leader';
    return undefined;
  }
  /** Why nothing of the hosted cluster is reconciled now; undefined when it is. */
  idle(cluster: ClusterId): string | undefined {
    return this.operatorAbsent(cluster) ?? (this.refused(cluster) ? REFUSED : undefined);
  }

  /** The operator found the release that is written to be one that it does not take. */
  refused(cluster: ClusterId): boolean {
    return this.#refused.at(cluster) === 1;
  }
  /** What the operator found when it looked at the release that is written. */
  find(cluster: ClusterId, refused: boolean): void {
    if (refused === this.refused(cluster)) return;
    this.#refused.set(cluster, refused ? 1 : 0);
    this.changed.emit(cluster);
  }
}
