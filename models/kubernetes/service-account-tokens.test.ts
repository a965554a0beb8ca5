import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { ParameterOverrides } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';

const LIFE = 3607 * SECOND;
const HOSTED = 1 as ClusterId;
const apiAway = (at: number, duration: number): Fault => ({
  kind: 'podFailure',
  at: at as Micros,
  duration: duration as Micros,
  label: 'API away',
  pods: [0, 1, 2].map((ordinal) => ({ hostedCluster: 't', component: 'kube-apiserver', ordinal })),
});
const entryAway = (at: number, duration: number): Fault => ({
  kind: 'loadBalancerFailure',
  at: at as Micros,
  duration: duration as Micros,
  label: 'entry away',
  hostedClusters: ['t'],
});

function prepared(faults: readonly Fault[], parameters: ParameterOverrides = {}) {
  const workload = { replicas: 20, cpuMillis: 100, memoryMib: 64, spread: [] };
  const tenant = hostedCluster('t', {
    nodePools: [pool(4)],
    workloads: [
      { ...workload, name: 'needy', needsApi: true },
      { ...workload, name: 'plain' },
    ],
  });
  const plan = fleetOf(management(ZONES, 6), [tenant]);
  const replication = new Replication(scenarioOf(plan, { faults, parameters }), 0);
  const { world } = replication.fleet;
  const lapsed = (name: string) => world.tokens.lapsedOf.at(world.sets.names.indexOf(name) as SetId);
  const run = (until: number) => {
    replication.run(until as Micros);
    const value = world.health.value(HOSTED, 'workloads');
    expect(value).toBe(world.health.compute(HOSTED, 'workloads'));
    return value;
  };
  return { replication, world, lapsed, run };
}

describe('workloads that need the API', () => {
  it('run on while their tokens are good, stop being ready one by one, and are ready when the API is back', () => {
    const { lapsed, run } = prepared([apiAway(HOUR, 3 * HOUR)]);
    // The youngest that a token can end: renewed at 80 % of its life, the API went just before that.
    expect(run(HOUR + 0.2 * LIFE - SECOND)).toBe(1);
    run(HOUR + 0.6 * LIFE);
    expect(lapsed('needy')).toBeGreaterThan(4);
    expect(lapsed('needy')).toBeLessThan(16);
    expect(run(HOUR + LIFE + 2 * MINUTE)).toBe(0.5);
    expect(lapsed('needy')).toBe(20);
    expect(lapsed('plain')).toBe(0);
    expect(run(4 * HOUR - SECOND)).toBe(0.5);
    expect(run(4 * HOUR + 10 * MINUTE)).toBe(1);
  });

  it('do not notice an outage that is shorter than what is left of any token', () => {
    const { replication, run } = prepared([apiAway(HOUR, 0.15 * LIFE)]);
    expect(run(10 * HOUR)).toBe(1);
    const text = JSON.stringify(replication.metrics());
    expect(text).toContain('workloads.availability');
    const found = replication.metrics().find(({ metric }) => metric === 'workloads.availability');
    expect(found!.value).toBe(1);
  });

  it('live as long as tokens do', () => {
    const { run } = prepared([apiAway(HOUR, 3 * HOUR)], { credentials: { tokenLifetime: 24 * HOUR } });
    expect(run(HOUR + 2 * HOUR)).toBe(1);
  });

  it('lose their tokens as well where only the way to the API is gone', () => {
    const { lapsed, run } = prepared([entryAway(HOUR, 3 * HOUR)]);
    run(HOUR + LIFE + 5 * MINUTE);
    expect(lapsed('needy')).toBe(20);
    expect(run(5 * HOUR)).toBe(1);
  });

  it('cost no event while the API is there', () => {
    const { world, run } = prepared([]);
    run(HOUR);
    const before = world.sim.events;
    run(20 * HOUR);
    expect(world.sim.events).toBe(before);
  });
});
