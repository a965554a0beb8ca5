import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { NONE } from '../../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import { crash, machinesDeleted, managementAway, scaled, workerLost } from '../../faults/testing.ts';
import type { NodeId } from '../../ids.ts';
import type { Fault } from '../../plan/faults.ts';
import type { CountOrShare, NodePoolPlan } from '../../plan/fleet.ts';
import { twice } from '../../testing.ts';
import {
  AFTER,
  ASKED,
  BEFORE,
  CLOSED,
  guarded,
  inPlace,
  paused,
  prepared,
  reconfigured,
  upgrade,
  workload,
} from './testing.ts';

const count = (amount: number): CountOrShare => ({ amount, relative: false });
/** From a new machine to a node that is Ready: at most a pass of the node lifecycle controller after it has joined. */
const COMING = { least: 7 * MINUTE, most: 7 * MINUTE + 5 * SECOND };

describe('a rolling update of an undisturbed pool', () => {
  it('takes a machine that comes and one that goes, one after the other, for every surge of machines', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (replicas, surge, seed) => {
          const { run, record, world, releases } = prepared({
            replicas,
            pool: { maxSurge: count(surge) },
            seed: seed + 1,
          });
          run(12 * HOUR);
          const { from, to, end, waits } = record();
          const rounds = Math.ceil(replicas / surge);
          const { provision, join, drainRetry, terminate } = world.parameters.nodePool;
          expect(provision + join).toBe(COMING.least);
          expect([end, waits]).toEqual(['completed', []]);
          // Cluster API looks again at a node with pods after it has told them to go.
          expect(to! - from).toBeGreaterThanOrEqual(rounds * (COMING.least + terminate));
          expect(to! - from).toBeLessThanOrEqual(rounds * (COMING.most + drainRetry + terminate + SECOND));
          expect(releases()).toEqual(Array.from({ length: replicas }, () => AFTER));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('without surge deletes first: each machine is missed while the next one comes', () => {
    const { run, record, available, machines, world } = prepared({
      pool: { maxSurge: count(0), maxUnavailable: count(1) },
    });
    const { terminate } = world.parameters.nodePool;
    run(ASKED + 5 * MINUTE);
    expect([available(), machines()]).toEqual([2, 3]);
    run(12 * HOUR);
    const { from, to } = record();
    expect(to! - from).toBeGreaterThanOrEqual(3 * COMING.least);
    expect(to! - from).toBeLessThanOrEqual(3 * (COMING.most + terminate + MINUTE));
  });

  it('tells each machine that comes or goes as a part, and the kubelets as they change their release', () => {
    const { run, record, world, nameOf } = prepared();
    const changed: string[] = [];
    world.nodePools.life.versionChanged.subscribe((node) => changed.push(nameOf(node)));
    run(12 * HOUR);
    const { phases } = record();
    expect(phases.every(({ to }) => to !== undefined)).toBe(true);
    expect(phases.slice(0, 3).map(({ name }) => name)).toEqual(['template', 'machines', 't-workers-3']);
    expect(phases.filter(({ name }) => name.startsWith('t-workers'))).toHaveLength(6);
    // The last of the four slots to be emptied is not filled again.
    expect(changed).toHaveLength(3);
    expect(new Set(changed).size).toBe(3);
  });

  it('of another configuration replaces the machines and leaves their release', () => {
    const { run, record, releases, world, slots } = prepared({ faults: [reconfigured('tuning')] });
    const before = slots().map((node) => world.machines.generation.at(node));
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(record().to! - record().from).toBeGreaterThan(3 * COMING.least);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
    const replaced = slots().filter((node, i) => world.machines.generation.at(node) > before[i]!);
    expect(replaced).toHaveLength(3);
  });

  it('to the release that it has is no change', () => {
    const { run, record } = prepared({ faults: [upgrade({ to: BEFORE })] });
    run(ASKED);
    run(ASKED + SECOND);
    expect(record()).toMatchObject({ end: 'completed', from: ASKED, to: ASKED });
  });
});

test('never are there more machines than wanted and the surge, nor fewer available than may be missing, nor is a budget broken', () => {
  const bounds = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 })).filter(([s, u]) => s + u > 0);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      bounds,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (replicas, [surge, unavailable], pods, least) => {
        const budget = { ...CLOSED, amount: Math.min(least, pods - 1) };
        const { run, record, world, machines, available, app } = prepared({
          replicas,
          pool: { maxSurge: count(surge), maxUnavailable: count(unavailable) },
          tenant: { workloads: [{ ...workload(budget), replicas: pods }] },
        });
        const look = (): void => {
          expect(machines()).toBeLessThanOrEqual(replicas + surge);
          expect(available()).toBeGreaterThanOrEqual(replicas - Math.min(unavailable, replicas));
          if (budget.amount < pods)
            expect(world.budgets.currentHealthy(app)).toBeGreaterThanOrEqual(
              Math.min(budget.amount, world.pods.containers.runningOf.at(app)),
            );
        };
        const { life, reconciled } = world.nodePools;
        for (const signal of [life.created, life.leaving, life.deleted, world.lifecycle.schedulable])
          signal.subscribe(look);
        reconciled.subscribe(look);
        world.pods.terminated.subscribe((pod) => {
          if (world.pods.set.at(pod) === app)
            expect(world.budgets.currentHealthy(app)).toBeGreaterThanOrEqual(budget.amount);
        });
        run(10 * HOUR);
        // Without a node that stays, pods under a budget have nowhere to go, and the drain waits for ever.
        if (surge === 0 && replicas <= unavailable && budget.amount > 0) return;
        expect(record().end).toBe('completed');
        expect(machines()).toBe(replicas);
      },
    ),
    { numRuns: 25 },
  );
});

