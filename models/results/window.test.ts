import { expect, test } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import { collectMetrics } from './collect.ts';
import { markNow, peakSince, stepsSince } from './window.ts';

const FLEET = fleetOf(management(ZONES, 6), [hostedCluster('t', { nodePools: [pool(3)] })]);
const zoneOutage = (at: number): Fault => ({
  kind: 'zoneOutage',
  at: at as Micros,
  duration: (20 * MINUTE) as Micros,
  label: 'zoneOutage',
  places: [ZONES[0]!],
});

function measured(faults: readonly Fault[], from: number, to: number) {
  const replication = new Replication(scenarioOf(FLEET, { faults }), 0);
  const { fleet, recorders } = replication;
  replication.run(from as Micros);
  const mark = markNow(fleet, recorders.exposure);
  replication.run(to as Micros);
  const of = (metrics: ReturnType<typeof collectMetrics>) =>
    new Map(
      metrics
        .filter(({ labels }) => labels.hostedCluster === 't')
        .map(({ metric, value }) => [metric, value]),
    );
  return {
    since: of(collectMetrics(fleet, recorders, to as Micros, { mark })),
    whole: of(collectMetrics(fleet, recorders, to as Micros)),
  };
}

const LOSSES = ['api.degraded', 'exposure.api', 'pods.pending'];

test('what was before a mark is not measured, and all of what came after it is', () => {
  const before = measured([zoneOutage(HOUR)], 4 * HOUR, 5 * HOUR);
  const after = measured([zoneOutage(2 * HOUR)], HOUR, 5 * HOUR);
  for (const metric of LOSSES) {
    expect(before.whole.get(metric), metric).toBeGreaterThan(0);
    expect(before.since.get(metric), metric).toBe(0);
  }
  expect(before.since.get('api.availability')).toBe(1);
  expect(before.since.get('leaders.availability')).toBe(1);
  expect(before.whole.get('leaders.availability')).toBeLessThan(1);
  for (const metric of ['api.degraded', 'pods.pending', 'leaders.longestGap'])
    expect(after.since.get(metric), metric).toBe(after.whole.get(metric));
  // The same exposure, of four hours instead of five.
  expect(after.since.get('exposure.api')! * 4).toBeCloseTo(after.whole.get('exposure.api')! * 5, 9);
});

test('a peak is one when it is worse than all before', () => {
  expect(peakSince(5, 3)).toBe(5);
  expect(peakSince(5, 5)).toBeNaN();
  expect(peakSince(5, Number.NaN)).toBe(5);
  expect(peakSince(5, undefined)).toBe(5);
});

test('steps from an instant on begin with the level that there is', () => {
  const step = (at: number, value: number) => ({ at: at as Micros, value, fact: 0 as never });
  const steps = [step(0, 1), step(10, 0), step(20, 1)];
  expect(stepsSince(steps, 15 as Micros)).toEqual([step(15, 0), step(20, 1)]);
  expect(stepsSince(steps, 20 as Micros)).toEqual([step(20, 1)]);
  expect(stepsSince(steps, 0 as Micros)).toEqual(steps);
});
