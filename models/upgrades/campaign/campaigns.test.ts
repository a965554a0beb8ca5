import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../../sim/time.ts';
import type { CampaignId } from '../../ids.ts';
import type { CampaignPlan, Opening, StagePlan } from '../../plan/campaign.ts';
import type { Fault } from '../../plan/faults.ts';
import { campaignResults } from '../../results/campaigns.ts';
import { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../../testing.ts';
import { type StandInOptions, standIns } from '../testing.ts';

const NAMES = Array.from({ length: 6 }, (_, i) => `t${i}`);
const FLEET = fleetOf(
  management(ZONES, 9),
  NAMES.map((name) => hostedCluster(name, { nodePools: [pool(1)] })),
);
const at = (hours: number): Micros => (hours * HOUR) as Micros;

const stageOf = (waves: readonly (readonly string[])[], more: Partial<StagePlan> = {}): StagePlan => ({
  name: 'control planes',
  kind: 'hostedCluster',
  to: '4.19.20',
  force: false,
  waves,
  concurrency: 100,
  soak: 0 as Micros,
  maxFailures: 0,
  stopWhen: [],
  badReleases: 0,
  rollback: 'none',
  ...more,
});

interface More extends StandInOptions {
  readonly openings?: readonly Opening[];
  readonly faults?: readonly Fault[];
  readonly seed?: number;
}

function begun(stages: readonly StagePlan[], { openings, faults = [], seed = 1, ...stand }: More = {}) {
  const campaign: CampaignPlan = {
    name: 'c',
    at: at(1),
    stages,
    ...(openings === undefined ? {} : { openings }),
  };
  const replication = new Replication({ ...scenarioOf(FLEET, { faults, seed }), campaigns: [campaign] }, 0);
  const { asked } = standIns(replication.fleet, { takes: () => HOUR, ...stand });
  const { ledger } = replication.fleet.world.upgrades;
  return {
    replication,
    asked,
    result: () => campaignResults(replication.fleet, replication.campaigns)[0]!,
    /** Names with the hour at which they were asked for. */
    times: () => asked.map(({ name }, i) => [name, ledger.records[i]!.from / HOUR] as const),
  };
}

function over(stages: readonly StagePlan[], more: More = {}) {
  const run = begun(stages, more);
  run.replication.run(at(48));
  return run;
}

describe('waves', () => {
  it('come one after the other, a soak after the last upgrade of each, stage by stage', () => {
    const stages = [
      stageOf([['t0'], ['t1', 't2']], { soak: at(2) }),
      stageOf([['t0/workers']], { name: 'pools', kind: 'nodePool' }),
    ];
    const { times, result } = over(stages);
    expect(times()).toEqual([
      ['t0', 1],
      ['t1', 4],
      ['t2', 4],
      ['t0/workers', 7],
    ]);
    expect(result()).toMatchObject({
      outcome: 'completed',
      begun: at(1),
      ended: at(8),
      left: 0,
      waves: [
        { wave: 1, ofWaves: 2, from: at(1), until: at(2), soakedUntil: at(4), completed: 1 },
        { wave: 2, from: at(4), until: at(5), soakedUntil: at(7), completed: 2 },
        { stage: 'pools', kind: 'nodePool', wave: 1, ofWaves: 1, from: at(7) },
      ],
    });
  });

  it('begin only so many upgrades at once, in their order, the next when one is over', () => {
    const takes = (_kind: string, name: string): number => (name === 't0' ? 3 : 1) * HOUR;
    const { times } = over([stageOf([NAMES.slice(0, 5)], { concurrency: 2 })], { takes });
    expect(times()).toEqual([
      ['t0', 1],
      ['t1', 1],
      ['t2', 2],
      ['t3', 3],
      ['t4', 4],
    ]);
  });

  it('pass over what has the release already, and do not soak for it', () => {
    const { asked, result } = over([stageOf([['t0', 't1'], ['t2']], { to: '4.19.8', soak: at(5) })]);
    expect(asked).toEqual([]);
    expect(result()).toMatchObject({ outcome: 'completed', ended: at(1), waves: [{ alreadyThere: 2 }, {}] });
  });

  it('wait for ever for an upgrade that does not end, without a timeout', () => {
    const { result } = over([stageOf([['t0'], ['t1']])], { takes: () => undefined });
    expect(result()).toMatchObject({ outcome: 'going-on', left: 1, waves: [{ goingOn: 1 }] });
  });
});

describe('windows', () => {
  const openings = [
    { from: at(2), to: at(3) },
    { from: at(10), to: at(10.5) },
  ];
  it('let upgrades begin; one that has begun goes on outside of them', () => {
    const { times, result } = over([stageOf([['t0', 't1', 't2', 't3', 't4']], { concurrency: 2 })], {
      openings,
      takes: () => 0.75 * HOUR,
    });
    expect(times()).toEqual([
      ['t0', 2],
      ['t1', 2],
      ['t2', 2.75],
      ['t3', 2.75],
      ['t4', 10],
    ]);
    expect(result().waves[0]!.closed).toEqual([
      { from: at(1), to: at(2) },
      { from: at(3.5), to: at(10) },
    ]);
    expect(result().outcome).toBe('completed');
  });

  it('that are over leave what is left for ever', () => {
    const { result } = over([stageOf([['t0'], ['t1']], { soak: at(20) })], { openings });
    expect(result()).toMatchObject({ outcome: 'going-on', left: 1 });
    expect(result().waves[1]!.closed).toEqual([{ from: at(23) }]);
  });

  it('are kept whatever they are, however long upgrades take, and however many go on at once', () => {
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        hours,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 300 }),
        (edges, most, minutes) => {
          const sorted = edges.toSorted((a, b) => a - b);
          const given: Opening[] = [];
          for (let i = 0; i + 1 < sorted.length; i += 2)
            given.push({ from: at(sorted[i]!), to: at(sorted[i + 1]!) });
          const { times, replication } = over(
            [stageOf([NAMES.slice(0, 2), NAMES.slice(2)], { concurrency: most })],
            {
              openings: given,
              takes: () => minutes * MINUTE,
            },
          );
          for (const [, hour] of times())
            expect(given.some(({ from, to }) => hour * HOUR >= from && hour * HOUR < to)).toBe(true);
          const { records } = replication.fleet.world.upgrades.ledger;
          for (const { from } of records) {
            const together = records.filter((one) => one.from <= from && (one.to ?? at(99)) > from);
            expect(together.length).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('failures', () => {
  it('stop the campaign at once: a canary that is not there in time', () => {
    const { times, result } = over([stageOf([['t0'], ['t1', 't2']], { timeout: at(2), badReleases: 1 })]);
    expect(times()).toEqual([['t0', 1]]);
    expect(result()).toMatchObject({
      outcome: 'stopped',
      ended: at(3),
      why: '1 of 1 upgrades failed: t0 was not there after 2h0m0s',
      left: 2,
      waves: [{ failed: ['t0'], goingOn: 1 }],
    });
  });

  it('end the wave and the time outside of windows at the stop, whatever still goes on', () => {
    const { result } = over([stageOf([['t0', 't1', 't2']], { timeout: at(4), concurrency: 2 })], {
      openings: [{ from: at(1), to: at(2) }],
      takes: (_kind, name) => (name === 't0' ? HOUR : undefined),
    });
    expect(result()).toMatchObject({
      outcome: 'stopped',
      ended: at(5),
      left: 1,
      waves: [
        {
          until: at(5),
          closed: [{ from: at(2), to: at(5) }],
          completed: 1,
          goingOn: 1,
          failed: ['t1'],
          left: 1,
        },
      ],
    });
  });

  it('stop it on a refusal, with the rule', () => {
    const { result } = over([stageOf([['t0', 't1']])], {
      refuses: (_kind, name) => (name === 't0' ? 'a rule' : undefined),
    });
    expect(result()).toMatchObject({
      outcome: 'stopped',
      why: '1 of 1 upgrades failed: t0 was refused: a rule',
      left: 1,
    });
  });

  it('are borne up to a number', () => {
    const refuses = (_kind: string, name: string) => (name === 't0' ? 'a rule' : undefined);
    const { result } = over([stageOf([['t0', 't1'], ['t2']], { maxFailures: 1 })], { refuses });
    expect(result()).toMatchObject({ outcome: 'completed', waves: [{ refused: 1, completed: 1 }, {}] });
  });

  it('hit each subject by a draw of its own, whatever is upgraded beside it', () => {
    const failing = (waves: readonly (readonly string[])[], seed: number) => {
      const { result } = over([stageOf(waves, { badReleases: 0.5, timeout: at(2), maxFailures: 9 })], {
        seed,
      });
      return result().waves.flatMap(({ failed }) => failed);
    };
    const drawn = [1, 2, 3, 4, 5].map((seed) => [
      failing([NAMES], seed),
      failing([['t5'], ['t0', 't3']], seed),
    ]);
    for (const [all, some] of drawn)
      expect(some!.toSorted()).toEqual(all!.filter((name) => ['t0', 't3', 't5'].includes(name)));
    const share = drawn.flatMap(([all]) => all!).length / 30;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });
});

describe('stop conditions', () => {
  const downtime = (value: number, select: Record<string, string[]> = {}) => ({
    name: 'api.downtime max > 30s',
    metric: 'api.downtime',
    select,
    stat: 'max',
    op: '>' as const,
    value,
  });
  const lb = (name: string, hour: number): Fault => ({
    kind: 'loadBalancerFailure',
    at: at(hour),
    duration: 60e6 as Micros,
    label: name,
    hostedClusters: [name],
  });
  const stages = (more: Partial<StagePlan> = {}) => [
    stageOf([['t0'], ['t1'], ['t2']], { stopWhen: [downtime(30)], ...more }),
  ];

  it('end the campaign after the wave in which they came to hold', () => {
    const { result, times } = over(stages(), { faults: [lb('t1', 2.5)] });
    expect(times()).toHaveLength(2);
    expect(result()).toMatchObject({
      outcome: 'stopped',
      ended: at(3),
      why: 'api.downtime max > 30s, measured 1m',
      left: 1,
    });
    const named = [{ ...downtime(30), name: 'a bad day' }];
    expect(over(stages({ stopWhen: named }), { faults: [lb('t1', 2.5)] }).result().why).toBe(
      'a bad day: api.downtime max > 30s, measured 1m',
    );
  });

  it('are judged again when a wave has soaked', () => {
    const { result } = over(stages({ soak: at(2) }), { faults: [lb('t0', 3)] });
    expect(result()).toMatchObject({ outcome: 'stopped', ended: at(4), left: 2 });
  });

  it('look at what has been touched so far, and at what they select of it', () => {
    expect(over(stages(), { faults: [lb('t5', 1.5)] }).result().outcome).toBe('completed');
    const elsewhere = stages({ stopWhen: [downtime(30, { hostedCluster: ['t0'] })] });
    expect(over(elsewhere, { faults: [lb('t1', 2.5)] }).result().outcome).toBe('completed');
  });

  it('measure from the beginning of the campaign: what was before stops nothing', () => {
    expect(over(stages(), { faults: [lb('t0', 0.5)] }).result().outcome).toBe('completed');
    const both = over(stages(), { faults: [lb('t0', 0.5), lb('t0', 1.5)] });
    expect(both.result().why).toBe('api.downtime max > 30s, measured 1m');
  });

  it('look at all that is hosted when management clusters are upgraded', () => {
    const stage = stageOf([['mgmt']], { kind: 'managementCluster', to: '4.21.0', stopWhen: [downtime(30)] });
    expect(over([stage], { faults: [lb('t5', 1.5)] }).result().outcome).toBe('stopped');
  });
});

describe('rollbacks', () => {
  const refuses = (_kind: string, _name: string, from: string, to: string) =>
    from === '4.20.1' && to === '4.19.8' ? 'no way back' : undefined;
  const failing = { timeout: at(2), badReleases: 1, concurrency: 1, maxFailures: 1 };

  it('bring back what failed, the last first, and only that', () => {
    const stage = stageOf([['t0', 't1', 't2']], { ...failing, rollback: 'failed' });
    const { asked, result } = over([stage]);
    expect(asked.slice(2)).toMatchObject([
      { name: 't1', to: '4.19.8' },
      { name: 't0', to: '4.19.8' },
    ]);
    expect(result()).toMatchObject({
      outcome: 'stopped',
      rollbacks: [
        { name: 't1', to: '4.19.8', outcome: 'completed' },
        { name: 't0', outcome: 'completed' },
      ],
    });
    // At 5h two have failed; they are brought back one after the other.
    expect(result().ended).toBe(at(7));
  });

  it('bring back everything that was upgraded, where the stage says so', () => {
    const stop = {
      name: 'always',
      metric: 'api.uptime',
      select: {},
      stat: 'min',
      op: '>=',
      value: 0,
    } as const;
    const stage = stageOf([['t0', 't1'], ['t2']], { stopWhen: [stop], rollback: 'all' });
    expect(
      over([stage])
        .result()
        .rollbacks.map(({ name }) => name),
    ).toEqual(['t1', 't0']);
  });

  it('are all that were overdue when the campaign stopped, and all of those are brought back', () => {
    const takes = (_kind: string, _name: string, to: string) => (to === '4.19.8' ? HOUR : undefined);
    const stage = stageOf([['t0', 't1']], { timeout: at(2), rollback: 'failed' });
    const { result } = over([stage], { takes });
    expect(result().waves[0]!.failed).toEqual(['t0', 't1']);
    expect(result().why).toMatch(/^2 of 2 upgrades failed/);
    expect(result().rollbacks.map(({ name }) => name)).toEqual(['t1', 't0']);
  });

  it('say what cannot be brought back, and by which rule', () => {
    const stage = stageOf([['t0', 't1']], { ...failing, maxFailures: 0, to: '4.20.1', rollback: 'failed' });
    expect(over([stage], { refuses }).result().rollbacks).toEqual([
      { name: 't0', to: '4.19.8', outcome: 'refused', refusal: 'no way back' },
    ]);
  });
});

describe('campaign.reached', () => {
  const refusesFirst = () => {
    let turns = 0;
    return () => (turns++ === 0 ? 'a rule' : undefined);
  };
  const reached = (stages: readonly StagePlan[], more: More = {}) =>
    over(stages, more)
      .replication.metrics()
      .filter(({ metric }) => metric === 'campaign.reached');
  const share = (...given: Parameters<typeof reached>) => reached(...given)[0]!.value;

  it('is one value per campaign, the share of targets that are there', () => {
    expect(reached([stageOf([NAMES])])).toEqual([
      { metric: 'campaign.reached', unit: 'ratio', labels: { campaign: 'c' }, value: 1, interval: null },
    ]);
  });

  it('leaves out who was refused, takes for ever, or was never asked for', () => {
    const t0 = (_kind: string, name: string) => (name === 't0' ? 'a rule' : undefined);
    expect(
      share(
        [
          stageOf(
            [
              ['t0', 't1'],
              ['t2', 't3'],
            ],
            { maxFailures: 1 },
          ),
        ],
        { refuses: t0 },
      ),
    ).toBe(3 / 4);
    const takes = (_kind: string, name: string) => (name === 't1' ? undefined : HOUR);
    expect(
      share(
        [
          stageOf([
            ['t0', 't1'],
            ['t2', 't3'],
          ]),
        ],
        { takes },
      ),
    ).toBe(1 / 4);
  });

  it('leaves out who was brought back', () => {
    const takes = (_kind: string, name: string) => (name === 't2' ? undefined : HOUR);
    const stage = { timeout: at(2), rollback: 'all' } as const;
    expect(share([stageOf([['t0', 't1'], ['t2']], stage)], { takes })).toBe(0);
    expect(share([stageOf([['t0', 't1'], ['t2']], { ...stage, rollback: 'failed' })], { takes })).toBe(2 / 3);
  });

  it('counts who was there before, and each target once, by the last stage that has it', () => {
    expect(share([stageOf([['t0', 't1']], { to: '4.19.8' })])).toBe(1);
    const takes = (_kind: string, _name: string, to: string) => (to === '4.20.1' ? undefined : HOUR);
    const stages = [stageOf([['t0', 't1']]), stageOf([['t0']], { to: '4.20.1' })];
    expect(share(stages, { takes })).toBe(1 / 2);
    expect(over(stages, { takes }).result()).toMatchObject({ targets: 2, reached: 1 });
  });

  it('of a change is whether it was made, and not taken back', () => {
    const stages = (...changes: ('pause' | 'resume')[]) =>
      changes.map((change) => {
        const { to: _, ...stage } = stageOf([['mgmt/worker']], { kind: 'machineConfigPool' });
        return { ...stage, change };
      });
    expect(share(stages('pause'))).toBe(1);
    const takes = (_kind: string, _name: string) => HOUR;
    const resumed: Fault = {
      kind: 'upgrade',
      at: at(5),
      label: 'resumed',
      subject: 'machineConfigPool',
      names: ['mgmt/worker'],
      change: 'resume',
    };
    expect(share(stages('pause'), { takes, faults: [resumed] })).toBe(0);
    expect(share(stages('pause', 'resume'), { takes })).toBe(1);
  });

  it('wants of a target its release and its changes', () => {
    const { to: _, ...pools } = stageOf([['t0/workers', 't1/workers']], { kind: 'nodePool' });
    const stages = [
      { ...pools, change: 'config' as const },
      { ...pools, to: '4.19.20' },
    ];
    expect(share(stages)).toBe(1);
    expect(share([{ ...stages[0]!, maxFailures: 1 }, stages[1]!], { refuses: refusesFirst() })).toBe(1 / 2);
  });
});

it('several campaigns go on beside each other; who is superseded has not failed', () => {
  const campaign = (name: string, hour: number, to: string): CampaignPlan => ({
    name,
    at: at(hour),
    stages: [stageOf([['t0'], ['t1']], { to })],
  });
  const campaigns = [campaign('a', 1, '4.19.20'), campaign('b', 1.5, '4.19.21')];
  const replication = new Replication({ ...scenarioOf(FLEET), campaigns }, 0);
  standIns(replication.fleet, { takes: () => HOUR });
  replication.run(at(24));
  expect(campaignResults(replication.fleet, replication.campaigns)).toMatchObject([
    { outcome: 'completed', waves: [{ superseded: 1, until: at(1.5) }, { completed: 1 }] },
    { outcome: 'completed' },
  ]);
});

it('a restored snapshot goes on as the first time', () => {
  const more = { openings: [{ from: at(2), to: at(30) }], faults: [] };
  const { replication, result } = begun(
    [
      stageOf([['t0'], NAMES.slice(1)], {
        soak: at(2),
        concurrency: 2,
        badReleases: 0.3,
        timeout: at(3),
        maxFailures: 2,
      }),
    ],
    more,
  );
  for (const hour of [0.5, 1.5, 2.5, 4, 5.5]) replication.run(at(hour));
  const { sim } = replication.fleet.world;
  const saved = sim.save();
  replication.run(at(40));
  const first = [JSON.stringify(result()), sim.digest];
  sim.restore(saved);
  expect(replication.campaigns.record(0 as CampaignId).ended).toBeUndefined();
  replication.run(at(40));
  expect([JSON.stringify(result()), sim.digest]).toEqual(first);
});

it('what a campaign asks for follows from its wave, in words', () => {
  const { replication } = over([stageOf([['t0']])]);
  const { asked } = replication.fleet.world.upgrades.ledger.records[0]!;
  expect(replication.narrative.chain(asked)).toEqual([
    'campaign c: wave 1 of control planes',
    'upgrade of hosted cluster t0 to 4.19.20',
  ]);
});
