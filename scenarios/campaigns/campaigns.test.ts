import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CampaignPlan, Opening } from '../../models/plan/campaign.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { loadScenarios } from '../load.ts';
import { FLEET, memoryReader, scenario } from '../testing.ts';
import { union, without } from './spans.ts';

const LABELLED = FLEET.replace('count: 2', 'count: 10\n      labels: {tier: gold}').replace(
  'hostedClusters:',
  'hostedClusters:\n    - {name: small, labels: {tier: bronze}, nodePools: [{name: workers, replicas: 1}]}',
);

function load(campaign: string, more = '', duration = '  duration: 7d'): CampaignPlan {
  const text = scenario(`  campaigns:\n    - {name: c, ${campaign}}\n${more}`, duration);
  const files = { 'a.yaml': text, 'fleet.yaml': LABELLED };
  const { scenarios, problems } = loadScenarios(['a.yaml'], { reader: memoryReader(files), set: [] });
  expect(problems).toEqual([]);
  return scenarios[0]!.plan.campaigns![0]!;
}
const stage = (text: string, to = '4.20.1') => load(`stages: [{${text}, to: "${to}"}]`).stages[0]!;
const hours = ({ openings = [] }: CampaignPlan) =>
  openings.map(({ from, to }) => [from / HOUR, to / HOUR] as const);
const opened = (windows: string, more = '', duration = '  duration: 48h') =>
  hours(load(`${windows}, stages: [{hostedCluster: "*", to: 4.20.1}]`, more, duration));

describe('stages', () => {
  test('take their targets by kind, name and label, in an order', () => {
    expect(stage('hostedCluster: "tenant-*"').waves).toEqual([
      Array.from({ length: 10 }, (_, i) => `tenant-${i}`),
    ]);
    expect(stage('hostedCluster: [tenant-1, small], order: reverse').waves).toEqual([['tenant-1', 'small']]);
    expect(stage('hostedCluster: "*", labels: {tier: b*}').waves).toEqual([['small']]);
    expect(stage('nodePool: workers, hostedCluster: tenant-1')).toMatchObject({
      kind: 'nodePool',
      waves: [['tenant-1/workers']],
    });
    expect(stage('nodePool: "*", labels: {tier: gold}').waves[0]).toHaveLength(10);
    expect(stage('managementCluster: mgmt')).toMatchObject({ kind: 'managementCluster', waves: [['mgmt']] });
    expect(stage('operator: mgmt', '2.10.1')).toMatchObject({
      kind: 'operator',
      waves: [['mgmt']],
      name: 'operators',
    });
  });

  test('order hosted clusters by their workers', () => {
    expect(stage('hostedCluster: [tenant-0, small], order: fewest-workers').waves).toEqual([
      ['small', 'tenant-0'],
    ]);
  });

  test('are cut into waves: by name, by count, by share of all; what is left is the last', () => {
    const waves = 'waves: [{targets: tenant-3}, {count: 1}, {percent: 35%}]';
    expect(stage(`hostedCluster: "tenant-*", ${waves}`).waves).toEqual([
      ['tenant-3'],
      ['tenant-0'],
      ['tenant-1', 'tenant-2', 'tenant-4', 'tenant-5'],
      ['tenant-6', 'tenant-7', 'tenant-8', 'tenant-9'],
    ]);
    expect(
      stage('hostedCluster: [tenant-1, tenant-2], waves: [{percent: 50%}, {percent: 50%}]').waves,
    ).toEqual([['tenant-1'], ['tenant-2']]);
  });

  test('may be shares that are more than all only because they are rounded up', () => {
    const waves = 'waves: [{count: 1}, {percent: 34%}, {percent: 46%}]';
    expect(
      stage(`hostedCluster: [tenant-1, tenant-2, tenant-3, tenant-4, tenant-5], ${waves}`).waves,
    ).toEqual([['tenant-1'], ['tenant-2', 'tenant-3'], ['tenant-4', 'tenant-5']]);
    expect(stage('hostedCluster: "*", failure: {probability: 0%}').badReleases).toBe(0);
  });

  test('have their defaults', () => {
    expect(stage('hostedCluster: [tenant-0, tenant-1]')).toEqual({
      name: 'hosted clusters',
      kind: 'hostedCluster',
      to: '4.20.1',
      force: false,
      waves: [['tenant-0', 'tenant-1']],
      concurrency: 2,
      soak: 0,
      maxFailures: 0,
      stopWhen: [],
      badReleases: 0,
      rollback: 'none',
    });
  });

  test('that are refused for some of their targets, whatever comes before, are noted', () => {
    const files = {
      'a.yaml': scenario(
        '  campaigns: [{name: c, stages: [{name: all, hostedCluster: "*", to: 4.20.1}]}]\n',
        '  duration: 7d',
      ),
      'fleet.yaml': LABELLED.replace('{name: small,', '{name: small, release: 4.19.8, techPreview: true,'),
    };
    const { scenarios } = loadScenarios(['a.yaml'], { reader: memoryReader(files), set: [] });
    const notes = scenarios[0]!.plan.fleet.notes.filter((note) => note.startsWith('Campaign'));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(
      'Campaign c, stage all: small will be refused 4.20.1, and the campaign stops at that: ',
    );
    expect(notes[0]).toContain('(hosted-cluster.tech-preview)');
  });

  test('stop by conditions on the worst of what they select', () => {
    const text =
      'stopWhen: [{metric: api.downtime, op: ">", value: 30s, select: {hostedCluster: "tenant-[01]*"}}]';
    expect(stage(`hostedCluster: "*", ${text.replace('[01]', '')}`).stopWhen).toEqual([
      {
        name: 'api.downtime max > 30s',
        metric: 'api.downtime',
        select: { hostedCluster: Array.from({ length: 10 }, (_, i) => `tenant-${i}`) },
        stat: 'max',
        op: '>',
        value: 30,
      },
    ]);
    expect(stage('hostedCluster: "*", timeout: 2h, failure: {probability: 5%}').badReleases).toBe(0.05);
  });
});

