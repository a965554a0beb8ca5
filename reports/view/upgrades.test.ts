import { expect, test } from 'vitest';
import type { UpgradeResult } from '../../sim/result.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { document, hosted, upgradeOf, zoneLoss } from '../fixture.ts';
import { renderHtml } from '../html.ts';
import { toJson } from '../json.ts';
import { renderText } from '../text.ts';
import { accountOf } from './account.ts';
import { upgradeGroups } from './upgrades.ts';

const groups = (...upgrades: UpgradeResult[]) => upgradeGroups({ ...zoneLoss(), upgrades }, 12);
const many = (count: number) => Array.from({ length: count }, (_, i) => upgradeOf(i));

test('equal upgrades are told once, with the range of what they took', () => {
  const slow = upgradeOf(2, {
    ended: (2 * HOUR) as Micros,
    phases: [{ name: 'etcd', from: HOUR, to: (HOUR + 7 * MINUTE) as Micros }],
  });
  const [group, ...others] = groups(upgradeOf(0), upgradeOf(1), slow);
  expect(others).toEqual([]);
  expect(group).toMatchObject({
    head: 'hosted clusters tenant-0 … tenant-2 (3) from 4.19.8 to 4.20.3: completed in 30m … 1h (tenant-2), asked for at 1h',
    phases: 'etcd 5m … 7m, kube-apiserver 24m (2 of 3)',
    waits: ['kube-apiserver waited for 10m: no node takes a pod'],
    dips: ['meanwhile api of tenant-0 … tenant-2 (3) fell to 66.6667% at the lowest and lost 4s'],
  });
});

test('what took many times as long stands by itself, and the slowest of the others is named where it stands out', () => {
  const ends = [30, 32, 31, 60 * 10, 45].map((minutes, i) =>
    upgradeOf(i, { ended: (HOUR + minutes * MINUTE) as Micros }),
  );
  const took = (...all: UpgradeResult[]) =>
    groups(...all).map(({ head }) => head.replace(/ from .*: completed in/, ':').replace(/, asked.*/, ''));
  expect(took(...ends)).toEqual([
    'hosted clusters tenant-0 … tenant-2, tenant-4 (4): 30m … 45m (tenant-4)',
    'hosted cluster tenant-3: 10h',
  ]);
  expect(took(...ends.slice(0, 3))).toEqual(['hosted clusters tenant-0 … tenant-2 (3): 30m … 32m']);
});

test('what came out in another way stands by itself: refused, going on, another reason', () => {
  const { ended: _, ...open } = upgradeOf(2, { outcome: 'going-on', phases: [], affected: [], waits: [] });
  const refused = upgradeOf(1, { outcome: 'refused', refusal: 'two minors at once', ended: HOUR });
  expect(groups(upgradeOf(0), refused, open).map(({ head, good }) => [head, good])).toEqual([
    ['hosted cluster tenant-2 from 4.19.8 to 4.20.3: still going on after 23h, asked for at 1h', false],
    ['hosted cluster tenant-1 from 4.19.8 to 4.20.3: refused: two minors at once, asked for at 1h', false],
    ['hosted cluster tenant-0 from 4.19.8 to 4.20.3: completed in 30m, asked for at 1h', true],
  ]);
});

test('what stands still comes first, however many others were asked for before', () => {
  const { to: _, ...wait } = upgradeOf(0).waits[0]!;
  const { ended: __, ...stuck } = upgradeOf(99, { outcome: 'going-on', waits: [wait] });
  const { ended: ___, ...open } = upgradeOf(98, { outcome: 'going-on', waits: [] });
  const others = Array.from({ length: 20 }, (_, i) => upgradeOf(i, { after: `4.20.${i}` }));
  const heads = groups(...others, open, stuck).map(({ head }) => head);
  expect(heads[0]).toContain('tenant-99');
  expect(heads[1]).toContain('tenant-98');
  const text = renderText(document({ ...zoneLoss(), upgrades: [...others, stuck] }));
  expect(text).toContain('hosted cluster tenant-99 from');
  expect(text).toContain('Upgrades: 1 of 21 stands still at the end\n');
});

