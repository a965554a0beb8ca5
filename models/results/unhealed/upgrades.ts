/** Upgrades that stand still when a run ends: what they wait for, and who has to do what about it. */
import { HOUR, type Micros } from '../../../sim/time.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import type { PoolId } from '../../ids.ts';
import type { UpgradeRecord, UpgradeWait } from '../../upgrades/ledger.ts';
import { clusterOf, subjectLabels, subjectText, tenantsOf } from '../../upgrades/subjects.ts';
import type { Leftover } from './leftover.ts';

/** An upgrade of which no part began or ended for so long stands still: parts of healthy ones take minutes. */
const STILL = HOUR;

/** The upgrades that go on, and of which no part began or ended for so long. */
export function standingStill({ world }: BuiltFleet, span: Micros): UpgradeRecord[] {
  const { sim, upgrades } = world;
  return upgrades.ledger.records.filter((record) => {
    if (record.end !== undefined) return false;
    const moved = Math.max(record.from, ...record.phases.map(({ from, to }) => to ?? from));
    return sim.now - moved >= span;
  });
}

/** What an upgrade waits for, the last part first that came to wait. */
export function openWait({ waits }: UpgradeRecord): UpgradeWait | undefined {
  return waits.findLast(({ to }) => to === undefined);
}

function remedyFor({ world }: BuiltFleet, record: UpgradeRecord): string {
  if (record.bad) return 'ask for the release that it had, or for a good one';
  const waitsForPeople =
    record.kind === 'nodePool' && world.nodePools.rollout(record.subject as PoolId).strategy === 'OnDelete';
  if (waitsForPeople) return 'delete the machines that are not of the new release';
  return 'end what it waits for, and it goes on by itself; or ask for another release';
}

export function stalledUpgrades({ fleet }: { readonly fleet: BuiltFleet }): Leftover[] {
  return standingStill(fleet, STILL as Micros).flatMap((record) => {
    const wait = openWait(record);
    if (wait === undefined) return [];
    const concerned = [clusterOf(fleet, record), ...tenantsOf(fleet, record)];
    const { releases } = fleet.world.upgrades;
    const to = record.before === record.after ? '' : ` to ${releases.name(record.after)}`;
    return {
      what: `upgrade of ${subjectText(fleet, record)}${to}`,
      why: `${wait.phase} waits: ${wait.why}`,
      remedy: remedyFor(fleet, record),
      labels: subjectLabels(fleet, record),
      covers: (cluster) => concerned.includes(cluster),
    };
  });
}

/** Pools with other machines than are wanted, because the operator refuses the release that stands in them and reconciles nothing else (ValidReleaseImage). */
export function refusedPools({ fleet }: { readonly fleet: BuiltFleet }): Leftover[] {
  const { nodePools } = fleet.world;
  const leftovers: Leftover[] = [];
  for (let pool = 0 as PoolId; pool < nodePools.table.length; pool++) {
    if (!nodePools.refused(pool) || nodePools.count(pool) === nodePools.wishes.of(pool)) continue;
    const concerned = clusterOf(fleet, { kind: 'nodePool', subject: pool });
    leftovers.push({
      what: `size of ${subjectText(fleet, { kind: 'nodePool', subject: pool })}`,
      why: 'the HyperShift operator refuses the release that stands in it, and reconciles nothing of it until that is another',
      remedy: 'ask for a release that the node pool may have',
      labels: subjectLabels(fleet, { kind: 'nodePool', subject: pool }),
      covers: (cluster) => cluster === concerned,
    });
  }
  return leftovers;
}
