import { expect, test } from 'vitest';
import type { CampaignResult, CampaignWave } from '../../sim/result.ts';
import { HOUR, type Micros } from '../../sim/time.ts';
import { document, gate, zoneLoss } from '../fixture.ts';
import { renderHtml } from '../html.ts';
import { toJson } from '../json.ts';
import { renderText } from '../text.ts';
import { campaignTexts } from './campaigns.ts';
import { headline } from './verdict.ts';

const at = (hours: number): Micros => (hours * HOUR) as Micros;
const wave = (change: Partial<CampaignWave> = {}): CampaignWave => ({
  stage: 'control planes',
  kind: 'hostedCluster',
  to: '4.20.3',
  wave: 1,
  ofWaves: 2,
  subjects: 3,
  from: at(1),
  until: at(5),
  soakedUntil: at(7),
  closed: [{ from: at(2), to: at(3) }],
  completed: 2,
  refused: 0,
  superseded: 0,
  goingOn: 1,
  failed: ['tenant-2'],
  alreadyThere: 0,
  left: 0,
  ...change,
});
const campaign = (change: Partial<CampaignResult> = {}): CampaignResult => ({
  name: 'to-4.20',
  begun: at(1),
  ended: at(9),
  outcome: 'completed',
  why: '',
  reason: '',
  waves: [wave()],
  left: 0,
  targets: 3,
  reached: 3,
  rollbacks: [],
  ...change,
});
const texts = (...campaigns: CampaignResult[]) => campaignTexts({ ...zoneLoss(), campaigns });

test('a campaign is told wave by wave', () => {
  expect(texts(campaign())).toEqual([
    {
      head: 'to-4.20 completed at 9h, begun at 1h',
      good: true,
      waves: [
        'control planes, wave 1 of 2: 3 hosted clusters to 4.20.3 from 1h to 5h, of which 1h outside of its windows, soaked until 7h: ' +
          '2 completed, 1 still going on; failed: tenant-2',
      ],
      rollbacks: [],
    },
  ]);
});

test('one that stopped says why, whom it never came to, and what could not be brought back', () => {
  const rollback = { name: 'tenant-2', to: '4.19.8', outcome: 'refused', refusal: 'no way back' } as const;
  const stopped = campaign({
    outcome: 'stopped',
    why: 'too much downtime',
    left: 4,
    rollbacks: [
      rollback,
      { ...rollback, name: 'tenant-1' },
      { ...rollback, name: 'tenant-0', outcome: 'completed', refusal: '' },
    ],
  });
  expect(texts(stopped)[0]).toMatchObject({
    head: 'to-4.20 stopped at 9h: too much downtime, begun at 1h; 4 upgrades never asked for',
    good: false,
    rollbacks: [
      'tenant-1, tenant-2 to 4.19.8: cannot be brought back: no way back',
      'tenant-0 to 4.19.8: brought back',
    ],
  });
});

test('who falls short says so in the first lines, whatever gates say; who does not says nothing', async () => {
  const short = campaign({ outcome: 'stopped', why: 'a gate', left: 18, targets: 20, reached: 2 });
  const of = (...campaigns: CampaignResult[]) => document({ ...zoneLoss(), gates: [gate], campaigns });
  const [first] = renderText(of(short)).split('\n');
  expect(first).toContain('PASS: 1 gate passed over 1d; campaign to-4.20 fell short');
  const told = 'Campaign to-4.20 stopped: a gate; 2 of 20 targets are there, 18 upgrades never asked for';
  expect(renderText(of(short))).toContain(told);
  expect(await renderHtml(of(short))).toContain(told);
  expect(renderText(of(campaign()))).not.toContain('fell short');
  expect(headline(of(short, short).runs[0]!)).toMatch(/; 2 campaigns fell short$/);
  // All its upgrades may be refused, and it goes through all the same.
  expect(texts(campaign({ reached: 0 }))[0]).toMatchObject({
    head: 'to-4.20 completed at 9h, 0 of 3 targets there, begun at 1h',
    good: false,
  });
});

