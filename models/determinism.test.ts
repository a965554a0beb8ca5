import { describe, expect, it } from 'vitest';
import { HOUR, type Micros } from '../sim/time.ts';
import type { Fault } from './plan/faults.ts';
import { Replication } from './run.ts';
import { drawCase } from './swarm/draw.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from './testing.ts';

const faults: Fault[] = [
  { kind: 'zoneOutage', at: HOUR, duration: (2 * HOUR) as Micros, label: 'zoneOutage a', places: ['a'] },
  { kind: 'nodeFailure', at: (2 * HOUR) as Micros, duration: HOUR, label: 'nodeFailure h-1', nodes: ['h-1'] },
  {
    kind: 'konnectivityFailure',
    at: (5 * HOUR) as Micros,
    label: 'konnectivityFailure',
    side: 'server',
    targets: [{ hostedCluster: 't-1', ordinal: 0 }],
  },
];
const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t-0'), hostedCluster('t-1')]);
const plan = scenarioOf(fleet, { faults });

describe('determinism of a fleet', () => {
  it('same seed, same digest and same results, also after another run in the same process', () => {
    const first = ran(plan);
    ran(scenarioOf(fleet, { faults, seed: 99 }));
    const second = ran(plan);
    expect(second.fleet.world.sim.digest).toBe(first.fleet.world.sim.digest);
    expect(JSON.stringify(second.metrics())).toBe(JSON.stringify(first.metrics()));
    expect(JSON.stringify(second.outages())).toBe(JSON.stringify(first.outages()));
  });

  it('another seed, another digest; another replication, another digest', () => {
    const digest = ran(plan).fleet.world.sim.digest;
    expect(ran(scenarioOf(fleet, { faults, seed: 2 })).fleet.world.sim.digest).not.toBe(digest);
    const other = new Replication(plan, 1);
    other.run(plan.duration);
    expect(other.fleet.world.sim.digest).not.toBe(digest);
  });

  it('a trace does not move the run', () => {
    let lines = 0;
    const traced = new Replication(plan, 0, () => lines++);
    traced.run(plan.duration);
    expect(traced.fleet.world.sim.digest).toBe(ran(plan).fleet.world.sim.digest);
    expect(lines).toBeGreaterThan(traced.fleet.world.sim.events);
  });

  it.each([0, 1.01, 1.1, 3.02, 5.0005])(
    'a run forked at %d h and continued equals the run without the fork',
    (hours) => {
      const whole = ran(plan);
      const trunk = new Replication(plan, 0);
      trunk.run((hours * HOUR) as Micros);
      const snapshot = trunk.fleet.world.sim.save();
      const fork = new Replication(plan, 0);
      fork.fleet.world.sim.restore(snapshot);
      for (const branch of [fork, trunk]) {
        branch.run(plan.duration);
        expect(branch.fleet.world.sim.digest).toBe(whole.fleet.world.sim.digest);
        expect(JSON.stringify(branch.metrics())).toBe(JSON.stringify(whole.metrics()));
        expect(JSON.stringify(branch.outages())).toBe(JSON.stringify(whole.outages()));
        expect(JSON.stringify(branch.recorders.pending.episodes())).toBe(
          JSON.stringify(whole.recorders.pending.episodes()),
        );
      }
    },
  );

  it('restoring a snapshot rewinds the same world', () => {
    const world = new Replication(plan, 0);
    world.run((1.1 * HOUR) as Micros);
    const snapshot = world.fleet.world.sim.save();
    world.run(plan.duration);
    const first = JSON.stringify([world.metrics(), world.outages()]);
    world.fleet.world.sim.restore(snapshot);
    world.run(plan.duration);
    expect(JSON.stringify([world.metrics(), world.outages()])).toBe(first);
  });

  it("one tenant more leaves the other tenants' chance draws as they were", () => {
    // Only draws are compared: a further tenant takes room and may move pods. A fault in a place of its own touches one tenant only.
    const alone = fleetOf(management(ZONES, 6), [hostedCluster('t-0')]);
    const faults: Fault[] = [
      {
        kind: 'workerFailure',
        at: HOUR,
        label: 'w',
        workers: [{ hostedCluster: 't-0', nodePool: 'workers', ordinal: 1 }],
      },
    ];
    const one = ran(scenarioOf(alone, { faults }));
    const two = ran(scenarioOf(fleet, { faults }));
    const workloads = (r: Replication) =>
      r
        .outages()
        .filter((o) => o.service === 'workloads')
        .map((o) => [o.from, o.to]);
    expect(workloads(two)).toEqual(workloads(one));
    expect(workloads(one)).toHaveLength(1);
  });
});

describe.each([2, 11, 29, 53, 88])('a fleet drawn from seed %d', (seed) => {
  const drawn = drawCase(seed);
  const results = (replication: Replication) =>
    JSON.stringify([
      replication.fleet.world.sim.digest,
      replication.metrics(),
      replication.outages(),
      replication.recorders.pending.episodes(),
    ]);
  const whole = ran(drawn);

  it('runs the same with a trace, in slices, and with somebody who asks for results on the way', () => {
    const watched = new Replication(drawn, 0, () => {});
    for (const moment of drawn.moments) {
      watched.run(moment);
      results(watched);
    }
    expect(results(watched)).toBe(results(whole));
  });

  it('runs the same from a fork in the middle of its faults', () => {
    const trunk = new Replication(drawn, 0);
    trunk.run(drawn.moments[Math.floor(drawn.moments.length / 2)]!);
    const fork = new Replication(drawn, 0);
    fork.fleet.world.sim.restore(trunk.fleet.world.sim.save());
    for (const branch of [fork, trunk]) {
      branch.run(drawn.duration);
      expect(results(branch)).toBe(results(whole));
    }
  });
});
