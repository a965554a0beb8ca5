/** Campaigns: upgrades of several clusters or node pools one after another, of releases that are bad for some of them. */
import { HOUR, MINUTE, type Micros } from '../../../sim/time.ts';
import type { CampaignPlan, StagePlan } from '../../plan/campaign.ts';
import type { FleetPlan } from '../../plan/fleet.ts';
import type { Dice } from './dice.ts';
import { releaseFrom } from './upgrades.ts';

/** How often there is one. */
const CAMPAIGNS = 0.25;

/** @param span when it begins at the latest */
export function drawCampaigns(dice: Dice, fleet: FleetPlan, span: Micros): CampaignPlan[] {
  if (!dice.chance(CAMPAIGNS)) return [];
  const pools = fleet.hostedClusters.flatMap(({ name, nodePools }) =>
    nodePools.map((pool) => ({ name: `${name}/${pool.name}`, release: pool.release })),
  );
  const [kind, subjects] =
    pools.length > 0 && dice.chance(0.4)
      ? (['nodePool', pools] as const)
      : (['hostedCluster', fleet.hostedClusters] as const);
  const stage: StagePlan = {
    name: 'all',
    kind,
    to: releaseFrom(dice, dice.pick(subjects).release),
    force: false,
    waves: subjects.map(({ name }) => [name]),
    concurrency: dice.int(1, 2),
    soak: dice.pick([0, 30 * MINUTE]) as Micros,
    timeout: dice.spread(10 * MINUTE, 6 * HOUR) as Micros,
    maxFailures: dice.int(0, 2),
    stopWhen: [],
    badReleases: dice.pick([0, 0.5, 1]),
    rollback: dice.pick(['none', 'failed', 'all']),
  };
  return [{ name: 'campaign', at: dice.int(MINUTE, span) as Micros, stages: [stage] }];
}
