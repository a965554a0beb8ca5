/** How node pools are rolled out where nobody says: the defaults of the API. */
import type { CountOrShare, NodePoolPlan, PoolRolloutPlan } from './fleet.ts';

const ONE: CountOrShare = { amount: 1, relative: false };
const NONE: CountOrShare = { amount: 0, relative: false };

/** Source: openshift/hypershift api/hypershift/v1beta1/nodepool_types.go (RollingUpdate, InPlaceUpgrade). */
export function defaultRollout(upgradeType: NodePoolPlan['upgradeType']): PoolRolloutPlan {
  return upgradeType === 'Replace'
    ? { strategy: 'RollingUpdate', maxSurge: ONE, maxUnavailable: NONE }
    : { strategy: 'RollingUpdate', maxSurge: NONE, maxUnavailable: ONE };
}
