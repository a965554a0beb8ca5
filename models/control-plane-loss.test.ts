import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND, toSeconds } from '../sim/time.ts';
import type { Fault } from './plan/faults.ts';
import { Replication, runScenario } from './run.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from './testing.ts';

const at = (time: number, duration?: number) => ({
  at: time as Micros,
  ...(duration === undefined ? {} : { duration: duration as Micros }),
  label: 'fault',
});
const apiAway = (from: number, duration: number): Fault => ({
  ...at(from, duration),
  kind: 'podFailure',
  pods: [0, 1, 2].map((ordinal) => ({ hostedCluster: 't', component: 'kube-apiserver', ordinal })),
});
const workerLost = (from: number, duration?: number): Fault => ({
  ...at(from, duration),
  kind: 'workerFailure',
  workers: [{ hostedCluster: 't', nodePool: 'workers', ordinal: 0 }],
});
const fleet = fleetOf(management(ZONES, 6), [
  hostedCluster('t', {
    nodePools: [pool(3, { zones: ZONES })],
    workloads: [{ name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024, spread: [] }],
  }),
]);
const measured = (faults: readonly Fault[]) => ({
  ...scenarioOf(fleet, { faults, duration: (6 * HOUR) as Micros }),
  controlPlaneLoss: true,
});
const lost = (faults: readonly Fault[]): number =>
  metric(ran(measured(faults)), 'workloads.lostToControlPlane', 't');

describe('what an outage of the control plane costs workloads', () => {
  it('is nothing while nothing else happens: what runs goes on', () => {
    expect(lost([apiAway(HOUR, 2 * HOUR)])).toBe(0);
  });

  it('is nothing when a worker is lost and the control plane heals that: the loss is not its own', () => {
    const faults = [workerLost(HOUR)];
    expect(metric(ran(measured(faults)), 'workloads.availability', 't')).toBeLessThan(1);
    expect(lost(faults)).toBe(0);
  });

  it('is the time by which a lost replica is replaced later, times its share', () => {
    const faults = [apiAway(HOUR, 2 * HOUR), workerLost(HOUR + MINUTE)];
    const outages = (heldUp: boolean): number => {
      const replication = new Replication(measured(faults), 0, undefined, heldUp);
      replication.run((6 * HOUR) as Micros);
      const found = replication.outages().filter(({ service }) => service === 'workloads');
      return found.reduce(
        (sum, { from, to, lowest }) => sum + toSeconds((to - from) as Micros) * (1 - lowest),
        0,
      );
    };
    const cost = lost(faults);
    expect(cost).toBeCloseTo(outages(false) - outages(true), 6);
    // A third of the replicas, from about six minutes after the loss until some minutes after the API is back.
    expect(cost).toBeGreaterThan((2 * HOUR - 8 * MINUTE) / SECOND / 3);
    expect(cost).toBeLessThan((2 * HOUR + 15 * MINUTE) / SECOND / 3);
  });

  it('counts what could not be scaled, and what a lost zone takes from both futures cancels out', () => {
    const scaled: Fault = {
      ...at(HOUR + MINUTE),
      kind: 'scale',
      pools: [],
      workloads: [{ hostedCluster: 't', workload: 'app' }],
      replicas: 6,
    };
    const cost = lost([apiAway(HOUR, HOUR), scaled]);
    expect(cost).toBeGreaterThan((59 * 60) / 2);
    expect(cost).toBeLessThan((62 * 60) / 2);
    const zone: Fault = { ...at(HOUR, HOUR), kind: 'zoneOutage', places: ['a'] };
    expect(lost([zone])).toBeLessThan(60);
  });

  it('is measured only when asked for, and moves nothing else', () => {
    const faults = [apiAway(HOUR, HOUR), workerLost(HOUR)];
    const plan = measured(faults);
    const without = runScenario({ ...plan, controlPlaneLoss: false }, { replications: 2 });
    const withLoss = runScenario(plan, { replications: 2 });
    expect(without.metrics.some((one) => one.metric === 'workloads.lostToControlPlane')).toBe(false);
    expect(withLoss.metrics.filter((one) => one.metric !== 'workloads.lostToControlPlane')).toEqual(
      without.metrics,
    );
    expect(withLoss.digests).toEqual(without.digests);
    expect(withLoss.events).toBe(without.events);
  });
});
