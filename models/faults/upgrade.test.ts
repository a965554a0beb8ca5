import { expect, test } from 'vitest';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { Upgrade } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import { type Asked, standIns } from '../upgrades/testing.ts';

const upgradeOf = (more: Partial<Upgrade>): Upgrade => ({
  kind: 'upgrade',
  at: HOUR,
  label: 'upgrade',
  subject: 'hostedCluster',
  names: [],
  ...more,
});

const FLEET = fleetOf(management(ZONES, 6), [
  hostedCluster('tenant-0', { nodePools: [pool(1)] }),
  hostedCluster('tenant-1', { nodePools: [pool(1), pool(1, { name: 'more' })] }),
]);

function asked(...faults: Upgrade[]): readonly Asked[] {
  const replication = new Replication(scenarioOf(FLEET, { faults }), 0);
  const stand = standIns(replication.fleet);
  replication.run((2 * HOUR) as Micros);
  return stand.asked;
}

test('an upgrade goes to the mechanism of its subject, with the release and how it is asked for', () => {
  expect(
    asked(upgradeOf({ subject: 'hostedCluster', names: ['tenant-1'], to: '4.20.3', force: true })),
  ).toEqual([{ kind: 'hostedCluster', name: 'tenant-1', to: '4.20.3', options: { force: true } }]);
  const names = ['tenant-1/more'];
  expect(asked(upgradeOf({ subject: 'nodePool', names, to: '4.20.3' }))).toEqual([
    { kind: 'nodePool', name: 'tenant-1/more', to: '4.20.3', options: { force: false } },
  ]);
  expect(asked(upgradeOf({ subject: 'managementCluster', names: ['mgmt'], to: '4.21.0' }))).toMatchObject([
    { kind: 'managementCluster', name: 'mgmt', to: '4.21.0' },
  ]);
  expect(asked(upgradeOf({ subject: 'operator', names: ['mgmt'], to: '4.21' }))).toMatchObject([
    { kind: 'operator', name: 'mgmt', to: '4.21' },
  ]);
});

test('node pools get another configuration at the release that they have', () => {
  const names = ['tenant-0/workers'];
  expect(asked(upgradeOf({ subject: 'nodePool', names, change: 'platform' }))).toEqual([
    {
      kind: 'nodePool',
      name: 'tenant-0/workers',
      to: '4.19.8',
      options: { force: false, change: 'platform' },
    },
  ]);
});

test('every release that an event names is numbered before the run begins, and none afterwards', () => {
  const faults = [upgradeOf({ subject: 'hostedCluster', names: ['tenant-0'], to: '4.20.3' })];
  const { releases } = new Replication(scenarioOf(FLEET, { faults }), 0).fleet.world.upgrades;
  expect(releases.names).toContain('4.20.3');
  expect(() => releases.of('4.20.4')).toThrow('neither the fleet nor any upgrade');
});
