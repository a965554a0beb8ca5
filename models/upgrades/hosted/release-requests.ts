/**
 * spec.release of hosted clusters: what people write, and whether the HyperShift operator passes it on. A release that a rule forbids stands
 * where it was written: the operator reconciles nothing of the hosted cluster, what it passed on before goes on, and it takes the release without
 * anybody asking again once the rule lets it pass (openshift/hypershift hostedcluster_controller.go).
 */
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import type { ClusterId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { Leadership } from '../../kubernetes/leadership.ts';
import type { Pauses } from '../../kubernetes/pauses.ts';
import type { Verdict } from '../../versions/judge.ts';
import type { UpgradeLedger } from '../ledger.ts';
import type { UpgradeOptions } from '../options.ts';

/** The phase before any component. */
const PHASE = 'HyperShift operator';

/** What the rules say to a release: why the operator refuses it, if it does, and what it lets pass although a rule is broken. */
export type ReleaseCheck = (
  cluster: ClusterId,
  before: ReleaseId,
  after: ReleaseId,
  options: UpgradeOptions,
) => Verdict;

export class ReleaseRequests {
  /** As people wrote it, and what the operator passed on last. */
  readonly #written: I32Column<ClusterId, ReleaseId>;
  readonly #desired: I32Column<ClusterId, ReleaseId>;
  readonly #forced: U8Column<ClusterId>;
  /** What was asked for and the operator has not looked at. */
  readonly #request: I32Column<ClusterId, UpgradeId>;

  /** Given by whoever knows the rules on versions. */
  check: ReleaseCheck = () => ({ refusal: undefined, remarks: [] });

  constructor(
    readonly clusters: Clusters,
    readonly leadership: Leadership,
    readonly pauses: Pauses,
    readonly ledger: UpgradeLedger,
  ) {
    const { table } = clusters;
    this.#written = table.i32('writtenRelease', NONE);
    this.#desired = table.i32('desiredRelease', NONE);
    this.#forced = table.u8('forcedRelease');
    this.#request = table.i32('releaseRequest', NONE);
  }

  /** A release that was written and passed on long ago; NONE for a cluster that is not there. */
  settle(cluster: ClusterId, release: ReleaseId | typeof NONE): void {
    this.#written.set(cluster, release);
    this.#desired.set(cluster, release);
  }
  /** What the operator passed on last. */
  desired(cluster: ClusterId): ReleaseId {
    return this.#desired.at(cluster);
  }
  /** The release that people wrote is another than the operator passed on: it has not looked yet, or refuses it. */
  open(cluster: ClusterId): boolean {
    return this.#request.at(cluster) !== NONE || this.refused(cluster);
  }
  /** The operator refuses what people wrote, until that is another or a rule lets it pass. */
  refused(cluster: ClusterId): boolean {
    return this.#request.at(cluster) === NONE && this.#written.at(cluster) !== this.#desired.at(cluster);
  }

  /** Somebody writes a release; what was written before and never passed on is overwritten. */
  write(upgrade: UpgradeId, { force }: UpgradeOptions): void {
    const { subject, after } = this.ledger.record(upgrade);
    const cluster = subject as ClusterId;
    const overwritten = this.#request.at(cluster);
    if (overwritten !== NONE) this.ledger.close(overwritten, 'superseded');
    this.#request.set(cluster, upgrade);
    this.#written.set(cluster, after);
    this.#forced.set(cluster, force ? 1 : 0);
    this.ledger.begins(upgrade, PHASE);
  }

  /**
   * The operator looks at what stands there.
   * @returns the upgrade that it passes on; undefined when it refuses, or is not there
   */
  look(cluster: ClusterId): UpgradeId | undefined {
    const request = this.#request.at(cluster);
    const absent = this.operatorAbsent(cluster);
    if (absent !== undefined) {
      if (request !== NONE) this.ledger.waits(request, PHASE, absent);
      return undefined;
    }
    const [desired, written] = [this.#desired.at(cluster), this.#written.at(cluster)];
    const { refusal, remarks } = this.check(cluster, desired, written, {
      force: this.#forced.at(cluster) === 1,
    });
    if (refusal === undefined)
      return this.#passOn(cluster, request === NONE ? this.#takenLate(cluster) : request, remarks);
    if (request !== NONE) this.#refuse(cluster, request, refusal, remarks);
    return undefined;
  }

  /** Why the operator does nothing for a hosted cluster now; undefined when it does. */
  operatorAbsent(cluster: ClusterId): string | undefined {
    const host = this.clusters.host.at(cluster);
    if (this.pauses.paused(cluster)) return 'reconciliation is paused';
    if (!this.clusters.apiUp(host)) return `the API of ${this.clusters.names[host]} is down`;
    if (!this.leadership.held(host, 'operator')) return 'the HyperShift operator has no leader';
    return undefined;
  }

  #refuse(cluster: ClusterId, request: UpgradeId, refusal: string, remarks: readonly string[]): void {
    this.#request.set(cluster, NONE);
    for (const remark of remarks) this.ledger.remark(request, remark);
    this.ledger.close(request, 'refused', refusal);
  }

  #passOn(cluster: ClusterId, upgrade: UpgradeId, remarks: readonly string[]): UpgradeId {
    for (const remark of remarks) this.ledger.remark(upgrade, remark);
    this.ledger.accept(upgrade);
    this.ledger.ends(upgrade, PHASE);
    this.#request.set(cluster, NONE);
    this.#desired.set(cluster, this.#written.at(cluster));
    return upgrade;
  }

  /** A rule that refused what people wrote lets it pass now. */
  #takenLate(cluster: ClusterId): UpgradeId {
    const [desired, written] = [this.#desired.at(cluster), this.#written.at(cluster)];
    const late = this.ledger.openLate('hostedCluster', cluster, desired, written);
    this.ledger.begins(late, PHASE);
    return late;
  }
}
