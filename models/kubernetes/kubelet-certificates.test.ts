import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { workerLost } from '../faults/testing.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ParameterOverrides } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import { unexplained, unhealed } from '../results/unhealed.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';

const HOSTED = 1 as ClusterId;
const LIFE = 30 * DAY;
/** What is left at least and at most when the API goes: renewed at 70 to 90 % of a life. */
const LEAST = 0.1 * LIFE;
const SHORT: ParameterOverrides = { credentials: { certificateLifetime: LIFE } };

const away = (component: string, at: number, duration: number): Fault => ({
  kind: 'podFailure',
  at: at as Micros,
  duration: duration as Micros,
  label: 'away',
  pods: [0, 1, 2].map((ordinal) => ({ hostedCluster: 't', component, ordinal })),
});
const apiAway = (at: number, duration: number): Fault => away('kube-apiserver', at, duration);

interface Options {
  readonly parameters?: ParameterOverrides;
  readonly workers?: number;
  readonly autoRepair?: boolean;
  readonly seed?: number;
}

function prepared(faults: readonly Fault[], options: Options = {}) {
  const { parameters = SHORT, workers = 20, autoRepair = false, seed = 1 } = options;
  const tenant = hostedCluster('t', { release: '5.0.1', nodePools: [pool(workers, { autoRepair })] });
  const operator = { product: 'HyperShift', version: '5.0.1' } as const;
  const plan = fleetOf(management(ZONES, 9, { operator }), [tenant]);
  const replication = new Replication(
    scenarioOf(plan, { faults, parameters, seed, duration: (200 * DAY) as Micros }),
    0,
  );
  const { world } = replication.fleet;
  const nodes = (): NodeId[] => world.machines.ofCluster.list(HOSTED);
  const expired = (): number => nodes().filter((node) => world.certificates.expired(node)).length;
  const ready = (): number => nodes().filter((node) => world.lifecycle.ready(node)).length;
  const run = (until: number): void => replication.run(until as Micros);
  const told = (): string[] => unhealed(replication).map(({ what, why }) => `${what}: ${why}`);
  return { replication, world, nodes, expired, ready, run, told };
}

describe('kubelets whose API is away', () => {
  it('lose their certificates one by one, between what is left at least and a whole life', () => {
    const { expired, run } = prepared([apiAway(DAY, 40 * DAY)]);
    run(DAY + LEAST - HOUR);
    expect(expired()).toBe(0);
    run(DAY + 0.5 * LIFE);
    expect(expired()).toBeGreaterThan(4);
    expect(expired()).toBeLessThan(16);
    run(DAY + LIFE);
    expect(expired()).toBe(20);
  });

  it('stay out when it is back, what runs on their nodes runs on, and a human is told of them', () => {
    const { replication, world, ready, run, told } = prepared([apiAway(DAY, 40 * DAY)]);
    run(41 * DAY + HOUR);
    expect(world.health.value(HOSTED, 'api')).toBe(1);
    expect(ready()).toBe(0);
    run(60 * DAY);
    expect(ready()).toBe(0);
    expect(world.health.value(HOSTED, 'workloads')).toBe(1);
    expect(told()).toEqual([expect.stringMatching(/^kubelets of 20 nodes: client certificates ran out/)]);
    expect(unexplained(replication)).toEqual([]);
  });

  it('notice nothing of an outage that is shorter than what is left of any certificate', () => {
    const { ready, run, told } = prepared([apiAway(DAY, LEAST - HOUR)]);
    run(60 * DAY);
    expect(ready()).toBe(20);
    expect(told()).toEqual([]);
  });

  it('keep those that last two years, as HyperShift has them signed', () => {
    const { ready, run } = prepared([apiAway(DAY, 70 * DAY)], { parameters: {} });
    run(80 * DAY);
    expect(ready()).toBe(20);
  });

  it('renew what was due as soon as it is back, for a whole life from then on', () => {
    const back = DAY + 0.5 * LIFE;
    const { replication, run } = prepared([apiAway(DAY, 0.5 * LIFE), apiAway(back + HOUR, 2 * LIFE)]);
    run(back + 1.5 * LIFE);
    const { facts } = replication.fleet.world.sim;
    let renewed = 0;
    for (let i = 1; i < facts.length; i++) {
      const { kind, at } = facts.get(i as never);
      if (kind.name === 'certificate-expired' && at >= back + LIFE && at < back + LIFE + 10 * MINUTE)
        renewed++;
    }
    // Of twenty some nine live through the first outage, and of those about half were due in it.
    expect(renewed).toBeGreaterThanOrEqual(2);
  });

  it('run out in the same share of cases as the closed form says', () => {
    // Age at the outage: even over 0 to s, s even over 0.7 to 0.9. Left is 1 - age: P(left <= x) = mean of (s - (1 - x)) / s, where positive.
    const law = (x: number): number => {
      const steps = 1000;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const s = 0.7 + (0.2 * (i + 0.5)) / steps;
        sum += Math.max(0, s - (1 - x)) / s;
      }
      return sum / steps;
    };
    for (const x of [0.2, 0.5, 0.8]) {
      let out = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const { expired, run } = prepared([apiAway(DAY, 40 * DAY)], { seed });
        run(DAY + x * LIFE);
        out += expired();
      }
      const share = law(x);
      expect(Math.abs(out / 400 - share)).toBeLessThan(3.5 * Math.sqrt((share * (1 - share)) / 400));
    }
  });

  it('never run out before they can, nor live longer than a life without renewal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 50 }), (start, seed) => {
        const { expired, run } = prepared([apiAway(start * DAY, 100 * DAY)], { seed, workers: 3 });
        run(start * DAY + LEAST - MINUTE);
        expect(expired()).toBe(0);
        run(start * DAY + LIFE + MINUTE);
        expect(expired()).toBe(3);
      }),
      { seed: 1, numRuns: 15 },
    );
  });
});

