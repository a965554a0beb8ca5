/** How what is upgraded gets there: node pools and machine config pools that replace or update several machines at a time, and operators of several ages. */
import { HOUR } from '../../../sim/time.ts';
import type { CountOrShare, FleetPlan, NodePoolPlan, OperatorPlan } from '../../plan/fleet.ts';
import { MCE_RELEASES } from '../../versions/operators.ts';
import type { Dice } from './dice.ts';

export function withRollouts(fleet: FleetPlan, dice: Dice): FleetPlan {
  return {
    ...fleet,
    managementClusters: fleet.managementClusters.map((cluster) => ({
      ...cluster,
      operator: drawOperator(dice),
      machineConfigPools: cluster.machineConfigPools.map((pool, i) => ({
        ...pool,
        maxUnavailable: dice.chance(0.6) ? pool.maxUnavailable : drawCount(dice),
        // That of the control-plane nodes is paused by nobody.
        paused: i > 0 && dice.chance(0.1),
      })),
    })),
    hostedClusters: fleet.hostedClusters.map((cluster) => ({
      ...cluster,
      nodePools: cluster.nodePools.map((pool) => withRollout(dice, pool)),
    })),
  };
}

function withRollout(dice: Dice, pool: NodePoolPlan): NodePoolPlan {
  const nodeDrainTimeout = dice.chance(0.3) ? dice.pick([HOUR / 4, HOUR]) : 0;
  const strategy = pool.upgradeType === 'Replace' && dice.chance(0.15) ? 'OnDelete' : 'RollingUpdate';
  if (dice.chance(0.4)) return { ...pool, strategy, nodeDrainTimeout };
  const maxSurge = pool.upgradeType === 'Replace' ? drawCount(dice) : pool.maxSurge;
  return { ...pool, strategy, nodeDrainTimeout, maxSurge, maxUnavailable: drawCount(dice) };
}

const drawCount = (dice: Dice): CountOrShare =>
  dice.chance(0.4)
    ? { amount: dice.pick([0, 0.25, 0.5, 1]), relative: true }
    : { amount: dice.int(0, 3), relative: false };

/** Recent ones more often: they take most of the releases that a fleet has. */
function drawOperator(dice: Dice): OperatorPlan {
  if (dice.chance(0.4)) return { product: 'HyperShift', version: dice.pick(['4.18', '4.20', '4.22', '5.2']) };
  return { product: 'MCE', version: dice.pick(MCE_RELEASES.slice(dice.chance(0.7) ? -3 : 0)).version };
}
