import { expect, test } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { Upgrade } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, scenarioOf, ZONES } from '../testing.ts';
import { standIns } from '../upgrades/testing.ts';
import { crowdedUpgrades } from './crowded-upgrades.ts';

const NAMES = Array.from({ length: 12 }, (_, i) => `t-${i}`);

/** Upgrades of ten minutes each. */
function told(faults: readonly (readonly [at: number, count: number])[], refused = 0): readonly string[] {
  const upgrades = faults.map(
    ([at, count]): Upgrade => ({
      kind: 'upgrade',
      at: at as Micros,
      label: 'upgrade',
      subject: 'hostedCluster',
      names: count < 0 ? NAMES.slice(count) : NAMES.slice(0, count),
      to: '4.20.3',
    }),
  );
  const fleet = fleetOf(
    management(ZONES, 18),
    NAMES.map((name) => hostedCluster(name, { nodePools: [] })),
  );
  const replication = new Replication(scenarioOf(fleet, { faults: upgrades }), 0);
  standIns(replication.fleet, {
    refuses: (_, name) => (NAMES.indexOf(name) < refused ? 'no' : undefined),
  });
  replication.run((3 * HOUR) as Micros);
  return crowdedUpgrades(replication.fleet);
}

test('more upgrades at one time than the operator reconciles at once are told, with what they would cost', () => {
  expect(told([[HOUR, 12]])).toEqual([
    expect.stringMatching(/^12 hosted clusters of mgmt were upgraded at one time: /),
  ]);
  expect(
    told([
      [HOUR, 7],
      [HOUR + 5 * MINUTE, -5],
    ]),
  ).toHaveLength(1);
});

test('ten at a time are not, nor those that follow each other, or are refused', () => {
  expect(told([[HOUR, 10]])).toEqual([]);
  expect(
    told([
      [HOUR, 7],
      [HOUR + 10 * MINUTE, -5],
    ]),
  ).toEqual([]);
  expect(told([[HOUR, 12]], 2)).toEqual([]);
});
