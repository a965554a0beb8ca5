/** What became of campaigns: wave by wave, why one stopped, and what it brought back. */
import type { CampaignResult, CampaignWave } from '../../sim/result.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { CampaignId, UpgradeId } from '../ids.ts';
import type { CampaignPlan } from '../plan/campaign.ts';
import type { Campaigns } from '../upgrades/campaign/campaigns.ts';
import type { CampaignRecord, WaveRecord } from '../upgrades/campaign/record.ts';
import { subjectName } from '../upgrades/subjects.ts';
import { reachOf } from './campaign-reach.ts';

/** The campaigns of a run in their order. */
export function campaignResults(fleet: BuiltFleet, campaigns: Campaigns): CampaignResult[] {
  return campaigns.plans.map((plan, i) => {
    const record = campaigns.record(i as CampaignId);
    return {
      name: plan.name,
      ...(record.begun === undefined ? {} : { begun: record.begun }),
      ...(record.ended === undefined ? {} : { ended: record.ended }),
      outcome: outcomeOf(record),
      why: record.stopped?.why ?? '',
      reason: record.stopped?.reason ?? '',
      waves: record.waves.map((wave) => waveResult(fleet, plan, wave)),
      left: leftOf(plan, record),
      ...reachOf(fleet, plan, record),
      rollbacks: record.rollbacks.map((upgrade) => rollbackResult(fleet, upgrade)),
    };
  });
}

function outcomeOf({ state }: CampaignRecord): CampaignResult['outcome'] {
  if (state === 'completed' || state === 'before') return state;
  return state === 'stopped' || state === 'back' ? 'stopped' : 'going-on';
}

function waveResult(fleet: BuiltFleet, plan: CampaignPlan, wave: WaveRecord): CampaignWave {
  const { name, kind, to, change, waves } = plan.stages[wave.stage]!;
  const { ledger } = fleet.world.upgrades;
  const ended = (end: string | undefined): number =>
    wave.upgrades.filter((upgrade) => ledger.record(upgrade).end === end).length;
  return {
    stage: name,
    kind,
    ...(to === undefined ? {} : { to }),
    ...(change === undefined ? {} : { change }),
    wave: wave.wave + 1,
    ofWaves: waves.length,
    subjects: waves[wave.wave]!.length,
    from: wave.from,
    ...(wave.to === undefined ? {} : { until: wave.to }),
    ...(wave.soakedTo === undefined ? {} : { soakedUntil: wave.soakedTo }),
    closed: wave.closed.map((span) => ({ ...span })),
    completed: ended('completed'),
    refused: ended('refused'),
    superseded: ended('superseded'),
    goingOn: ended(undefined),
    failed: wave.failed.map((upgrade) => subjectName(fleet, ledger.record(upgrade))),
    alreadyThere: wave.alreadyThere.length,
    left: waves[wave.wave]!.length - wave.turns,
  };
}

/** Subjects whose turn never came. */
function leftOf({ stages }: CampaignPlan, { waves }: CampaignRecord): number {
  const all = stages.flatMap((stage) => stage.waves).reduce((sum, names) => sum + names.length, 0);
  return all - waves.reduce((sum, wave) => sum + wave.turns, 0);
}

function rollbackResult(fleet: BuiltFleet, upgrade: UpgradeId): CampaignResult['rollbacks'][number] {
  const { ledger, releases } = fleet.world.upgrades;
  const record = ledger.record(upgrade);
  return {
    name: subjectName(fleet, record),
    to: releases.name(record.after),
    outcome: record.end ?? 'going-on',
    refusal: record.refusal ?? '',
  };
}