describe('a rolling update stands still', () => {
  it('while a disruption budget keeps a node from being drained: the machine that goes counts until it is gone', () => {
    // Later more machines are wanted, so there are more slots than the rollout needs.
    const faults = [upgrade(), scaled(8, 20 * HOUR)];
    const { run, record, waits, machines, releases } = prepared({ tenant: guarded, faults });
    run(10 * HOUR);
    expect(machines()).toBe(4);
    expect(releases().filter((release) => release === BEFORE).length).toBeGreaterThan(0);
    const [wait] = waits();
    expect(wait).toMatch(/^t-workers-\d: the disruption budget of app refuses evictions$/);
    expect(record().end).toBeUndefined();
  });

  it('until nodeDrainTimeout is over', () => {
    const nodeDrainTimeout = 30 * MINUTE;
    const { run, record, machines } = prepared({ tenant: guarded, pool: { nodeDrainTimeout } });
    run(12 * HOUR);
    const { from, to, end } = record();
    expect([end, machines()]).toEqual(['completed', 3]);
    expect(to! - from).toBeGreaterThan(3 * COMING.least + nodeDrainTimeout);
  });

  it('without a free Agent for the machine of its surge; deletes first where it may, and goes on when a host is free', () => {
    const agents = (pool: Partial<NodePoolPlan>) =>
      prepared({ pool: { agents: 3, ...pool }, tenant: { platform: 'Agent' } });
    const stuck = agents({});
    stuck.run(20 * HOUR);
    expect(stuck.waits()).toEqual(['machines: no Agent is free for another machine']);
    expect([stuck.machines(), stuck.releases()]).toEqual([3, [BEFORE, BEFORE, BEFORE]]);
    const spare = agents({ agents: 4 });
    spare.run(20 * HOUR);
    expect([spare.record().end, spare.releases()]).toEqual(['completed', [AFTER, AFTER, AFTER]]);
    const missing = agents({ maxSurge: count(0), maxUnavailable: count(1) });
    missing.run(20 * HOUR);
    expect([missing.record().end, missing.machines()]).toEqual(['completed', 3]);
  });

  it('on hosts that nobody has counted is remarked', () => {
    const remarks = (platform: 'AWS' | 'Agent', agents?: number): readonly string[] => {
      const { run, record } = prepared({
        pool: agents === undefined ? {} : { agents },
        tenant: { platform },
      });
      run(2 * HOUR);
      return record().remarks;
    };
    const uncounted = expect.stringContaining('hosts that nobody has counted');
    expect(remarks('Agent')).toContainEqual(uncounted);
    expect(remarks('Agent', 5)).not.toContainEqual(uncounted);
    expect(remarks('AWS')).not.toContainEqual(uncounted);
  });

  it('while a new machine cannot join, and goes on when it can', () => {
    const away = crash('ignition-server', [0, 1], ASKED + MINUTE, 3 * HOUR);
    const { run, record, waits, available, machines, world } = prepared({ faults: [upgrade(), away] });
    run(ASKED + 3 * HOUR);
    expect(waits()).toEqual(['t-workers-3: it cannot get its ignition configuration and certificate']);
    expect([available(), machines()]).toEqual([3, 4]);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(waits()).toEqual([]);
    // The wait is over with the answer, not when the machine has booted what it was given.
    const first = record().phases.find(({ name }) => name === 't-workers-3');
    expect(first!.to! - record().waits[0]!.to!).toBeGreaterThanOrEqual(world.parameters.nodePool.join);
  });

  it('while it cannot join, though a health check has it made anew again and again', () => {
    const away = crash('ignition-server', [0, 1], ASKED + MINUTE, 3 * HOUR);
    const { run, record, available, machines, world } = prepared({
      faults: [upgrade(), away],
      pool: { autoRepair: true },
    });
    let made = 0;
    world.nodePools.created.subscribe(() => made++);
    run(ASKED + 3 * HOUR);
    expect([available(), machines()]).toEqual([3, 4]);
    expect(made).toBeGreaterThan(3);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it.each([
    ['the node pool is paused', paused(ASKED + 5 * MINUTE, 3 * HOUR)],
    ['Cluster API cannot act', crash('cluster-api', [0], ASKED + 5 * MINUTE, 3 * HOUR)],
    ['Cluster API cannot act', paused(ASKED + 5 * MINUTE, 3 * HOUR, 'cluster')],
  ] as [string, Fault][])('when %s, after the machine that is on its way', (why, fault) => {
    const { run, record, waits, machines, available } = prepared({ faults: [upgrade(), fault] });
    run(ASKED + 3 * HOUR);
    expect([available(), machines()]).toEqual([4, 4]);
    expect(waits()).toEqual([`machines: ${why}`]);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it('while an old node is sick, as soon as that is replaced or well it goes on', () => {
    const lost = workerLost(0, ASKED + 5 * MINUTE, 2 * HOUR);
    const { run, record, machines, releases } = prepared({ faults: [upgrade(), lost] });
    run(12 * HOUR);
    expect([record().end, machines()]).toEqual(['completed', 3]);
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
  });

  it('while a new node is sick, and says which', () => {
    // The third worker that there is: the instance of an old one is going.
    const lost = workerLost(2, ASKED + 8 * MINUTE, 2 * HOUR);
    const { run, record, waits, machines } = prepared({ faults: [upgrade(), lost] });
    run(ASKED + 2 * HOUR);
    expect(waits()).toEqual(['machines: not Ready: t-workers-3']);
    expect(machines()).toBeLessThanOrEqual(4);
    // From when the node is found silent.
    expect(record().waits.at(-1)!.from - (ASKED + 8 * MINUTE)).toBeLessThan(MINUTE);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });
});

describe('a machine that goes', () => {
  it('and dies while it is drained is gone soon after, whatever its pods had to finish', () => {
    const slow = { pod: { exit: HOUR } };
    const quiet = prepared({ parameters: slow });
    quiet.run(ASKED + 8 * MINUTE);
    const going = quiet.slots().find((node) => quiet.world.drains.draining(node)) as NodeId;
    const lost = workerLost(quiet.slots().indexOf(going), ASKED + 9 * MINUTE);
    const { run, world } = prepared({ parameters: slow, faults: [upgrade(), lost] });
    let gone = 0;
    world.nodePools.deleted.subscribe(() => {
      gone ||= world.sim.now;
    });
    run(ASKED + 12 * MINUTE);
    const { drainSkipUnreachable, drainRetry, terminate } = world.parameters.nodePool;
    expect(gone - (ASKED + 9 * MINUTE)).toBeGreaterThan(drainSkipUnreachable + terminate);
    expect(gone - (ASKED + 9 * MINUTE)).toBeLessThanOrEqual(drainSkipUnreachable + drainRetry + terminate);
  });

  it.each([
    [0, undefined, 20],
    [25, undefined, 40],
    // Killed after the 30 s of Kubernetes, or what its pods say.
    [300, undefined, 40],
    [300, 130, 140],
  ])(
    'is drained when pods that take %s s to end have ended, or their grace period of %s s has',
    (shutdown, grace, takes) => {
      const app = { ...workload(), replicas: 6, shutdown: shutdown * SECOND };
      const given = grace === undefined ? app : { ...app, terminationGracePeriod: grace * SECOND };
      const { run, world } = prepared({ tenant: { workloads: [given] } });
      let begun = 0;
      let took = 0;
      world.nodePools.life.leaving.subscribe(() => {
        begun ||= world.sim.now;
      });
      world.drains.drained.subscribe(() => {
        if (took === 0) took = world.sim.now - begun;
      });
      run(3 * HOUR);
      expect(took).toBe(takes * SECOND);
    },
  );

  it.each([
    ['AWS', MINUTE],
    ['Agent', 15 * MINUTE],
    ['KubeVirt', 0],
  ] as const)(
    'on %s is off, counts for its pool and keeps its Node until its infrastructure is gone',
    (platform, takes) => {
      const { run, world, cluster, machines } = prepared({ tenant: { platform }, hosting: 9 });
      let [drained, node] = [0, NONE as NodeId];
      world.drains.drained.subscribe((one) => {
        if (drained > 0 || world.machines.cluster.at(one) !== cluster) return;
        [drained, node] = [world.sim.now, one];
      });
      let gone = 0;
      world.nodePools.deleted.subscribe(() => {
        gone ||= world.sim.now;
      });
      run(3 * HOUR);
      expect(gone - drained).toBe(takes);
      if (takes === 0) return;
      const during = prepared({ tenant: { platform }, hosting: 9 });
      during.run(drained + takes / 2);
      expect([during.machines(), during.world.machines.running(node)]).toEqual([4, false]);
      expect(during.world.lifecycle.registered(node)).toBe(true);
      expect(machines()).toBeLessThanOrEqual(4);
    },
  );

  it('and whose end nobody can tell, for want of Cluster API, goes when somebody can', () => {
    const quiet = prepared();
    let drained = 0;
    quiet.world.drains.drained.subscribe(() => {
      drained ||= quiet.world.sim.now;
    });
    quiet.run(2 * HOUR);
    const away = crash('cluster-api', [0, 1], drained + 10 * SECOND, 10 * MINUTE);
    const { run, waits, record, machines } = prepared({ faults: [upgrade(), away] });
    run(drained + 5 * MINUTE);
    expect(machines()).toBe(4);
    expect(waits()).toEqual(['machines: Cluster API cannot act']);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it('has its Node deleted: the next of that name is another one, with another machine', () => {
    const { run, world, slots } = prepared();
    const deleted: NodeId[] = [];
    world.orphans.deleted.subscribe((node) => deleted.push(node));
    run(12 * HOUR);
    expect(deleted).toHaveLength(3);
    expect(slots().filter((node) => world.lifecycle.registered(node))).toHaveLength(3);
  });
});

describe('OnDelete', () => {
  const pool = { strategy: 'OnDelete' as const };
  it('leaves old machines until they are deleted; those come back with the new template', () => {
    const { run, waits, releases, record, machines } = prepared({
      pool: { ...pool, autoRepair: true },
      faults: [upgrade(), workerLost(1, 2 * HOUR)],
    });
    run(2 * HOUR - SECOND);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
    expect(waits()).toEqual(['machines: OnDelete: old machines stay until they are deleted']);
    run(6 * HOUR);
    expect(releases()).toEqual([BEFORE, AFTER, BEFORE]);
    expect([record().end, machines()]).toEqual([undefined, 3]);
  });

  it('is done one machine after the other by whoever deletes them; budgets and the drain are kept', () => {
    const { run, releases, record, world } = prepared({
      pool,
      faults: [upgrade(), ...[0, 1, 2].map((i) => machinesDeleted([i], (2 + i) * HOUR))],
    });
    const drained: number[] = [];
    world.drains.drained.subscribe((node) => drained.push(node));
    run(3 * HOUR - SECOND);
    expect(releases()).toEqual([AFTER, BEFORE, BEFORE]);
    run(6 * HOUR);
    expect([drained.length, releases()]).toEqual([3, [AFTER, AFTER, AFTER]]);
    const { terminate, drainRetry } = world.parameters.nodePool;
    const took = record().to! - 4 * HOUR;
    expect(record().end).toBe('completed');
    expect(took).toBeGreaterThanOrEqual(terminate + COMING.least);
    expect(took).toBeLessThanOrEqual(drainRetry + terminate + COMING.most + SECOND);
  });

  it('a Machine that is deleted while Cluster API cannot act goes as soon as it can', () => {
    const away = crash('cluster-api', [0, 1], 2 * HOUR - MINUTE, HOUR);
    const { run, machines, releases, world, slots } = prepared({
      pool,
      faults: [upgrade(), away, machinesDeleted([1], 2 * HOUR)],
    });
    run(2 * HOUR + 30 * MINUTE);
    expect(slots().filter((node) => world.drains.cordoned(node))).toEqual([]);
    run(6 * HOUR);
    expect([machines(), releases()]).toEqual([3, [BEFORE, AFTER, BEFORE]]);
  });

  it('is complete when all of them have been', () => {
    const { run, releases, record } = prepared({
      pool,
      faults: [upgrade(), scaled(0, 2 * HOUR), scaled(2, 3 * HOUR)],
    });
    run(6 * HOUR);
    expect(releases()).toEqual([AFTER, AFTER]);
    expect(record().end).toBe('completed');
  });
});

describe('while it is rolled out a pool', () => {
  it.each([
    [6, 12],
    [1, 12],
    [0, 12],
  ])('that is scaled to %i ends with as many machines, all of them new', (replicas, hours) => {
    const { run, record, releases, machines } = prepared({
      faults: [upgrade(), scaled(replicas, ASKED + 10 * MINUTE)],
    });
    run(hours * HOUR);
    expect(record().end).toBe('completed');
    expect(releases()).toEqual(Array.from({ length: replicas }, () => AFTER));
    expect(machines()).toBe(replicas);
  });

  it('that gets machines already counts those as parts, too', () => {
    const { run, record } = prepared({ faults: [scaled(5, ASKED - MINUTE), upgrade()] });
    run(ASKED + MINUTE);
    const nodes = record().phases.map(({ name }) => name);
    expect(nodes).toEqual(expect.arrayContaining(['t-workers-3', 't-workers-4']));
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it('that is scaled down is not done before the machines that go are gone', () => {
    const faults = [scaled(1, ASKED - MINUTE), upgrade({ to: BEFORE })];
    const { run, record } = prepared({ tenant: guarded, faults });
    run(12 * HOUR);
    expect(record().end).toBeUndefined();
  });

  it('that goes back keeps the machines that it had', () => {
    const { run, world, record, releases } = prepared({
      replicas: 4,
      faults: [upgrade(), upgrade({ at: (ASKED + 10 * MINUTE) as Micros, to: BEFORE })],
    });
    let made = 0;
    world.nodePools.created.subscribe(() => made++);
    run(12 * HOUR);
    expect([record(0).end, record(1).end]).toEqual(['superseded', 'completed']);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE, BEFORE]);
    // Two that were to be new ones, and one in place of the old one that had gone.
    expect(made).toBe(3);
  });

  it('with autoScaling keeps its wish: machines of the surge are not the autoscaler’s', () => {
    const { run, record, world, pool, machines } = prepared({
      pool: { autoScaling: { min: 3, max: 3 }, maxSurge: count(2) },
      tenant: { workloads: [{ ...workload(), replicas: 6, cpuMillis: 3000 }] },
    });
    let most = 0;
    world.nodePools.created.subscribe(() => {
      most = Math.max(most, machines());
    });
    run(12 * HOUR);
    expect([record().end, world.nodePools.wishes.of(pool), most]).toEqual(['completed', 3, 5]);
  });

  it('whose machine fails has the old template used only as long as it must', () => {
    const { run, record, releases } = prepared({
      replicas: 5,
      pool: { autoRepair: true },
      faults: [upgrade(), workerLost(0, ASKED + 10 * MINUTE), workerLost(4, ASKED + 40 * MINUTE)],
    });
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(releases()).toEqual([AFTER, AFTER, AFTER, AFTER, AFTER]);
  });
});

describe('virtual machines', () => {
  const run = (hosting: number, cpuMillis: number) =>
    prepared({
      hosting,
      tenant: {
        platform: 'KubeVirt',
        workloads: [{ name: 'app', replicas: 2, cpuMillis: 500, memoryMib: 1024, spread: [] }],
      },
      pool: { machine: { cpuMillis, memoryMib: 8192, pods: 250 } },
    });

  it('are made anew as pods of the management cluster', () => {
    const { run: until, record, releases, machines } = run(6, 4000);
    until(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
    expect(machines()).toBe(3);
  });

  it('need room for the surge there: without it the rollout stands still and says so', () => {
    const { run: until, waits, available, machines } = run(3, 12_000);
    until(ASKED - MINUTE);
    expect(available()).toBe(3);
    until(12 * HOUR);
    expect(waits()).toEqual(['t-workers-3: no node has room for its virtual machine']);
    expect([available(), machines()]).toEqual([3, 4]);
  });
});

describe('the HyperShift operator', () => {
  it.each([
    ['4.21.0', '4.21.0 is a later minor than 4.20.3, which the hosted cluster has completed'],
    ['4.18.30', '4.18.30 is an earlier minor than 4.19.8'],
    ['4.13.9', '4.13.9 is below 4.14, the oldest of MCE 2.10'],
  ])('refuses %s', (to, refusal) => {
    const { run, record, world, pool, machines } = prepared({ faults: [upgrade({ to })] });
    run(3 * HOUR);
    expect(record()).toMatchObject({ end: 'refused', refusal, to: ASKED });
    expect(machines()).toBe(3);
    expect(world.upgrades.releases.name(world.nodePoolUpgrades.release(pool))).toBe(BEFORE);
  });

  it.each(['4.20.9', '4.20.0', '4.19.1', 'quay.io/some/image'])('takes %s', (to) => {
    const { run, record } = prepared({ faults: [upgrade({ to })] });
    run(6 * HOUR);
    expect(record().end).toBe('completed');
  });

  it.each([
    ['4.20.9', '4.20.9 is newer than the hosted cluster, 4.20.3 (node-pool.skew-documented)'],
    ['4.20.3', undefined],
  ])('takes %s and remarks what it only tells in a condition', (to, remark) => {
    const { run, record } = prepared({ faults: [upgrade({ to })] });
    run(6 * HOUR);
    expect(record().end).toBe('completed');
    expect(record().remarks).toEqual(remark === undefined ? [] : [remark]);
  });

  it('asks what the hosted cluster has completed, and takes the release by itself when that is enough', () => {
    const cluster = upgrade({ at: (ASKED - SECOND) as Micros, subject: 'hostedCluster', names: ['t'] });
    const { run, record, world, releases } = prepared({
      faults: [cluster, upgrade()],
      tenant: { release: BEFORE },
    });
    run(12 * HOUR);
    expect(world.upgrades.ledger.records.map(({ kind, end }) => `${kind} ${end}`)).toEqual([
      'hostedCluster completed',
      'nodePool refused',
      'nodePool completed',
    ]);
    expect(record(2).from).toBe(record(0).to);
    expect(record(2).late).toEqual({ request: 1 });
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
  });

  it('takes a bad release that it refused before for as bad as it was', () => {
    const cluster = upgrade({ at: (ASKED - SECOND) as Micros, subject: 'hostedCluster', names: ['t'] });
    const never = upgrade({ at: (20 * HOUR) as Micros });
    const { run, record, askBad } = prepared({ faults: [cluster, never], tenant: { release: BEFORE } });
    askBad();
    run(12 * HOUR);
    expect(record(1)).toMatchObject({ end: 'refused', bad: true });
    expect([record(2).bad, record(2).end]).toEqual([true, undefined]);
  });

  it('that was away when a rule came to let it pass takes the release when it is back', () => {
    const cluster = upgrade({ at: (ASKED - SECOND) as Micros, subject: 'hostedCluster', names: ['t'] });
    const away = paused(ASKED + MINUTE, 3 * HOUR);
    const { run, record } = prepared({ faults: [cluster, upgrade(), away], tenant: { release: BEFORE } });
    run(12 * HOUR);
    expect(record(0).to).toBeLessThan(ASKED + 2 * HOUR);
    expect(record(2)).toMatchObject({ from: away.at + 3 * HOUR, end: 'completed' });
  });

  it('takes back nothing that it passed on before a request that it refuses', () => {
    const later = upgrade({ at: (ASKED + 10 * MINUTE) as Micros, to: '4.21.0' });
    const { run, record, releases } = prepared({ faults: [upgrade(), later] });
    const alone = prepared({ faults: [upgrade()] });
    run(12 * HOUR);
    alone.run(12 * HOUR);
    expect(record(1)).toMatchObject({ end: 'refused', from: later.at, to: later.at });
    expect(record(0)).toMatchObject({ end: 'completed', to: alone.record().to });
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
  });

  it('passes no number of machines on while it refuses, until the pool is asked for what it may have', () => {
    const refused = upgrade({ to: '4.21.0' });
    const back = upgrade({ at: (ASKED + 2 * HOUR) as Micros, to: BEFORE });
    const { run, available, record } = prepared({ faults: [refused, scaled(5, ASKED + MINUTE), back] });
    run(ASKED + 2 * HOUR - SECOND);
    expect(available()).toBe(3);
    run(ASKED + 4 * HOUR);
    expect([available(), record(1).end]).toEqual([5, 'completed']);
  });

  it('passes no number of machines on to a pool that was later than its hosted cluster from the beginning', () => {
    const faults = [
      scaled(5, ASKED),
      upgrade({ at: (3 * HOUR) as Micros, subject: 'hostedCluster', names: ['t'] }),
    ];
    const { run, available, world } = prepared({
      faults,
      tenant: { release: BEFORE },
      pool: { release: AFTER },
    });
    run(3 * HOUR);
    expect(available()).toBe(3);
    run(5 * HOUR);
    expect(available()).toBe(5);
    expect(world.upgrades.ledger.records.map(({ kind }) => kind)).toEqual(['hostedCluster']);
  });

  it('refuses a pool of its cluster that is above what another operator takes, and no longer after the next', () => {
    const faults = [
      scaled(5, ASKED),
      upgrade({ at: (3 * HOUR) as Micros, subject: 'operator', names: ['mgmt'], to: '2.11' }),
    ];
    const tenant = { release: '4.21.3', skipReleaseValidation: true };
    const { run, available, world, cluster } = prepared({ faults, tenant, pool: { release: '4.21.3' } });
    run(3 * HOUR);
    expect([available(), world.reconciliation.refused(cluster)]).toEqual([3, false]);
    run(5 * HOUR);
    expect(available()).toBe(5);
  });

  it('refuses another configuration as long as the release that stands in the pool is none that it may have', () => {
    const refused = upgrade({ to: '4.21.0' });
    const { run, record, world, slots } = prepared({ faults: [refused, reconfigured('config', 2 * HOUR)] });
    run(12 * HOUR);
    expect([record(0).end, record(1).end]).toEqual(['refused', 'refused']);
    expect(record(1).refusal).toBe(record(0).refusal);
    expect(slots().map((node) => world.machines.generation.at(node))).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['the node pool is paused', paused(ASKED - MINUTE, 2 * HOUR)],
    ['the HyperShift operator cannot act', paused(ASKED - MINUTE, 2 * HOUR, 'cluster')],
    ['the HyperShift operator cannot act', managementAway(ASKED - MINUTE, 2 * HOUR)],
  ] as [string, Fault][])('writes nothing while %s', (why, fault) => {
    const { run, record, waits, machines } = prepared({ faults: [fault, upgrade()] });
    run(ASKED + HOUR);
    expect(waits()).toEqual([`template: ${why}`]);
    expect(machines()).toBe(3);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    const [template] = record().phases;
    expect(template!.to! - template!.from).toBeGreaterThanOrEqual(2 * HOUR - MINUTE);
  });
});

describe('a bad release', () => {
  const back = upgrade({ at: (20 * HOUR) as Micros, to: BEFORE });

  it('stops at the first machine that has it, at maxUnavailable 0, and costs no other', () => {
    const { run, askBad, waits, available, machines, releases } = prepared({ faults: [back] });
    askBad();
    run(12 * HOUR);
    expect([available(), machines()]).toEqual([3, 4]);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
    expect(waits()).toEqual(['t-workers-3: its kubelet is not heard']);
  });

  it('is made anew by health checks, for nothing', () => {
    const { run, askBad, world, available } = prepared({ faults: [back], pool: { autoRepair: true } });
    let made = 0;
    world.nodePools.created.subscribe(() => made++);
    askBad();
    run(ASKED + 3 * HOUR);
    expect(made).toBeGreaterThan(3);
    expect(available()).toBe(3);
  });

  it('is not that of a machine that a health check has made anew from the old template', () => {
    const { run, askBad, available, releases } = prepared({
      faults: [back, workerLost(0, ASKED + 10 * MINUTE)],
      pool: { autoRepair: true },
    });
    askBad();
    run(ASKED + 6 * HOUR);
    expect(available()).toBe(3);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
  });

  it('is gone when its pool goes back, and with it the machine', () => {
    const { run, askBad, record, machines, releases } = prepared({ faults: [back] });
    askBad();
    run(22 * HOUR);
    expect([record(0).end, record(1).end, machines()]).toEqual(['superseded', 'completed', 3]);
    expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
  });
});

test('nodes that are replaced lose what was done to them by hand, which the notes tell; updates in place do not', () => {
  const { run, replication } = prepared();
  expect(replication.remarks.lines()).toEqual([]);
  run(12 * HOUR);
  expect(replication.remarks.lines()).toEqual([
    'upgrades replaced nodes of t/workers: labels and other changes made to them by hand are lost',
  ]);
  const still = prepared({ tenant: { nodePools: [inPlace(3, { release: BEFORE })] } });
  still.run(12 * HOUR);
  expect(still.replication.remarks.lines()).toEqual([]);
});

test('the oldest and newest kubelets of a pool are told as they change', () => {
  const { run, world, cluster } = prepared();
  const { releases, versions } = world.upgrades;
  const seen: string[] = [];
  const look = (): void => {
    const [kubelet] = versions.running(cluster).filter(({ part }) => part === 'kubelet');
    const now = `${releases.name(kubelet!.oldest)} to ${releases.name(kubelet!.newest)}`;
    if (seen.at(-1) !== now) seen.push(now);
  };
  look();
  versions.changed.subscribe(look);
  run(12 * HOUR);
  expect(seen).toEqual([`${BEFORE} to ${BEFORE}`, `${BEFORE} to ${AFTER}`, `${AFTER} to ${AFTER}`]);
});

test('a run that goes on from a snapshot in the midst of a rollout comes out the same', () => {
  const { run, world, record } = prepared({ replicas: 4, faults: [upgrade(), workerLost(1, ASKED + HOUR)] });
  run(ASKED + 20 * MINUTE);
  const [first, again] = twice(world.sim, () => {
    run(8 * HOUR);
    return [world.sim.digest, structuredClone(record())];
  });
  expect(again).toEqual(first);
});

test('a pool whose old machines wait to be deleted does not say that it waits for Cluster API when that is back', () => {
  const outage = managementAway(ASKED + HOUR, 10 * MINUTE);
  const { run, record, waits } = prepared({ faults: [upgrade(), outage], pool: { strategy: 'OnDelete' } });
  run(6 * HOUR);
  expect(record().waits.map(({ why }) => why)).toContain('Cluster API cannot act');
  expect(waits()).toEqual(['machines: OnDelete: old machines stay until they are deleted']);
});
