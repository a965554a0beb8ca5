/** Where an upgrade that somebody asks for goes: to the mechanism of what is to be upgraded. */
import type { CauseId } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ReleaseId, UpgradeId, UpgradeSubjectId } from '../ids.ts';
import type { UpgradeChange, UpgradeSubject } from '../plan/faults.ts';
import { UpgradeLedger } from './ledger.ts';
import type { UpgradeOptions } from './options.ts';
import { Releases } from './releases.ts';
import { VersionSources } from './version-source.ts';

/** What one kind of subject needs to be brought to another release. */
export interface UpgradeMechanism {
  /** The release that the subject is to have, as people last said. */
  release(subject: number): ReleaseId;
  /** Where a change that names no release leads to. Without this it stays. */
  after?(subject: number, change: UpgradeChange): ReleaseId;
  /** Somebody asks for a release; everything that follows is the mechanism's, which closes the record when it is done. */
  begin(upgrade: UpgradeId, options: UpgradeOptions): void;
}

export class Upgrades {
  readonly ledger: UpgradeLedger;
  readonly releases = new Releases();
  readonly versions = new VersionSources();
  readonly #mechanisms = new Map<UpgradeSubject, UpgradeMechanism>();

  constructor(readonly sim: Simulation) {
    this.ledger = new UpgradeLedger(sim);
  }

  register(kind: UpgradeSubject, mechanism: UpgradeMechanism): void {
    this.#mechanisms.set(kind, mechanism);
  }

  /** The release that a subject is to have. */
  release(kind: UpgradeSubject, subject: UpgradeSubjectId): ReleaseId {
    return this.#mechanisms.get(kind)!.release(subject);
  }

  /**
   * Whether what a subject is being brought to is bad for it: mechanisms keep whatever first runs the new release (the first pod of the new
   * kube-apiserver, the first new node) from ever becoming Ready. It ends with the upgrade, hence with a rollback that supersedes it.
   */
  fails(kind: UpgradeSubject, subject: UpgradeSubjectId): boolean {
    const upgrade = this.ledger.current(kind, subject);
    return upgrade !== undefined && this.ledger.record(upgrade).bad;
  }

  /**
   * Somebody asks for a release, or with `to` undefined for the change that the options name.
   * @returns the record of it
   */
  ask(
    kind: UpgradeSubject,
    subject: UpgradeSubjectId,
    to: ReleaseId | undefined,
    options: UpgradeOptions = { force: false },
  ): UpgradeId {
    const mechanism = this.#mechanisms.get(kind)!;
    const before = mechanism.release(subject);
    const { change } = options;
    const wanted = to === undefined ? undefined : this.releases.meant(to, before);
    const after = wanted ?? (change && mechanism.after?.(subject, change)) ?? before;
    const upgrade = this.ledger.open(kind, subject, before, after, options);
    const outer: CauseId = this.sim.enter(this.ledger.record(upgrade).asked);
    mechanism.begin(upgrade, options);
    this.sim.leave(outer);
    return upgrade;
  }
}