describe('what renews a certificate', () => {
  it('is the controller manager, which signs: without one nodes drop out although the API answers', () => {
    const { world, ready, run } = prepared([away('kube-controller-manager', DAY, 40 * DAY)]);
    run(DAY + LIFE + HOUR);
    expect(world.health.value(HOSTED, 'api')).toBe(1);
    expect(world.contact.present(world.machines.ofCluster.first(HOSTED) as NodeId)).toBe(false);
    run(45 * DAY);
    expect(ready()).toBe(0);
  });

  it('is the kubelet, which is not there while its machine is off', () => {
    const off = workerLost(0, DAY, 40 * DAY);
    const { ready, run, told } = prepared([off]);
    run(60 * DAY);
    expect(ready()).toBe(19);
    expect(told()).toEqual([
      expect.stringMatching(/^kubelet of node t-workers-0: client certificates ran out/),
    ]);
  });

  it('is a new machine: the health check of a pool that is small enough heals it', () => {
    const { expired, ready, run, told } = prepared([apiAway(DAY, 40 * DAY)], {
      workers: 2,
      autoRepair: true,
    });
    run(41 * DAY);
    expect(expired()).toBe(2);
    run(43 * DAY);
    expect([expired(), ready()]).toEqual([0, 2]);
    expect(told()).toEqual([]);
  });
});

describe('certificates', () => {
  it('cost no event while they are renewed', () => {
    const { world, run } = prepared([]);
    run(DAY);
    const before = world.sim.events;
    run(150 * DAY);
    expect(world.sim.events).toBe(before);
  });

  it('follow from a stream of their own: nothing else moves', () => {
    const events = (parameters: ParameterOverrides): readonly unknown[] => {
      const { replication, run } = prepared([apiAway(DAY, HOUR)], { parameters });
      run(3 * DAY);
      return [replication.fleet.world.sim.digest, replication.fleet.world.sim.events];
    };
    expect(events(SHORT)).toEqual(events({}));
  });

  it('are part of a snapshot', () => {
    const { replication, expired, run } = prepared([apiAway(DAY, 40 * DAY)]);
    run(10 * DAY);
    const before = expired();
    const saved = replication.fleet.world.sim.save();
    run(30 * DAY);
    const after = expired();
    expect(after).toBeGreaterThan(before);
    replication.fleet.world.sim.restore(saved);
    expect(expired()).toBe(before);
    run(30 * DAY);
    expect(expired()).toBe(after);
  });
});