test('the head of a run names what was refused, what goes on, and campaigns that stopped', () => {
  const { ended: _, ...open } = upgradeOf(0, { outcome: 'going-on', waits: [] });
  const refused = [1, 2].map((i) => upgradeOf(i, { outcome: 'refused', refusal: 'a rule' }));
  const campaign = {
    name: 'c',
    outcome: 'stopped',
    why: 'a gate',
    reason: 'a gate',
    waves: [],
    left: 1,
    targets: 3,
    reached: 2,
    rollbacks: [],
  } as const;
  const run = { ...zoneLoss(), upgrades: [open, ...refused, upgradeOf(3)], campaigns: [campaign] };
  expect(accountOf(run).slice(-2)).toEqual([
    'Upgrades: 1 of 4 is not over at the end, 2 of 4 were refused',
    'Campaign c stopped: a gate; 2 of 3 targets are there, 1 upgrade never asked for',
  ]);
  expect(accountOf({ ...zoneLoss(), upgrades: [upgradeOf(0)] })).toEqual(accountOf(zoneLoss()));
});

test('what began by itself once no rule refused it says so, and since when it was wanted', () => {
  const late = upgradeOf(0, { byItself: { requested: (30 * MINUTE) as Micros } });
  const heads = groups(late, upgradeOf(1), upgradeOf(2, { byItself: {} })).map(({ head }) =>
    head.replace(/.*completed/, ''),
  );
  expect(heads).toEqual([
    ' in 30m, begun by itself at 1h, refused when asked for at 30m',
    ' in 30m, asked for at 1h',
  ]);
  const [first, second] = toJson(document({ ...zoneLoss(), upgrades: [late, upgradeOf(1)] })).runs[0]!
    .upgrades;
  expect(first).toMatchObject({ asked: '1h0m0s', byItself: true, requested: '30m0s' });
  expect(second).toMatchObject({ byItself: false, requested: '1h0m0s' });
});

test('remarks are told, with how many upgrades they are about', async () => {
  const remarks = ['2 minors behind'];
  const upgrades = [upgradeOf(0, { remarks }), upgradeOf(1, { remarks: ['3 minors behind'] }), upgradeOf(2)];
  expect(groups(...upgrades).map((group) => group.remarks)).toEqual([['remarked: 2 minors behind'], []]);
  const run = document({ ...zoneLoss(), upgrades });
  expect(renderText(run)).toContain('remarked: 2 minors behind');
  expect(await renderHtml(run)).toContain('remarked: 2 minors behind');
  expect(toJson(run).runs[0]!.upgrades[0]!.remarks).toEqual(remarks);
});

test('another configuration says which, and the same release asked for again is none', () => {
  const same = { before: '4.20.3', kind: 'nodePool' };
  const heads = groups(
    upgradeOf(0, { ...same, change: 'config' }),
    upgradeOf(0, { ...same, change: 'tuning' }),
    upgradeOf(0, { ...same, change: 'platform' }),
    upgradeOf(0, same),
  ).map(({ head }) => head.replace(/:.*/, ''));
  expect(heads).toEqual([
    'node pool tenant-0 at 4.20.3, other MachineConfigs',
    'node pool tenant-0 at 4.20.3, another tuning',
    'node pool tenant-0 at 4.20.3, another platform of the machines',
    'node pool tenant-0 at 4.20.3, the same release again',
  ]);
});

