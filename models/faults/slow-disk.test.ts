import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { SlowDisk } from '../plan/faults.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';

const NOBODY = { nodes: [], storageClasses: [], members: [] };
const stall = (minutes: number, more: Partial<SlowDisk>): SlowDisk => ({
  kind: 'slowDisk',
  at: HOUR,
  duration: (minutes * MINUTE) as Micros,
  label: 'slowDisk',
  ...NOBODY,
  ...more,
});
const fleet = (binding: 'zone' | 'node') =>
  fleetOf(
    management(ZONES, 3, { storageClasses: [{ name: 'standard', binding, performance: 'cloud-ssd' }] }),
    [hostedCluster('t')],
  );
const members = [0, 1, 2].map((ordinal) => ({ hostedCluster: 't', ordinal }));
const run = (binding: 'zone' | 'node', faults: SlowDisk[]) =>
  ran(scenarioOf(fleet(binding), { faults, duration: (3 * HOUR) as Micros }));

describe('slow disks', () => {
  it('of nodes matter to members whose volumes are bound to them, and to no others', () => {
    const disks = [stall(2, { nodes: ['h-0', 'h-1', 'h-2'] })];
    expect(metric(run('node', disks), 'api.downtime', 't')).toBeGreaterThan(110);
    expect(metric(run('zone', disks), 'etcd.availability', 't')).toBe(1);
  });

  it('of control-plane nodes take the management cluster down, and hosted clusters go on', () => {
    const done = run('zone', [stall(2, { nodes: ['cp-0', 'cp-1', 'cp-2'] })]);
    expect(metric(done, 'management.availability')).toBeCloseTo(1 - 2 / 180, 3);
    expect(metric(done, 'api.uptime', 't')).toBe(1);
    expect(metric(done, 'management.availability')).toBeLessThan(1);
  });

  it('of one storage class all at once stop writes for as long as they last', () => {
    const name = { managementCluster: 'mgmt', name: 'standard' };
    const done = run('zone', [stall(2, { storageClasses: [name] })]);
    expect(metric(done, 'etcd.availability', 't')).toBeCloseTo(1 - 2 / 180, 3);
  });

  it('that overlap end when the last of them ends', () => {
    const done = run('zone', [stall(2, { members }), stall(1, { members: members.slice(0, 1) })]);
    const alone = run('zone', [stall(2, { members })]);
    expect(metric(done, 'etcd.availability', 't')).toBe(metric(alone, 'etcd.availability', 't'));
    const later = stall(1, { members: members.slice(1), at: (HOUR + MINUTE / 2) as Micros });
    expect(metric(run('zone', [stall(1, { members }), later]), 'etcd.availability', 't')).toBeCloseTo(
      1 - 1.5 / 180,
      3,
    );
  });

  it('that are merely slow, below an election timeout, cost nothing', () => {
    const done = run('zone', [stall(60, { members, fsync: 500_000 as Micros })]);
    expect(metric(done, 'etcd.availability', 't')).toBe(1);
  });
});
