import { expect, test } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { apiOutage, hosted } from '../fixture.ts';
import { groupOutages } from './outages.ts';

const us = (value: number) => value as Micros;

test('equal outages of many hosted clusters are one group', () => {
  const outages = Array.from({ length: 1000 }, (_, i) => apiOutage(hosted(i)));
  const groups = groupOutages(outages);
  expect(groups).toHaveLength(1);
  expect(groups[0]!.owners).toHaveLength(1000);
  expect(groups[0]!.example).toBe('');
});

test('an outage that takes the service down comes before a longer one that only dents it', () => {
  const dent = apiOutage(hosted(0), { from: us(0), to: us(9e9) });
  const down = apiOutage(hosted(1), { lowest: 0, from: us(0), to: us(1e6), segments: [] });
  expect(groupOutages([dent, down]).map((group) => group.lowest)).toEqual([0, 2 / 3]);
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
  expect(group!.causes).toEqual(outages[0]!.causes);
});

test('outages with different roots are never merged', () => {
  const outages = Array.from({ length: 30 }, (_, i) => apiOutage(hosted(i), { causes: [`root ${i}`, 'x'] }));
  const chain = (i: number) => groupOutages(outages, 20)[i]!.causes[0];
  expect(new Set(Array.from({ length: 30 }, (_, i) => chain(i))).size).toBe(30);
});

test('one cluster down in several replications is one group that counts them', () => {
  const outages = [0, 1, 1, 4].map((replication) => apiOutage(hosted(0), { replication }));
  const [group] = groupOutages(outages);
  expect(group!.replications).toBe(3);
  expect(group!.outages).toHaveLength(4);
});
