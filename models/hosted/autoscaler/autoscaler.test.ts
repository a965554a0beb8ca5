import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../sim/entities.ts';
import type { CauseId } from '../../../sim/facts.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import { crash, managementAway } from '../../faults/testing.ts';
import type { PoolId, SetId } from '../../ids.ts';
import type { ParameterOverrides } from '../../parameters.ts';
import type { Fault } from '../../plan/faults.ts';
import type { HostedClusterPlan, NodePoolPlan, WorkloadPlan } from '../../plan/fleet.ts';
import { settledPools } from '../../plan/settled-pools.ts';
import { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../../testing.ts';

/** Two replicas to a machine. */
const APP: WorkloadPlan = { name: 'app', replicas: 6, cpuMillis: 3000, memoryMib: 1024, spread: [] };
const bounded = (min: number, max: number, more: Partial<NodePoolPlan> = {}): NodePoolPlan =>
  pool(min, { autoScaling: { min, max }, ...more });

const replicas = (count: number, at: number, duration?: number): Fault => ({
  kind: 'scale',
  at: at as Micros,
  ...(duration === undefined ? {} : { duration: duration as Micros }),
  label: `scale t/app to ${count}`,
  pools: [],
  workloads: [{ hostedCluster: 't', workload: 'app' }],
  replicas: count,
});

interface More {
  readonly pools?: readonly NodePoolPlan[];
  readonly tenant?: Partial<HostedClusterPlan>;
  readonly parameters?: ParameterOverrides;
  readonly seed?: number;
}

function prepared(faults: readonly Fault[], more: More = {}) {
  const workloads = more.tenant?.workloads ?? [APP];
  const nodePools = more.tenant?.nodePools ?? settledPools(more.pools ?? [bounded(2, 8)], workloads);
  const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t', { workloads, ...more.tenant, nodePools })]);
  const { parameters = {}, seed = 1 } = more;
  const replication = new Replication(scenarioOf(fleet, { faults, seed, parameters }), 0);
  const { world, hostedClusters } = replication.fleet;
  const cluster = hostedClusters.get('t')!;
  const app = world.sets.names.indexOf('app') as SetId;
  const pools = world.nodePools.ofCluster.list(cluster);
  return {
    world,
    pools,
    run: (until: number) => replication.run(until as Micros),
    wanted: (of = 0): number => world.nodePools.wishes.of(pools[of] as PoolId),
    existing: (): number => world.machines.ofCluster.count(cluster),
    running: (): number => world.pods.containers.runningOf.at(app),
    pending: (): number =>
      world.pods.ofSet.list(app).filter((pod) => world.pods.node.at(pod) === NONE).length,
    told: (kind: string): number[] => {
      const { facts } = world.sim;
      const times: number[] = [];
      for (let i = 1; i < facts.length; i++) {
        const fact = facts.get(i as CauseId);
        if (fact.kind.name === kind) times.push(fact.at);
      }
      return times;
    },
  };
}

describe('a node pool with autoScaling grows', () => {
  it('by the machines that the waiting pods need, which run when those have joined', () => {
    const { run, wanted, running, world, told } = prepared([replicas(12, HOUR)]);
    const { provision, join } = world.parameters.nodePool;
    run(HOUR);
    expect(wanted()).toBe(3);
    run(HOUR + 15 * SECOND);
    expect(wanted()).toBe(6);
    expect(told('pool-scaled-up')).toHaveLength(1);
    run(HOUR + provision + join + MINUTE);
    expect(running()).toBe(12);
  });

  it('to its bound and not beyond: what does not fit then waits', () => {
    const { run, wanted, existing, pending } = prepared([replicas(30, HOUR)]);
    run(3 * HOUR);
    expect([wanted(), existing(), pending()]).toEqual([8, 8, 14]);
  });

  it('from zero', () => {
    const { run, existing, running } = prepared([replicas(4, HOUR)], {
      pools: [bounded(0, 4)],
      tenant: { workloads: [{ ...APP, replicas: 0 }] },
    });
    run(HOUR - 1);
    expect(existing()).toBe(0);
    run(2 * HOUR);
    expect([existing(), running()]).toEqual([2, 4]);
  });

  it('not for pods that no machine of it could take', () => {
    const { run, wanted } = prepared([], {
      tenant: { workloads: [{ ...APP, cpuMillis: 20_000 }] },
    });
    run(2 * HOUR);
    expect(wanted()).toBe(2);
  });

  it.each([
    ['the hosted API', crash('kube-apiserver', [0, 1, 2], HOUR - MINUTE, 2 * HOUR)],
    ['the management API', managementAway(HOUR - MINUTE, 2 * HOUR)],
    ['the autoscaler itself', crash('cluster-autoscaler', [0], HOUR - MINUTE, 2 * HOUR)],
  ])('only when %s is back', (_, away) => {
    const { run, wanted, running } = prepared([away, replicas(12, HOUR)]);
    run(3 * HOUR - 2 * MINUTE);
    expect(wanted()).toBe(3);
    run(4 * HOUR);
    expect([wanted(), running()]).toEqual([6, 12]);
  });

  it('by the machines that leave least unused, of several pools', () => {
    const wide = { cpuMillis: 31_500, memoryMib: 128_000, pods: 250 };
    const { run, wanted } = prepared([replicas(18, HOUR)], {
      pools: [bounded(1, 9, { name: 'wide', machine: wide }), bounded(3, 9, { name: 'narrow' })],
      tenant: { workloads: [{ ...APP, replicas: 16 }] },
    });
    expect([wanted(0), wanted(1)]).toEqual([1, 3]);
    run(2 * HOUR);
    expect([wanted(0), wanted(1)]).toEqual([1, 4]);
  });

  it('evenly with pools that are like it', () => {
    const pools = ['a', 'b', 'c'].map((name) => bounded(1, 9, { name }));
    const { run, wanted } = prepared([replicas(30, HOUR)], { pools });
    run(2 * HOUR);
    expect([wanted(0), wanted(1), wanted(2)]).toEqual([5, 5, 5]);
  });

  it('is left alone after machines did not join in time, and another pool is tried', () => {
    const late: ParameterOverrides = { nodePool: { provision: 2 * HOUR } };
    const pools = [bounded(3, 9, { name: 'first' }), bounded(0, 9, { name: 'other' })];
    const { run, told, wanted, world } = prepared([replicas(8, HOUR)], { pools, parameters: late });
    const { provisionTimeout } = world.parameters.autoscaler;
    run(HOUR + provisionTimeout + MINUTE);
    expect(told('machine-not-joined')).toHaveLength(1);
    const asked = told('pool-scaled-up');
    expect(asked).toHaveLength(2);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(provisionTimeout);
    expect(wanted(0) + wanted(1)).toBe(4);
    run(10 * HOUR);
    for (let of = 0; of < 2; of++) expect(wanted(of)).toBeLessThanOrEqual(9);
  });
});

describe('a node pool with autoScaling shrinks', () => {
  const inAndOut = [replicas(12, HOUR, 2 * HOUR)];

  it('when nodes have been unneeded for long, down to what is needed, and nothing waits for it', () => {
    const { run, wanted, existing, running, told, world } = prepared(inAndOut);
    const { unneeded } = world.parameters.autoscaler;
    run(3 * HOUR + unneeded - MINUTE);
    expect(wanted()).toBe(6);
    run(5 * HOUR);
    expect([wanted(), existing(), running()]).toEqual([3, 3, 6]);
    expect(told('node-unneeded')[0]! - 3 * HOUR).toBeGreaterThanOrEqual(unneeded);
    expect(told('pod-unschedulable').filter((at) => at > 3 * HOUR)).toEqual([]);
  });

  it('not below its minimum', () => {
    const { run, wanted } = prepared([replicas(0, HOUR)]);
    run(5 * HOUR);
    expect(wanted()).toBe(2);
  });

  it('not soon after a scale-up', () => {
    const { run, told, world } = prepared([replicas(12, HOUR, 8 * MINUTE)], {
      parameters: { autoscaler: { delayAfterAdd: 3 * HOUR } },
    });
    run(8 * HOUR);
    const [first] = told('node-unneeded');
    expect(first! - told('pool-scaled-up')[0]!).toBeGreaterThanOrEqual(3 * HOUR);
    expect(world.parameters.autoscaler.delayAfterAdd).toBe(3 * HOUR);
  });

  it('not against a disruption budget, and where the budget lets it', () => {
    const budget = (amount: number) =>
      ({ bound: 'minAvailable', amount, relative: true, unhealthyPods: 'IfHealthyBudget' }) as const;
    const left = [1, 0.5].map((amount) => {
      const nodePools = [pool(6, { autoScaling: { min: 2, max: 8 } })];
      const workloads = [{ ...APP, budget: budget(amount) }];
      const { run, wanted } = prepared([], { tenant: { nodePools, workloads } });
      run(8 * HOUR);
      return wanted();
    });
    expect(left).toEqual([6, 3]);
  });

  it('is frozen while nobody leads, and what was unneeded is timed anew by the next leader', () => {
    const back = 3 * HOUR + 5 * MINUTE + 2 * HOUR;
    const { run, wanted, told, world } = prepared([
      ...inAndOut,
      crash('cluster-autoscaler', [0], 3 * HOUR + 5 * MINUTE, 2 * HOUR),
    ]);
    run(back - MINUTE);
    expect(wanted()).toBe(6);
    run(back + 3 * HOUR);
    expect(wanted()).toBe(3);
    expect(told('node-unneeded')[0]!).toBeGreaterThanOrEqual(back + world.parameters.autoscaler.unneeded);
  });
});

describe('autoscaling', () => {
  it('keeps every pool within its bounds, and nothing waits that a further machine would take', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 600 })), {
          maxLength: 6,
        }),
        fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 3, max: 9 })),
        fc.integer({ min: 200, max: 7000 }),
        (scalings, [min, max], cpuMillis) => {
          const faults = scalings.map(([count, minute]) => replicas(count, minute * MINUTE));
          const { run, wanted, world, pending } = prepared(faults, {
            pools: [bounded(min, max)],
            tenant: { workloads: [{ ...APP, cpuMillis }] },
          });
          for (let at = 10 * MINUTE; at <= 12 * HOUR; at += 10 * MINUTE) {
            run(at);
            expect(wanted()).toBeGreaterThanOrEqual(min);
            expect(wanted()).toBeLessThanOrEqual(max);
          }
          run(16 * HOUR);
          const perMachine = Math.floor(7500 / cpuMillis);
          const app = world.sets.names.indexOf('app') as SetId;
          const needed = Math.ceil(world.sets.replicas.at(app) / perMachine);
          expect(pending() === 0 || wanted() === max).toBe(true);
          expect(wanted()).toBeGreaterThanOrEqual(Math.min(max, Math.max(min, needed)));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('never makes pods wait by taking nodes away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 16 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 300, max: 3500 }),
        (many, few, cpuMillis) => {
          const { run, told, wanted } = prepared([replicas(many, HOUR), replicas(few, 3 * HOUR)], {
            tenant: { workloads: [{ ...APP, cpuMillis }] },
          });
          run(10 * HOUR);
          expect(told('pod-unschedulable').filter((at) => at >= 3 * HOUR)).toEqual([]);
          expect(wanted()).toBeGreaterThanOrEqual(2);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leaves pools without bounds alone', () => {
    const { run, told, world } = prepared([replicas(30, HOUR)], { pools: [pool(3)] });
    run(3 * HOUR);
    expect(told('pool-scaled-up')).toEqual([]);
    expect(world.autoscaler.bounds(0 as PoolId)).toBeUndefined();
  });
});
