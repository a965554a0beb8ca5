/** Stand-ins for the mechanisms of upgrades, for tests of what asks for upgrades and of what reads them. */
import { MINUTE, type Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ReleaseId, UpgradeId, UpgradeSubjectId } from '../ids.ts';
import { UPGRADE_SUBJECTS, type UpgradeSubject } from '../plan/faults.ts';
import type { UpgradeOptions } from './options.ts';
import { subjectName } from './subjects.ts';

/** What somebody asked a stand-in for. */
export interface Asked {
  readonly kind: UpgradeSubject;
  readonly name: string;
  readonly to: string;
  readonly options: UpgradeOptions;
}

export interface StandIns {
  readonly asked: readonly Asked[];
}

export interface StandInOptions {
  /** How long an upgrade takes; undefined: it never ends. Default ten minutes. */
  readonly takes?: (kind: UpgradeSubject, name: string, to: string) => number | undefined;
  /** Why an upgrade is refused at once, if it is. */
  readonly refuses?: (kind: UpgradeSubject, name: string, from: string, to: string) => string | undefined;
}

/** Registers a mechanism for every kind of subject that does nothing but take its time. */
export function standIns(fleet: BuiltFleet, options: StandInOptions = {}): StandIns {
  const { world, plan } = fleet;
  const { upgrades, sim } = world;
  const { ledger, releases } = upgrades;
  const asked: Asked[] = [];
  const done = sim.event(ledger.table, 'stand-in-done', 'control', (upgrade: UpgradeId) => {
    if (ledger.record(upgrade).end === undefined) ledger.close(upgrade, 'completed');
  });

  const nameOf = (kind: UpgradeSubject, subject: UpgradeSubjectId): string =>
    subjectName(fleet, { kind, subject });
  function first(kind: UpgradeSubject, name: string): string {
    const [cluster, pool] = name.split('/');
    if (kind === 'managementCluster' || kind === 'machineConfigPool' || kind === 'operator')
      return plan.managementClusters.find((one) => one.name === cluster)!.version;
    const hosted = plan.hostedClusters.find((one) => one.name === cluster)!;
    return pool === undefined ? hosted.release : hosted.nodePools.find((one) => one.name === pool)!.release;
  }

  // The real mechanism looks for upgrades of its own whenever something changes.
  world.hostedReleases.reconsider = () => {};
  for (const kind of UPGRADE_SUBJECTS) {
    const release = (subject: UpgradeSubjectId): ReleaseId => {
      const last = ledger.records.findLast(
        (one) => one.kind === kind && one.subject === subject && one.end !== 'refused',
      );
      return last?.after ?? releases.of(first(kind, nameOf(kind, subject)));
    };
    upgrades.register(kind, {
      release,
      begin(upgrade, given) {
        const { subject, before, after } = ledger.record(upgrade);
        const name = nameOf(kind, subject);
        const to = releases.name(after);
        asked.push({ kind, name, to, options: given });
        const refusal = options.refuses?.(kind, name, releases.name(before), to);
        if (refusal !== undefined) {
          ledger.close(upgrade, 'refused', refusal);
          return;
        }
        ledger.accept(upgrade);
        ledger.begins(upgrade, 'rollout');
        // What first runs a bad release never becomes Ready.
        if (upgrades.fails(kind, subject)) return;
        const takes = options.takes ? options.takes(kind, name, to) : 10 * MINUTE;
        if (takes !== undefined) sim.after(done, upgrade, takes as Micros);
      },
    });
  }
  return { asked };
}
