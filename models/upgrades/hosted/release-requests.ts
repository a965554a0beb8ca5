/**
 * spec.release of hosted clusters: what people write, and whether the HyperShift operator passes it on. A release that a rule forbids stands
 * where it was written: the operator reconciles nothing of the hosted cluster, what it passed on before goes on, and it takes the release without
 * anybody asking again once the rule lets it pass (openshift/hypershift hostedcluster_controller.go). So it is with a release that was
 * taken long ago: it is looked at in every reconcile, and one that another operator does not support is refused from then on.
 */
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import type { Reconciliation } from '../../hosted/reconciliation.ts';
import type { ClusterId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { Verdict } from '../../versions/judge.ts';
import type { UpgradeLedger } from '../ledger.ts';
import type { UpgradeOptions } from '../options.ts';

/** The phase before any component. */
const PHASE = 'HyperShift operator';

/**
 * What the rules say to a release: why the operator refuses it, if it does, and what it lets pass although a rule is broken. With `before` and
 * `after` the same it is no step, and what is asked is whether the release may stay.
 */
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
  /** What was passed on is to be judged again: there is another operator. */
  readonly #again: U8Column<ClusterId>;

  /** Given by whoever knows the rules on versions. */
  check: ReleaseCheck = () => ({ refusal: undefined, remarks: [] });

  constructor(
    clusters: Clusters,
    readonly reconciliation: Reconciliation,
    readonly ledger: UpgradeLedger,
  ) {
    const { table } = clusters;
    this.#written = table.i32('writtenRelease', NONE);
    this.#desired = table.i32('desiredRelease', NONE);
    this.#forced = table.u8('forcedRelease');
    this.#request = table.i32('releaseRequest', NONE);
    this.#again = table.u8('releaseJudgedAgain');
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
  /** The operator has something to look at: what people wrote and it did not pass on, or what it would judge otherwise now. */
  open(cluster: ClusterId): boolean {
    return (
      this.#request.at(cluster) !== NONE ||
      this.#again.at(cluster) === 1 ||
      this.reconciliation.refused(cluster)
    );
  }
  /** Why the operator refuses what is written, in words; undefined when it does not, or has not looked at it. */
  refusal(cluster: ClusterId): string | undefined {
    return this.reconciliation.refused(cluster) ? this.#verdict(cluster).refusal : undefined;
  }

  /** What lets the operator reconcile again, in words, where it refuses what is written. */
  remedy(cluster: ClusterId, nameOf: (release: ReleaseId) => string): string {
    const has = this.#desired.at(cluster);
    if (this.#written.at(cluster) !== has)
      return `write ${nameOf(has)}, which it has, or another release that it may have`;
    return this.#verdict(cluster).remedy ?? 'write a release that it may have';
  }

  /** A release that has been there for long was looked at as often. */
  judgeSettled(cluster: ClusterId): void {
    this.reconciliation.find(cluster, this.#verdict(cluster).refusal !== undefined);
  }
  /** There is another operator, or it looks after other clusters. @returns whether it judges a release otherwise that was passed on */
  judgeAgain(cluster: ClusterId): boolean {
    const isRefused = this.reconciliation.refused(cluster);
    const changes =
      this.#written.at(cluster) !== NONE && isRefused !== (this.#verdict(cluster).refusal !== undefined);
    if (changes) this.#again.set(cluster, 1);
    return changes;
  }
  #verdict(cluster: ClusterId): Verdict {
    const force = this.#forced.at(cluster) === 1;
    return this.check(cluster, this.#desired.at(cluster), this.#written.at(cluster), { force });
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
   * @returns the upgrade that it passes on; undefined when it refuses, has passed it on before, or is not there
   */
  look(cluster: ClusterId): UpgradeId | undefined {
    const request = this.#request.at(cluster);
    const absent = this.reconciliation.operatorAbsent(cluster);
    if (absent !== undefined) {
      if (request !== NONE) this.ledger.waits(request, PHASE, absent);
      return undefined;
    }
    this.#again.set(cluster, 0);
    const { refusal, remarks } = this.#verdict(cluster);
    this.reconciliation.find(cluster, refusal !== undefined);
    if (refusal !== undefined) {
      if (request !== NONE) this.#refuse(cluster, request, refusal, remarks);
      return undefined;
    }
    if (request !== NONE) return this.#passOn(cluster, request, remarks);
    if (this.#written.at(cluster) === this.#desired.at(cluster)) return undefined;
    return this.#passOn(cluster, this.#takenLate(cluster), remarks);
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