test('several replications say in how many a campaign ended in which way, and what stops it', async () => {
  const futures = {
    replications: 8,
    completed: 5,
    withoutSome: 1,
    stopped: 2,
    goingOn: 1,
    before: 0,
    completedAt: { median: at(7), worst: at(9) },
    reasons: [
      { reason: 'a gate', replications: 1 },
      { reason: 'another', replications: 1 },
    ],
  };
  const told =
    'completed in 5 of 8 replications (median at 7h, latest at 9h, in 1 without all of its targets), stopped in 2 (in 1 of these: a gate), still going on at the end in 1';
  const run = { ...zoneLoss(), replications: 8, gates: [gate], campaigns: [campaign({ futures })] };
  expect(campaignTexts(run)[0]).toMatchObject({
    head: `to-4.20 ${told}`,
    good: false,
    waves: ['first replication: completed at 9h, begun at 1h', expect.stringContaining('wave 1 of 2')],
  });
  expect(headline(run)).toMatch(/; campaign to-4.20 fell short in 4 of 8 replications$/);
  expect(renderText(document(run), { width: 200 })).toContain(`Campaign to-4.20 ${told.slice(0, 60)}`);
  expect(await renderHtml(document(run))).toContain(`<h3>to-4.20 ${told}</h3>`);
  expect(toJson(document(run)).runs[0]!.campaigns[0]!.futures).toEqual({
    ...futures,
    completedAt: { median: '7h0m0s', worst: '9h0m0s' },
  });
  const always = { ...futures, completed: 8, withoutSome: 0, stopped: 0, goingOn: 0 };
  const good = { ...run, campaigns: [campaign({ futures: always, outcome: 'stopped', reached: 0 })] };
  expect(campaignTexts(good)[0]!.good).toBe(true);
  expect(headline(good)).not.toContain('fell short');
});

test('what did not come to its end by the end of the run says so', () => {
  const { begun: _, ended: __, ...open } = campaign();
  expect(
    texts({ ...open, outcome: 'before', waves: [] }, { ...open, begun: at(1), outcome: 'going-on' }),
  ).toMatchObject([
    { head: 'to-4.20 not begun by the end of the run' },
    { head: 'to-4.20 still going on at the end of the run, begun at 1h' },
  ]);
  const {
    until: ___,
    soakedUntil: ____,
    ...going
  } = wave({ closed: [{ from: at(23) }], completed: 0, goingOn: 0, failed: [], left: 3 });
  expect(texts(campaign({ waves: [going] }))[0]!.waves[0]).toMatch(
    /from 1h on, of which 1h outside of its windows: 3 never asked for$/,
  );
});

test('text, page and JSON have them; without campaigns nothing is said', async () => {
  const run = { ...zoneLoss(), campaigns: [campaign()] };
  expect(renderText(document(run))).toContain('Campaigns\n  to-4.20 completed at 9h');
  expect(await renderHtml(document(run))).toContain('<h3>to-4.20 completed at 9h, begun at 1h</h3>');
  const quiet = { ...run, injected: [] };
  expect(await renderHtml(document(quiet))).not.toContain('Nothing was injected');
  expect(await renderHtml(document({ ...quiet, campaigns: [] }))).toContain('Nothing was injected');
  expect(renderText(document(zoneLoss()))).not.toContain('Campaigns');
  expect(await renderHtml(document(zoneLoss()))).not.toContain('Campaigns');
  expect(toJson(document(run)).runs[0]!.campaigns[0]).toMatchObject({
    name: 'to-4.20',
    begun: '1h0m0s',
    ended: '9h0m0s',
    waves: [
      { from: '1h0m0s', until: '5h0m0s', soakedUntil: '7h0m0s', closed: [{ from: '2h0m0s', to: '3h0m0s' }] },
    ],
  });
});

test('operators are counted without whose they are', () => {
  const [wave] = campaign().waves;
  const [text] = texts({ ...campaign(), waves: [{ ...wave!, kind: 'operator', subjects: 1, to: '2.10' }] });
  expect(text!.waves[0]).toContain('1 operator to 2.10 from');
});
