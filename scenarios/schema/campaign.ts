/** Campaigns: upgrade plans for a fleet. */
import { z } from 'zod';
import { subjectKeys } from '../upgrade-subjects.ts';
import { wishKeys } from '../upgrade-wishes.ts';
import { gate } from './gates.ts';
import { duration, labels, oneOrMany, percentage, positiveDuration, whole } from './values.ts';

const recurring = (description: string) =>
  z
    .strictObject({
      cron: z
        .string()
        .min(1)
        .describe(
          'When it begins: a cron expression of five fields (minute, hour, day of month, month, day of week) in the time of the simulation, UTC.',
        ),
      duration: positiveDuration('How long it lasts.'),
    })
    .describe(description);

const wave = z
  .strictObject({
    targets: oneOrMany(
      'These, by name; node pools as HOSTED-CLUSTER/POOL; `*` stands for any letters.',
    ).optional(),
    count: whole(1, 'So many, the next in the order of the stage.', 100_000).optional(),
    percent: percentage(
      'A share of all targets of the stage, rounded up: the next in the order of the stage. All waves together: at most 100%.',
    ).optional(),
  })
  .describe('One step of a stage: targets, count or percent.');

const stage = z
  .strictObject({
    name: z.string().min(1).optional().describe('How results call the stage. Default: its targets.'),
    ...subjectKeys,
    labels: labels(
      'Hosted clusters and their node pools: labels that the hosted cluster must carry; `*` in a value stands for any letters. Default any.',
    ).default({}),
    ...wishKeys,
    order: z
      .enum(['fleet', 'reverse', 'fewest-workers'])
      .default('fleet')
      .describe(
        'In which order: that of the fleet, its reverse, or hosted clusters with the fewest workers first. Default fleet.',
      ),
    waves: z
      .array(wave)
      .default([])
      .describe(
        'Parts of the targets, one after the other; what they leave is a last wave. The first is usually a canary. Default: one wave.',
      ),
    concurrency: whole(
      1,
      'Most upgrades that go on at one time. Default: all of a wave.',
      100_000,
    ).optional(),
    soak: duration(
      'Time between the end of the last upgrade of a wave and the next wave or stage; after the last wave, too, stop conditions are judged once more. Default 0s.',
    ).default('0s'),
    timeout: positiveDuration(
      'An upgrade that takes longer has failed; it goes on, and the campaign waits for it no longer. Needed with failure. Default: it waits for ever.',
    ).optional(),
    maxFailures: whole(
      0,
      'The campaign stops when more upgrades of the stage fail: are refused, or take longer than the timeout. Default 0.',
      100_000,
    ).default(0),
    stopWhen: z
      .array(gate)
      .default([])
      .describe(
        'The campaign stops when one of these conditions holds at the end of a wave, or at the end of its soak: measured from the beginning of ' +
          'the campaign on, over the hosted clusters that it has touched so far. Of upgrades and broken rules on versions those count that began since; ' +
          'restore.rpo, restore.rto and leaders.longestGap count once they are worse than all before.',
      ),
    failure: z
      .strictObject({
        probability: percentage(
          'For which share of the targets the release is a bad one, each drawn by itself.',
        ),
        kind: z
          .literal('notReady')
          .default('notReady')
          .describe(
            'notReady: what first runs the release never becomes Ready; of a node pool the kubelets of its new machines, or of the nodes that reboot into it, ' +
              'are never heard, and each keeps its turn. A machine-config-daemon that calls itself Degraded, at which an update in place stops with the whole ' +
              'pool, is not simulated. Default notReady.',
          ),
      })
      .optional()
      .describe(
        'The release may be a bad one; timeout says after which time that is noticed. Default: it is good.',
      ),
    rollback: z
      .enum(['none', 'failed', 'all'])
      .default('none')
      .describe(
        'What is brought back to its former release when the campaign stops in this stage: nothing, what failed, or all that the stage ' +
          'upgraded. What the rules on versions forbid is refused, and said. Default none.',
      ),
  })
  .describe(
    'Targets that are brought to one release, or changed in one way. What has the release already is passed over.',
  );

const campaign = z
  .strictObject({
    name: z.string().min(1).describe('How results call the campaign.'),
    at: duration('When it begins, since the start of the run. Default 0s.').default('0s'),
    windows: z
      .array(recurring('A maintenance window.'))
      .min(1)
      .optional()
      .describe(
        'Upgrades begin within these only; one that has begun goes on outside of them. Default: at any time.',
      ),
    freezes: z
      .array(recurring('A time without changes.'))
      .default([])
      .describe('Upgrades do not begin within these, not even in a window. Default none.'),
    stages: z.array(stage).min(1).describe('What is upgraded, in this order.'),
  })
  .describe('A plan by which a fleet is upgraded.');

export const campaigns = z.array(campaign);

export type CampaignSpec = z.output<typeof campaign>;
export type StageSpec = z.output<typeof stage>;
export type RecurringSpec = z.output<ReturnType<typeof recurring>>;