test('who was not down is not named with those who were', () => {
  const dip = (i: number, lowest: number) => [{ service: 'api', labels: hosted(i), lowest, lost: 4 }];
  const of = (...levels: number[]) =>
    groups(...levels.map((lowest, i) => upgradeOf(i, { affected: dip(i, lowest) })))[0]!.dips;
  expect(of(0, 2 / 3, 0)).toEqual([
    'meanwhile api of tenant-0, tenant-2 fell to 0% at the lowest and lost 4s',
    'meanwhile api of tenant-1 fell to 66.6667% at the lowest and lost 4s',
  ]);
  const both = ['api', 'oauth'].map((service) => ({ ...dip(0, 0)[0]!, service }));
  expect(groups(upgradeOf(0, { affected: both }))[0]!.dips).toEqual([
    'meanwhile api, oauth of tenant-0 fell to 0% at the lowest and lost 4s',
  ]);
  expect(of(0, ...Array.from({ length: 10 }, (_, i) => (i + 1) / 20))).toEqual([
    'meanwhile api of tenant-0 fell to 0% at the lowest and lost 4s',
    'meanwhile api of tenant-1 … tenant-10 (10) fell to 5% … 50% at the lowest and lost 4s',
  ]);
});

test('a wait that goes on at the end says so', () => {
  const { to: _, ...wait } = upgradeOf(0).waits[0]!;
  const { ended: __, ...open } = upgradeOf(0, { outcome: 'going-on', waits: [wait] });
  expect(groups(open)[0]!.waits).toEqual([
    'kube-apiserver waited for 22h50m, and still does: no node takes a pod',
  ]);
});

test('phases of one node after the other are told together', () => {
  const node = (i: number, minutes: number) => ({
    name: `node-${i}`,
    from: HOUR,
    to: (HOUR + minutes * MINUTE) as Micros,
  });
  const one = upgradeOf(0, { phases: [node(1, 5), node(2, 7), node(3, 6)] });
  expect(groups(one)[0]!.phases).toBe('node-1 … node-3 (3) 5m … 7m');
});

test('reasons that differ in numbers alone are told once', () => {
  const wait = (node: number) => ({ ...upgradeOf(0).waits[0]!, why: `node-${node} is not drained` });
  const one = upgradeOf(0, { waits: [wait(1), wait(2)] });
  expect(groups(one, upgradeOf(1, { waits: [wait(7)] }))[0]!.waits).toEqual([
    'kube-apiserver waited for 10m … 20m: node-1 is not drained, and 2 alike',
  ]);
});

test('a fleet of hundreds takes as many lines as one hosted cluster', () => {
  const lines = (count: number) =>
    renderText(document({ ...zoneLoss(), upgrades: many(count) }), { width: 200 }).split('\n').length;
  expect(lines(500)).toBe(lines(1));
});

test('without upgrades nothing is said of them', async () => {
  expect(renderText(document(zoneLoss()))).not.toContain('Upgrades');
  expect(await renderHtml(document(zoneLoss()))).not.toContain('Upgrades');
});

test('the page draws them, equal ones on one line, and tells them', async () => {
  const page = await renderHtml(document({ ...zoneLoss(), upgrades: many(300) }));
  expect(page).toContain('tenant-0 … tenant-299 (300) to 4.20.3');
  expect(page).toContain('kube-apiserver waited for 10m: no node takes a pod');
  expect(page).toContain('under way');
});

test('JSON has every upgrade, with what is not yet as null', () => {
  const { ended: _, ...open } = upgradeOf(0, { outcome: 'going-on' });
  const [record] = toJson(document({ ...zoneLoss(), upgrades: [open] })).runs[0]!.upgrades;
  expect(record).toMatchObject({
    kind: 'hostedCluster',
    name: 'tenant-0',
    from: '4.19.8',
    to: '4.20.3',
    asked: '1h0m0s',
    began: '1h1m0s',
    ended: null,
    outcome: 'going-on',
    phases: [{ name: 'etcd', from: '1h1m0s', to: '1h6m0s' }, { name: 'kube-apiserver' }],
    waits: [{ phase: 'kube-apiserver', why: 'no node takes a pod', from: '1h10m0s', to: '1h20m0s' }],
    affected: [{ service: 'api', lost: 4 }],
  });
});
