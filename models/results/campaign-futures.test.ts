import { expect, test } from 'vitest';
import type { CampaignResult } from '../../sim/result.ts';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { CampaignPlan } from '../plan/campaign.ts';
import { runScenario } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import { withFutures } from './campaign-futures.ts';

const at = (hours: number): Micros => (hours * HOUR) as Micros;
const future = (change: Partial<CampaignResult>): CampaignResult => ({
  name: 'c',
  outcome: 'completed',
  why: '',
  reason: '',
  waves: [],
  left: 0,
  targets: 2,
  reached: 2,
  rollbacks: [],
  ...change,
});

test('futures are counted by their ends, with the median and the worst time, and the most frequent reason first', () => {
  const stopped = (reason: string) => future({ outcome: 'stopped', reason, ended: at(1) });
  const [campaign] = withFutures(
    [
      future({ ended: at(9) }),
      future({ ended: at(5), reached: 1 }),
      future({ ended: at(7) }),
      stopped('rare'),
      stopped('often'),
      stopped('often'),
      future({ outcome: 'going-on' }),
      future({ outcome: 'before' }),
    ].map((one) => [one]),
  );
  expect(campaign).toEqual({
    ...future({ ended: at(9) }),
    futures: {
      replications: 8,
      completed: 3,
      withoutSome: 1,
      stopped: 3,
      goingOn: 1,
      before: 1,
      completedAt: { median: at(7), worst: at(9) },
      reasons: [
        { reason: 'often', replications: 2 },
        { reason: 'rare', replications: 1 },
      ],
    },
  });
});

test('one replication has no futures beside it', () => {
  expect(withFutures([[future({})]])).toEqual([future({})]);
});

test('replications of a scenario are those that it has one by one', () => {
  const fleet = fleetOf(
    management(ZONES, 6),
    ['t0', 't1'].map((name) => hostedCluster(name, { nodePools: [pool(1)] })),
  );
  const campaign: CampaignPlan = {
    name: 'c',
    at: at(1),
    stages: [
      {
        name: 'control planes',
        kind: 'hostedCluster',
        to: '4.19.20',
        force: false,
        waves: [['t0'], ['t1']],
        concurrency: 1,
        soak: 0 as Micros,
        timeout: at(1),
        maxFailures: 0,
        stopWhen: [],
        badReleases: 0.25,
        rollback: 'none',
      },
    ],
  };
  const plan = { ...scenarioOf(fleet), campaigns: [campaign], duration: at(6) };
  const count = 5;
  const single = Array.from({ length: count }, (_, i) => {
    const { campaigns } = runScenario(plan, { replications: 1, firstReplication: i });
    return campaigns[0]!;
  });
  const stopped = single.filter(({ outcome }) => outcome === 'stopped').length;
  // Both happen, or nothing would be compared.
  expect(stopped).toBeGreaterThan(0);
  expect(stopped).toBeLessThan(count);
  const { campaigns } = runScenario(plan, { replications: count });
  expect(campaigns[0]!.futures).toMatchObject({
    replications: count,
    completed: count - stopped,
    stopped,
    reasons: [{ reason: 'an upgrade was not there after 1h0m0s', replications: stopped }],
  });
});
