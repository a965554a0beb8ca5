/** What the machines of a fleet stand on: platforms of its management clusters, and machines that boot in a time of their own. */
import { MINUTE, SECOND } from '../../../sim/time.ts';
import type { FleetPlan } from '../../plan/fleet.ts';
import { MANAGEMENT_PLATFORMS } from '../../plan/platforms.ts';
import type { Dice } from './dice.ts';

/** How often machines do not boot as their platform has it. */
const OWN_BOOT = 0.15;

export function withPlatforms(fleet: FleetPlan, dice: Dice): FleetPlan {
  const boot = (): { boot?: number } =>
    dice.chance(OWN_BOOT) ? { boot: dice.spread(10 * SECOND, 40 * MINUTE) } : {};
  return {
    ...fleet,
    managementClusters: fleet.managementClusters.map((cluster) => ({
      ...cluster,
      platform: dice.pick(MANAGEMENT_PLATFORMS),
      nodes: cluster.nodes.map((node) => ({ ...node, ...boot() })),
    })),
    hostedClusters: fleet.hostedClusters.map((cluster) => ({
      ...cluster,
      nodePools: cluster.nodePools.map((pool) => ({ ...pool, ...boot() })),
    })),
  };
}
