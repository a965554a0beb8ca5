import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import { crash, managementAway, scaled, workerLost } from '../../faults/testing.ts';
import type { Fault } from '../../plan/faults.ts';
import type { NodePoolPlan } from '../../plan/fleet.ts';
import { metric, twice } from '../../testing.ts';
import {
  AFTER,
  ASKED,
  BEFORE,
  guarded,
  inPlace,
  paused,
  prepared,
  type RolledOut,
  reconfigured,
  upgrade,
} from './testing.ts';

function updated(replicas: number, pool: Partial<NodePoolPlan> = {}, more: RolledOut = {}) {
  const one = prepared({
    ...more,
    tenant: { nodePools: [inPlace(replicas, { release: BEFORE, ...pool })], ...more.tenant },
  });
  const { world, slots } = one;
  return {
    ...one,
    cordoned: () =>
      slots().filter((node) => world.machines.exists(node) && world.drains.cordoned(node)).length,
    made: () => slots().map((node) => world.machines.generation.at(node)),
  };
}
const atOnce = (amount: number) => ({ maxUnavailable: { amount, relative: false } });

describe('nodes that are updated in place', () => {
  it('are drained, written and rebooted, so many at a time; no machine is replaced', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (replicas, unavailable, seed) => {
          const { run, record, world, releases, cordoned, made } = updated(replicas, atOnce(unavailable), {
            seed: seed + 1,
          });
          let most = 0;
          world.nodePoolUpgrades.inPlace.changed.subscribe(() => {
            most = Math.max(most, cordoned());
          });
          run(12 * HOUR);
          const { from, to, end, waits } = record();
          const { inPlaceUpdate } = world.parameters.nodePool;
          const one = inPlaceUpdate + world.parameters.node.boot;
          const rounds = Math.ceil(replicas / unavailable);
          expect([end, waits]).toEqual(['completed', []]);
          expect(to! - from).toBeGreaterThanOrEqual(rounds * one);
          // A pass of the node lifecycle controller, and what pods need to end.
          expect(to! - from).toBeLessThanOrEqual(
            rounds * (one + 5 * SECOND + world.parameters.pod.exit + SECOND),
          );
          expect(releases()).toEqual(Array.from({ length: replicas }, () => AFTER));
          expect([most, cordoned()]).toEqual([Math.min(replicas, unavailable), 0]);
          expect(made()).toEqual(Array.from({ length: replicas }, () => 0));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('run the release once they have rebooted, which is told', () => {
    const { run, world, releases } = updated(2);
    const told: string[][] = [];
    world.nodePools.life.versionChanged.subscribe(() => told.push(releases()));
    run(12 * HOUR);
    expect(told).toHaveLength(2);
    expect(releases()).toEqual([AFTER, AFTER]);
  });

  it('take their Konnectivity agents away in good order: no server dials through one that is not there', () => {
    const { run, record, replication } = updated(4, atOnce(2));
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(metric(replication, 'tunnel.availability', 't')).toBe(1);
  });

  it('of another configuration reboot and keep their release', () => {
    const { run, record, releases } = updated(2, {}, { faults: [reconfigured('config')] });
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(record().to! - record().from).toBeGreaterThan(2 * 4 * MINUTE);
    expect(releases()).toEqual([BEFORE, BEFORE]);
  });

  it('are left alone by another platform, which machines have that are made later: that is remarked', () => {
    const { run, record } = updated(2, {}, { faults: [reconfigured('platform')] });
    run(12 * HOUR);
    expect(record()).toMatchObject({ end: 'completed', from: ASKED, to: ASKED, change: 'platform' });
    expect(record().remarks).toEqual([expect.stringMatching(/only those made later have it$/)]);
    const other = updated(2, {}, { faults: [reconfigured('config')] });
    other.run(12 * HOUR);
    expect(other.record().remarks).toEqual([]);
  });

  it('that a disruption budget keeps are tried again for 90 s at a time, and after longer and longer pauses', () => {
    // Every 90 s at first; the 20th try begins after pauses of 5 ms * (2^16 - 1), and three of 5 minutes.
    const twentieth = 19 * 90 * SECOND + 5_000 * (2 ** 16 - 1) + 3 * 5 * MINUTE;
    const freed = (at: number): number => {
      const { run, world, app } = updated(
        3,
        {},
        { tenant: { ...guarded, nodePools: [inPlace(3, { release: BEFORE })] } },
      );
      run(ASKED + at);
      let evicted = 0;
      world.pods.terminated.subscribe(() => {
        evicted ||= world.sim.now;
      });
      world.scaling.scale(app, 6);
      run(20 * HOUR);
      return evicted - ASKED;
    };
    // A pod more is Ready 15 to 20 s later: within the attempt, and in the pause before the twentieth.
    expect(freed(10 * SECOND)).toBeLessThanOrEqual(35 * SECOND);
    expect(freed(twentieth - 4 * MINUTE)).toBe(twentieth);
  });

  it('wait for a disruption budget for ever, whatever nodeDrainTimeout says', () => {
    const { run, record, waits, cordoned } = updated(
      3,
      { nodeDrainTimeout: 10 * MINUTE },
      { tenant: { ...guarded, nodePools: [inPlace(3, { release: BEFORE, nodeDrainTimeout: 10 * MINUTE })] } },
    );
    run(20 * HOUR);
    expect(waits()).toEqual([
      expect.stringMatching(/^t-workers-\d: the disruption budget of app refuses evictions$/),
    ]);
    expect([record().end, cordoned()]).toEqual([undefined, 1]);
  });

  it.each([
    ['the hosted API does not answer', crash('kube-apiserver', [0, 1, 2], ASKED - MINUTE, 2 * HOUR)],
    [
      'hosted-cluster-config-operator cannot act',
      crash('hosted-cluster-config-operator', [0], ASKED - MINUTE, 2 * HOUR),
    ],
  ] as [string, Fault][])('are not begun while %s', (_, fault) => {
    const { run, record, cordoned, waits } = updated(3, {}, { faults: [fault, upgrade()] });
    run(ASKED + HOUR);
    expect(cordoned()).toBe(0);
    expect(waits()).toEqual(['machines: hosted-cluster-config-operator cannot act']);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it('that have rebooted take pods again only when hosted-cluster-config-operator is there to say so', () => {
    const away = crash('hosted-cluster-config-operator', [0], ASKED + MINUTE, 2 * HOUR);
    const { run, record, cordoned, waits, releases } = updated(3, {}, { faults: [upgrade(), away] });
    run(ASKED + HOUR);
    expect(releases()).toEqual([AFTER, BEFORE, BEFORE]);
    expect(cordoned()).toBe(1);
    expect(waits()).toContain('t-workers-0: hosted-cluster-config-operator cannot act');
    run(12 * HOUR);
    expect([record().end, cordoned()]).toEqual(['completed', 0]);
  });

  it('stand still with a paused cluster; the pause of a pool only keeps a template from being written', () => {
    const whole = updated(3, {}, { faults: [upgrade(), paused(ASKED + MINUTE, 3 * HOUR, 'cluster')] });
    whole.run(ASKED + 2 * HOUR);
    expect(whole.releases()).toEqual([AFTER, BEFORE, BEFORE]);
    whole.run(ASKED + 4 * HOUR);
    expect(whole.record().end).toBe('completed');
    const alone = updated(3, {}, { faults: [upgrade(), paused(ASKED + MINUTE, 3 * HOUR)] });
    alone.run(ASKED + 2 * HOUR);
    expect(alone.releases()).toEqual([AFTER, AFTER, AFTER]);
    expect(alone.record().end).toBeUndefined();
    alone.run(12 * HOUR);
    expect(alone.record().end).toBe('completed');
  });

  it('go on where they were when the power comes back', () => {
    const lost = workerLost(0, ASKED + MINUTE, HOUR);
    const { run, record, releases, world } = updated(3, {}, { faults: [upgrade(), lost] });
    run(ASKED + HOUR);
    expect(releases()).toEqual([BEFORE, BEFORE]);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(record().to! - ASKED).toBeGreaterThan(HOUR + 3 * world.parameters.nodePool.inPlaceUpdate);
  });

  it('go on when the power was away for so short that nobody noticed', () => {
    const lost = workerLost(0, ASKED + MINUTE, 5 * SECOND);
    const { run, record } = updated(
      3,
      {},
      { faults: [upgrade(), lost], parameters: { node: { boot: 5 * SECOND } } },
    );
    run(12 * HOUR);
    expect(record().end).toBe('completed');
  });

  it('that lose their power while they reboot keep their turn and say why, until it is back', () => {
    const boot = 15 * MINUTE;
    const lost = workerLost(0, ASKED + 10 * MINUTE, 6 * HOUR);
    const { run, record, waits, releases } = updated(
      3,
      {},
      { faults: [upgrade(), lost], parameters: { node: { boot } } },
    );
    run(ASKED + 5 * HOUR);
    expect(waits()).toEqual(['t-workers-0: its machine has no power']);
    expect(releases()).toEqual([BEFORE, BEFORE]);
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(record().waits).toMatchObject([{ from: lost.at, to: lost.at + 6 * HOUR }]);
  });

  it('keep their turn when they do not come back; with two turns the others go on', () => {
    const faults = [upgrade(), workerLost(0, ASKED + MINUTE)];
    const one = updated(3, {}, { faults });
    one.run(12 * HOUR);
    expect(one.releases()).toEqual([BEFORE, BEFORE]);
    expect(one.record().end).toBeUndefined();
    expect(one.waits()).toEqual(['t-workers-0: its kubelet is not heard']);
    const two = updated(3, atOnce(2), { faults });
    two.run(12 * HOUR);
    expect(two.releases()).toEqual([AFTER, AFTER]);
    expect(two.record().end).toBeUndefined();
  });

  it('that do not come back are replaced by a health check, by machines that have the new template', () => {
    const faults = [upgrade(), workerLost(0, ASKED + MINUTE)];
    const { run, record, releases, made } = updated(3, { autoRepair: true }, { faults });
    run(12 * HOUR);
    expect(record().end).toBe('completed');
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
    expect(made().filter((generation) => generation > 0)).toHaveLength(1);
  });

  it('and boot for longer than a health check waits are replaced while they do', () => {
    const { run, made } = updated(3, { autoRepair: true }, { parameters: { node: { boot: 20 * MINUTE } } });
    run(12 * HOUR);
    expect(made().every((generation) => generation > 0)).toBe(true);
  });

  it('make way for a scale-down in their midst', () => {
    const { run, record, machines, releases, cordoned } = updated(
      4,
      {},
      { faults: [upgrade(), scaled(1, ASKED + MINUTE)] },
    );
    run(12 * HOUR);
    expect([record().end, machines(), cordoned()]).toEqual(['completed', 1, 0]);
    expect(releases()).toEqual([AFTER]);
  });

  it('are drained anew, and no longer than nodeDrainTimeout, when their machines are deleted; the next ones are new', () => {
    const nodePools = [inPlace(3, { release: BEFORE, nodeDrainTimeout: 10 * MINUTE })];
    const faults = [upgrade(), scaled(0, ASKED + 30 * MINUTE), scaled(3, ASKED + 2 * HOUR)];
    const { run, record, machines, releases, cordoned } = updated(
      3,
      {},
      { faults, tenant: { ...guarded, nodePools } },
    );
    run(ASKED + 45 * MINUTE);
    expect(machines()).toBe(0);
    run(12 * HOUR);
    expect([record().end, cordoned()]).toEqual(['completed', 0]);
    expect(releases()).toEqual([AFTER, AFTER, AFTER]);
  });

  it('are not those whose machines are being deleted', () => {
    const faults = [scaled(0, ASKED - MINUTE), upgrade()];
    const { run, world, slots } = updated(
      3,
      {},
      { faults, tenant: { ...guarded, nodePools: [inPlace(3, { release: BEFORE })] } },
    );
    run(3 * HOUR);
    expect(slots().filter((node) => world.nodePoolUpgrades.inPlace.atWork(node))).toEqual([]);
  });

  it('are joined by new ones that have the template already', () => {
    const { run, record, releases, machines } = updated(
      2,
      {},
      { faults: [upgrade(), scaled(4, ASKED + MINUTE)] },
    );
    run(12 * HOUR);
    expect([record().end, machines()]).toEqual(['completed', 4]);
    expect(releases()).toEqual([AFTER, AFTER, AFTER, AFTER]);
  });

  it('that are asked for something else meanwhile end with that', () => {
    const { run, record, releases } = updated(
      3,
      {},
      { faults: [upgrade(), upgrade({ at: (ASKED + 3 * MINUTE) as Micros, to: '4.20.1' })] },
    );
    run(12 * HOUR);
    expect([record(0).end, record(1).end]).toEqual(['superseded', 'completed']);
    expect(releases()).toEqual(['4.20.1', '4.20.1', '4.20.1']);
  });
});

test('a bad release is what the first node reboots into, and no other; going back brings it back', () => {
  const { run, askBad, releases, waits, record, cordoned } = updated(
    3,
    {},
    { faults: [upgrade({ at: (20 * HOUR) as Micros, to: BEFORE })] },
  );
  askBad();
  run(12 * HOUR);
  expect(releases()).toEqual([BEFORE, BEFORE]);
  expect(waits()).toEqual(['t-workers-0: its kubelet is not heard']);
  run(22 * HOUR);
  expect([record(1).end, cordoned()]).toEqual(['completed', 0]);
  expect(releases()).toEqual([BEFORE, BEFORE, BEFORE]);
});

test('a run that goes on from a snapshot in the midst of an update comes out the same', () => {
  const { run, world, record } = updated(
    3,
    {},
    { faults: [upgrade(), workerLost(1, ASKED + 5 * MINUTE, HOUR)] },
  );
  run(ASKED + 3 * MINUTE);
  const [first, again] = twice(world.sim, () => {
    run(8 * HOUR);
    return [world.sim.digest, structuredClone(record())];
  });
  expect(again).toEqual(first);
});

test('a wait for hosted-cluster-config-operator is over when that leads again', () => {
  const outage = managementAway(ASKED + 10 * MINUTE, 30 * MINUTE);
  const { run, record, waits } = updated(
    3,
    {},
    {
      faults: [upgrade(), outage],
      tenant: {
        ...guarded,
      },
    },
  );
  run(12 * HOUR);
  const operator = 'hosted-cluster-config-operator cannot act';
  expect(record().waits.map(({ why }) => why)).toContain(operator);
  expect(waits().join()).not.toContain(operator);
});
