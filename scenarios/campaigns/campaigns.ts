/** The campaigns of a scenario become plans. */
import type { CampaignPlan } from '../../models/plan/campaign.ts';
import type { Fault } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import type { CampaignSpec } from '../schema/campaign.ts';
import type { ScenarioSpec } from '../schema/scenario.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { checkSoaks, requestsOf } from './soaks.ts';
import { stageOf } from './stages.ts';
import { readStartOfRun, type StartOfRun } from './start-of-run.ts';
import { openingsOf } from './windows.ts';

/**
 * The campaigns that upgrade something, mistakes reported.
 * @param place points to the spec of the scenario
 * @param knownEnd false when the duration of the scenario could not be read
 * @param faults what happens beside them
 */
export function campaignsOf(
  spec: ScenarioSpec,
  fleet: FleetPlan,
  place: Cursor,
  knownEnd: boolean,
  faults: readonly Fault[],
): readonly CampaignPlan[] {
  const start = readStartOfRun(spec.startOfRun, place.to('startOfRun'));
  const names = new Set<string>();
  const plans = spec.campaigns.map((campaign, i) => {
    const cursor = place.to('campaigns', i);
    if (names.has(campaign.name)) {
      cursor.to('name').report('duplicate-name', {
        found: `campaign "${campaign.name}" twice`,
        expected: 'names that differ',
      });
    }
    names.add(campaign.name);
    return campaignOf(campaign, spec, fleet, start, cursor, knownEnd);
  });
  const campaigns = plans.filter((plan) => plan !== undefined);
  const requests = requestsOf(campaigns, faults);
  const end = readDuration(spec.duration);
  plans.forEach((plan, i) => {
    const isWhole = plan?.stages.length === spec.campaigns[i]!.stages.length;
    if (isWhole && knownEnd && plan.at < end)
      checkSoaks(plan, fleet, requests, end, place.to('campaigns', i));
  });
  return campaigns;
}

function campaignOf(
  campaign: CampaignSpec,
  { duration }: ScenarioSpec,
  fleet: FleetPlan,
  start: StartOfRun,
  cursor: Cursor,
  knownEnd: boolean,
): CampaignPlan | undefined {
  const at = readDuration(campaign.at);
  if (knownEnd && at >= readDuration(duration)) {
    cursor.to('at').report('event-after-end', {
      found: `at ${campaign.at}`,
      expected: `before the end, ${duration}`,
    });
  }
  const openings = knownEnd ? openingsOf(campaign, start, readDuration(duration), cursor) : undefined;
  const stages = campaign.stages.flatMap((stage, i) => {
    const before = cursor.problems.reports;
    const found = stageOf(stage, fleet, cursor.to('stages', i));
    if (found === undefined && cursor.problems.reports === before) {
      cursor.to('stages', i).report('selector-matches-nothing', {
        found: 'a stage that upgrades nothing',
        expected: 'at least one target',
      });
    }
    return found ?? [];
  });
  if (stages.length === 0) return undefined;
  return { name: campaign.name, at, ...(openings === undefined ? {} : { openings }), stages };
}
