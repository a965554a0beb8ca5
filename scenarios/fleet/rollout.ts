/** The compact form of what decides about upgrades of hosted clusters and their pools. */
import type { NodePoolPlan, PoolRolloutPlan, UpgradePolicyPlan } from '../../models/plan/fleet.ts';
import { defaultRollout } from '../../models/plan/pool-rollout.ts';
import { readCountOrShare } from '../read/count-or-share.ts';
import type { PoolRolloutSpec, UpgradePolicySpec } from '../schema/upgrades.ts';
import type { Cursor } from '../source/cursor.ts';

/** How a pool is rolled out; reports what its upgrade type does not have. @param cursor points to the pool. */
export function rolloutPlan(
  written: PoolRolloutSpec,
  upgradeType: NodePoolPlan['upgradeType'],
  cursor: Cursor,
): PoolRolloutPlan {
  const usual = defaultRollout(upgradeType);
  for (const key of ['strategy', 'maxSurge'] as const) {
    if (written[key] === undefined || upgradeType === 'Replace') continue;
    cursor.to(key).reportKey('conflicting-keys', {
      found: `${key} with upgradeType InPlace`,
      expected: `${key} only with upgradeType Replace`,
    });
  }
  const { maxSurge, maxUnavailable } = written;
  const plan = {
    strategy: written.strategy ?? usual.strategy,
    maxSurge: maxSurge === undefined ? usual.maxSurge : readCountOrShare(maxSurge),
    maxUnavailable: maxUnavailable === undefined ? usual.maxUnavailable : readCountOrShare(maxUnavailable),
  };
  if (upgradeType === 'Replace' && plan.maxSurge.amount === 0 && plan.maxUnavailable.amount === 0)
    cursor.to('maxSurge').report('invalid-value', {
      found: 'maxSurge 0 and maxUnavailable 0: no machine could ever be replaced',
      expected: 'one of the two above 0',
    });
  return plan;
}

/** Fields of a hosted cluster that decide about its upgrades. */
export function upgradePolicyPlan(written: UpgradePolicySpec): UpgradePolicyPlan {
  const { network, techPreview, upgradeable, skipReleaseValidation, payload } = written;
  return {
    network,
    techPreview,
    upgradeable,
    forceUpgradeTo: written.forceUpgradeTo ?? '',
    skipReleaseValidation,
    controlPlaneRelease: written.controlPlaneRelease ?? '',
    payload,
  };
}
