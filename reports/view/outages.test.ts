import { expect, test } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { apiOutage, hosted, zoneLoss } from '../fixture.ts';
import { groupOutages, listOutages } from './outages.ts';

const us = (value: number) => value as Micros;

test('equal outages of many hosted clusters are one group', () => {
  const outages = Array.from({ length: 1000 }, (_, i) => apiOutage(hosted(i)));
  const groups = groupOutages(outages);
  expect(groups).toHaveLength(1);
  expect(groups[0]!.owners).toHaveLength(1000);
  expect(groups[0]!.example).toBe('');
});

test('the worst outage is the one that cost most: its time, weighted with what was missing', () => {
  const dent = apiOutage(hosted(0), { from: us(0), to: us(9e9) });
  const blink = apiOutage(hosted(1), { lowest: 0, from: us(0), to: us(1e6) });
  const down = apiOutage(hosted(2), { lowest: 0, from: us(0), to: us(8e9) });
  expect(groupOutages([blink, dent, down]).map(({ owners }) => owners[0])).toEqual([
    'tenant-2',
    'tenant-0',
    'tenant-1',
  ]);
});

test('many outages of all lengths are never told as one: lengths of a group stay within a factor of 4', () => {
  const outages = Array.from({ length: 350 }, (_, i) =>
    apiOutage(hosted(i), {
      from: us(0),
      to: us(Math.round(12.8e6 * 1.02 ** i)),
      causes: ['zoneOutage a', `x ${i}`],
    }),
  );
  const groups = groupOutages(outages, 20);
  expect(groups.length).toBeGreaterThan(1);
  for (const { length } of groups) expect(length[1] / length[0]).toBeLessThanOrEqual(4);
  expect(groups.reduce((sum, group) => sum + group.outages.length, 0)).toBe(350);
});

test('outages that ended by different kinds of last link are told apart', () => {
  const ends = ['pod machine-approver-0 ready', 'endpoint of ignition-server-1 dropped'];
  const outages = Array.from({ length: 60 }, (_, i) =>
    apiOutage(hosted(i), {
      causes: ['zoneOutage a', `x ${'y'.repeat(i)}`],
      endedBy: ['zoneOutage a', ends[i % 2]!],
    }),
  );
  expect(groupOutages(outages, 20).map((group) => group.outages.length)).toEqual([30, 30]);
});

test('services that fell, waited and came back together are told together', () => {
  const both = ['controllers', 'join'].map((service) => apiOutage(hosted(0), { service }));
  const groups = groupOutages([...both, apiOutage(hosted(0), { endedBy: ['x'] })]);
  expect(groups.map(({ services }) => services)).toEqual([['api'], ['controllers', 'join']]);
});

test('what was down from the beginning without an injected event stands apart', () => {
  const run = zoneLoss(3, 1);
  const start = { from: us(0), open: true, endedBy: [] };
  const never = apiOutage(hosted(1), { ...start, causes: ['pod etcd-0 fits on no node'] });
  const atOnce = apiOutage(hosted(2), { ...start, causes: ['zoneOutage us-east-2a', 'x'] });
  const { groups, initial } = listOutages({ ...run, outages: [...run.outages, never, atOnce] }, 20);
  expect(initial.map(({ owners }) => owners)).toEqual([['tenant-1']]);
  expect(groups).toHaveLength(2);
});

test('outages that differ in time alone are merged only when they are too many to list', () => {
  const shifted = (count: number) =>
    Array.from({ length: count }, (_, i) => apiOutage(hosted(i), { from: us(i), to: us(1e6 + 2 * i) }));
  expect(groupOutages(shifted(20), 20)).toHaveLength(20);
  const [group, ...others] = groupOutages(shifted(21), 20);
  expect(others).toEqual([]);
  expect(group!.from).toEqual([0, 20]);
  expect(group!.to).toEqual([1e6, 1e6 + 40]);
  expect(group!.length).toEqual([1e6, 1e6 + 20]);
});

test('outages whose chains differ in names and numbers alone are merged when they are too many to list', () => {
  const outages = Array.from({ length: 30 }, (_, i) =>
    apiOutage(hosted(i), { causes: ['zoneOutage b', `node n-${i % 3} down`, `etcd-1 of tenant-${i} gone`] }),
  );
  const [group, ...others] = groupOutages(outages, 20);
  expect(others).toEqual([]);
  expect(group!.example).toBe('tenant-0');
  expect(group!.leader).toBe(outages[0]);
});

test('outages with different roots are never merged', () => {
  const outages = Array.from({ length: 30 }, (_, i) => apiOutage(hosted(i), { causes: [`root ${i}`, 'x'] }));
  const chain = (i: number) => groupOutages(outages, 20)[i]!.leader.causes[0];
  expect(new Set(Array.from({ length: 30 }, (_, i) => chain(i))).size).toBe(30);
});

test('one cluster down in several replications is one group that counts them', () => {
  const outages = [0, 1, 1, 4].map((replication) => apiOutage(hosted(0), { replication }));
  const [group] = groupOutages(outages);
  expect(group!.replications).toBe(3);
  expect(group!.outages).toHaveLength(4);
});

test('outages of two events that are called the same are not told as one while there is room', () => {
  const root = 'podFailure of 2 pods';
  const at = (minute: number, i: number) =>
    apiOutage(hosted(i), {
      from: us((minute * 60 + i) * 1e6),
      to: us((minute * 60 + 30 + i) * 1e6),
      causes: [root],
    });
  const outages = [10, 60].flatMap((minute) => Array.from({ length: 15 }, (_, i) => at(minute, i)));
  const injected = [10, 60].map((minute) => ({
    kind: 'podFailure',
    label: root,
    at: us(minute * 60e6),
    targets: 2,
  }));
  expect(groupOutages(outages, 20, injected).map(({ from }) => from[0])).toEqual([us(600e6), us(3600e6)]);
  expect(groupOutages(outages, 20)).toHaveLength(1);
});
