/**
 * What a fleet will not get back by itself: at the end of a run, everything that waits for a human, with the reason and what to do. Each
 * kind of leftover is a documented one; what a fleet lacks and no reason here covers is healing still, or a defect of the models.
 */
import type { Unhealed } from '../../sim/result.ts';
import type { ClusterId } from '../ids.ts';
import { type Lack, newLacks, serviceLack } from './redundancy.ts';
import { blockedDrains } from './unhealed/drains.ts';
import { fullDatabase, lostData } from './unhealed/etcd-data.ts';
import { endlessFaults } from './unhealed/faults.ts';
import type { Aftermath, Leftover, Reason } from './unhealed/leftover.ts';
import { lostMachines } from './unhealed/machines.ts';
import { noRoom, unfitHost } from './unhealed/room.ts';
import { unfitStorage } from './unhealed/storage.ts';
import { stuckTunnels } from './unhealed/tunnels.ts';
import { refusedPools, refusedReleases, stalledUpgrades } from './unhealed/upgrades.ts';
import { expiredCertificates, noWorkers } from './unhealed/workers.ts';

const REASONS: readonly Reason[] = [
  lostMachines,
  endlessFaults,
  lostData,
  fullDatabase,
  unfitStorage,
  stuckTunnels,
  noRoom,
  blockedDrains,
  unfitHost,
  noWorkers,
  expiredCertificates,
  stalledUpgrades,
  refusedReleases,
  refusedPools,
];

/** Everything that waits for a human. */
function leftovers(aftermath: Aftermath): Leftover[] {
  return REASONS.flatMap((reason) => reason(aftermath));
}

/** The same as plain data, for results. */
export function unhealed(aftermath: Aftermath): Unhealed[] {
  return leftovers(aftermath).map(({ what, why, remedy, labels }) => ({ what, why, remedy, labels }));
}

/** What the fleet lacks beyond its beginning and no leftover covers: what is healing still, or, long after all faults, a defect. */
export function unexplained(aftermath: Aftermath): Lack[] {
  const lacks = newLacks(aftermath.fleet, aftermath.beginning);
  if (lacks.length === 0) return [];
  const reasons = leftovers(aftermath);
  // A control plane that never found room has nothing that could heal; what is asked of it meanwhile is lacking as well.
  const { clusters } = aftermath.fleet.world;
  const neverUp = (cluster: ClusterId): boolean =>
    aftermath.beginning.has(serviceLack('api', clusters.key(cluster)));
  return lacks.filter(({ cluster }) => !neverUp(cluster) && !reasons.some(({ covers }) => covers(cluster)));
}