test('soaks are refused only where nothing can spare them: waves that are there by then do not soak', () => {
  const hours = (text: string) => load(text, '', '  duration: 24h').stages.map(({ soak }) => soak / HOUR);
  expect(hours('stages: [{hostedCluster: "*", to: "4.20", soak: 30h}]')).toEqual([30]);
  expect(
    hours(
      'stages: [{hostedCluster: small, to: 4.20.1}, {hostedCluster: "*", to: 4.20.1, waves: [{targets: small}], soak: 20h}]',
    ),
  ).toEqual([0, 20]);
});

describe('windows', () => {
  test('are those of a run that begins on a Monday at midnight, UTC', () => {
    expect(opened('windows: [{cron: "0 22 * * *", duration: 4h}]')).toEqual([
      [0, 2],
      [22, 26],
      [46, 48],
    ]);
    expect(opened('windows: [{cron: "30 9 * * TUE", duration: 90m}]')).toEqual([[33.5, 35]]);
  });

  test('or on another day, or on a date', () => {
    expect(opened('windows: [{cron: "30 9 * * TUE", duration: 1h}]', '  startOfRun: Tue 09:00\n')).toEqual([
      [0.5, 1.5],
    ]);
    expect(
      opened(
        'windows: [{cron: "0 0 1 3 *", duration: 1h}]',
        '  startOfRun: "2028-02-28T00:00Z"\n',
        '  duration: 72h',
      ),
    ).toEqual([[48, 49]]);
  });

  test('that overlap or touch are one; freezes take from them; without windows from all', () => {
    expect(
      opened(
        'windows: [{cron: "0 8 * * *", duration: 2h}, {cron: "0 9 * * *", duration: 3h}]',
        '',
        '  duration: 24h',
      ),
    ).toEqual([[8, 12]]);
    expect(
      opened(
        'windows: [{cron: "0 8 * * *", duration: 4h}], freezes: [{cron: "0 9 * * MON", duration: 1h}]',
        '',
        '  duration: 24h',
      ),
    ).toEqual([
      [8, 9],
      [10, 12],
    ]);
    expect(opened('freezes: [{cron: "0 6 * * *", duration: 2h}]', '', '  duration: 24h')).toEqual([
      [0, 6],
      [8, 24],
    ]);
    expect(load('stages: [{hostedCluster: "*", to: 4.20.1}]').openings).toBeUndefined();
  });
});

describe('stretches of time', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }))
    .map(([from, length]): Opening => ({ from: from as Micros, to: (from + length) as Micros }));
  const spans = fc.array(span, { maxLength: 8 });
  const covers = (list: readonly Opening[], moment: number) =>
    list.some(({ from, to }) => from <= moment && moment < to);

  test('are the same moments when joined, and without others those that only they cover', () => {
    fc.assert(
      fc.property(spans, spans, (some, others) => {
        const joined = union(some);
        const left = without(joined, union(others));
        for (let moment = 0; moment < 60; moment++) {
          expect(covers(joined, moment)).toBe(covers(some, moment));
          expect(covers(left, moment)).toBe(covers(some, moment) && !covers(others, moment));
        }
        for (const list of [joined, left])
          list.forEach(({ from, to }, i) => {
            expect(from).toBeLessThan(to);
            if (i > 0 && list === joined) expect(from).toBeGreaterThan(list[i - 1]!.to);
          });
      }),
    );
  });
});

test('a campaign of a scenario is run: windows, waves and all', () => {
  expect(load('at: 90m, stages: [{operator: mgmt, to: "2.11"}]')).toMatchObject({
    name: 'c',
    at: 90 * MINUTE,
  });
});
