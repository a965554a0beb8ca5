/** Upgrades that stand still when a run ends: what they wait for, and who has to do what about it. */
import { HOUR, type Micros } from '../../../sim/time.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import type { PoolId } from '../../ids.ts';
import { openWait, type UpgradeRecord } from '../../upgrades/ledger.ts';
import { clusterOf, subjectLabels, subjectText, tenantsOf } from '../../upgrades/subjects.ts';
import { type Leftover, lacksOf, type Reason } from './leftover.ts';

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

function remedyFor({ world }: BuiltFleet, record: UpgradeRecord): string {
  if (record.bad) {
    const { releases } = world.upgrades;
    return releases.minor(record.before) === releases.minor(record.after)
      ? 'ask for the release that it had, or for a good one'
      : 'ask for another patch of its new minor: there is no way back to the former';
  }
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

/** Hosted clusters whose release the operator refuses: nothing of them is reconciled, whether they lack something yet or not. */
export const refusedReleases: Reason = ({ fleet }) =>
  [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const { hostedReleases, upgrades } = fleet.world;
    const refusal = hostedReleases.requests.refusal(cluster);
    return refusal === undefined
      ? []
      : {
          what: 'reconciliation by the HyperShift operator',
          why: `it refuses the release that is written: ${refusal}; nothing is passed on, and etcd is not recovered`,
          remedy: hostedReleases.requests.remedy(cluster, (release) => upgrades.releases.name(release)),
          ...lacksOf(fleet, cluster),
        };
  });

/** The same of node pools, which have a reconcile of their own (ValidReleaseImage): machines of another number than is wanted stay as they are. */
export const refusedPools: Reason = ({ fleet }) => {
  const { nodePools, nodePoolUpgrades } = fleet.world;
  const leftovers: Leftover[] = [];
  for (let pool = 0 as PoolId; pool < nodePools.table.length; pool++) {
    const refusal = nodePoolUpgrades.refusal(pool);
    if (refusal === undefined) continue;
    const subject = { kind: 'nodePool', subject: pool } as const;
    const isOff = nodePools.count(pool) !== nodePools.wishes.of(pool);
    const concerned = clusterOf(fleet, subject);
    leftovers.push({
      what: `reconciliation of ${subjectText(fleet, subject)}`,
      why: `the HyperShift operator refuses the release that is written: ${refusal}; neither it nor a number of machines is passed on`,
      remedy: 'ask for a release that the node pool may have',
      labels: subjectLabels(fleet, subject),
      covers: (cluster) => isOff && cluster === concerned,
    });
  }
  return leftovers;
};
