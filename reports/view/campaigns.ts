/** Campaigns in sentences: how each ended and why, its waves, what it brought back. */
import type { CampaignFutures, CampaignResult, CampaignWave, RunResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatCount, formatSpan, plural } from './format.ts';
import { groupBy, keyOf } from './labels.ts';
import { compareNames, mergeNames } from './names.ts';
import { UPGRADE_CHANGES, UPGRADE_NOUNS } from './upgrades.ts';

export const CAMPAIGNS_TITLE = 'Campaigns';

export interface CampaignText {
  readonly head: string;
  readonly good: boolean;
  /** A sentence per wave; over several replications those of the first, after what came of that. */
  readonly waves: readonly string[];
  /** A sentence per outcome of what was brought back. */
  readonly rollbacks: readonly string[];
}

/** In how many replications a campaign did not come to its end, or came to it without some of its targets; of one replication 0 or 1. */
export function fellShort({ outcome, targets, reached, futures }: CampaignResult): number {
  if (futures === undefined) return outcome !== 'completed' || reached < targets ? 1 : 0;
  return futures.replications - futures.completed + futures.withoutSome;
}

/**
 * What came of a campaign, in a sentence: `Campaign c stopped: a gate; 2 of 20 targets are there, 18 upgrades never asked for`, or over several
 * replications in how many of them.
 */
export function accountText(campaign: CampaignResult): string {
  const { name, outcome, why, left, targets, reached, futures } = campaign;
  if (futures !== undefined) return `Campaign ${name} ${futuresText(futures)}`;
  const became = {
    before: 'has not begun by the end',
    'going-on': 'is not through at the end',
    stopped: `stopped: ${why}`,
    completed: 'is through all the same',
  }[outcome];
  const never = left === 0 ? '' : `, ${plural(left, 'upgrade')} never asked for`;
  return `Campaign ${name} ${became}; ${formatCount(reached)} of ${plural(targets, 'target')} ${reached === 1 ? 'is' : 'are'} there${never}`;
}

function whenText({ median, worst }: NonNullable<CampaignFutures['completedAt']>): string {
  const [usual, latest] = [formatSpan(median), formatSpan(worst)];
  return usual === latest ? `at ${usual}` : `median at ${usual}, latest at ${latest}`;
}

/** `completed in 5 of 8 replications (median at 2d, latest at 3d), stopped in 2 (most often: a gate), still going on in 1`. */
function futuresText(futures: CampaignFutures): string {
  const { replications, completed, withoutSome, stopped, goingOn, before, completedAt, reasons } = futures;
  const [reason] = reasons;
  const when = completedAt && whenText(completedAt);
  const lacking = withoutSome === 0 ? '' : `in ${withoutSome} without all of its targets`;
  const often = reasons.length > 1 ? `in ${reason!.replications} of these: ` : '';
  const ways = [
    ['completed', completed, [when, lacking]],
    ['stopped', stopped, [reason && often + reason.reason]],
    ['still going on at the end', goingOn, []],
    ['not begun by the end', before, []],
  ] as const;
  const told = ways.filter(([, count], i) => i === 0 || count > 0);
  return told
    .map(([way, count, more], i) => {
      const details = more.filter(Boolean).join(', ');
      return `${way} in ${count}${i === 0 ? ` of ${replications} replications` : ''}${details === '' ? '' : ` (${details})`}`;
    })
    .join(', ');
}

/** A text per campaign. */
export function campaignTexts({ campaigns, duration }: RunResult): CampaignText[] {
  return campaigns.map((campaign) => ({
    ...headsOf(campaign),
    good: fellShort(campaign) === 0,
    rollbacks: rollbackTexts(campaign),
  }));

  /** Waves are those of the first replication. */
  function headsOf(campaign: CampaignResult): Pick<CampaignText, 'head' | 'waves'> {
    const waves = campaign.waves.map((wave) => waveText(wave, duration));
    const { name, futures } = campaign;
    if (futures === undefined) return { head: `${name} ${becameOf(campaign)}`, waves };
    return {
      head: `${name} ${futuresText(futures)}`,
      waves: [`first replication: ${becameOf(campaign)}`, ...waves],
    };
  }
}

function becameOf({ begun, ended, outcome, why, left, targets, reached }: CampaignResult): string {
  const from = begun === undefined ? '' : `, begun at ${formatSpan(begun)}`;
  const never = left === 0 ? '' : `; ${plural(left, 'upgrade')} never asked for`;
  const became = {
    before: 'not begun by the end of the run',
    completed: `completed at ${formatSpan(ended ?? (0 as Micros))}${reached < targets ? `, ${formatCount(reached)} of ${plural(targets, 'target')} there` : ''}`,
    stopped: `stopped${ended === undefined ? '' : ` at ${formatSpan(ended)}`}: ${why}`,
    'going-on': 'still going on at the end of the run',
  }[outcome];
  return `${became}${from}${never}`;
}

/** `2 operators`, where nobody is named whose they are. */
const counted = (noun: string): string => noun.replace(/ of$/, '');

function waveText(wave: CampaignWave, end: Micros): string {
  const until = wave.until === undefined ? 'on' : `to ${formatSpan(wave.until)}`;
  const soaked = wave.soakedUntil === undefined ? '' : `, soaked until ${formatSpan(wave.soakedUntil)}`;
  const closed = wave.closed.reduce((sum, { from, to = end }) => sum + to - from, 0) as Micros;
  const waited = closed === 0 ? '' : `, of which ${formatSpan(closed)} outside of its windows`;
  const [one, many] = UPGRADE_NOUNS[wave.kind] ?? [wave.kind, wave.kind];
  const counts = [
    [wave.completed, 'completed'],
    [wave.refused, 'refused'],
    [wave.superseded, 'superseded'],
    [wave.goingOn, 'still going on'],
    [wave.alreadyThere, 'there already'],
    [wave.left, 'never asked for'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const failed =
    wave.failed.length === 0 ? '' : `; failed: ${mergeNames([...wave.failed].sort(compareNames))}`;
  return (
    `${wave.stage}, wave ${wave.wave} of ${wave.ofWaves}: ${plural(wave.subjects, counted(one), counted(many))} ${wishOf(wave)} ` +
    `from ${formatSpan(wave.from)} ${until}${waited}${soaked}: ${told.join(', ')}${failed}`
  );
}

const wishOf = ({ to, change = '' }: CampaignWave): string =>
  to === undefined ? (UPGRADE_CHANGES[change] ?? change) : `to ${to}`;

function rollbackTexts({ rollbacks }: CampaignResult): string[] {
  return groupBy(rollbacks, ({ to, outcome, refusal }) => keyOf(to, outcome, refusal)).map((same) => {
    const { to, outcome, refusal } = same[0]!;
    const names = mergeNames(same.map(({ name }) => name).sort(compareNames));
    const became = {
      completed: 'brought back',
      refused: `cannot be brought back: ${refusal}`,
      superseded: 'not brought back: superseded',
      'going-on': 'still being brought back',
    }[outcome];
    return `${names} to ${to}: ${became}`;
  });
}
