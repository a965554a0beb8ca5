import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { EnsembleId } from '../ids.ts';
import type { ParameterOverrides } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import type { AvailabilityPolicy } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';
import { reachesFragmentation, reachesSize } from './database.ts';

function run(
  database: ParameterOverrides['database'],
  more: { policy?: AvailabilityPolicy; faults?: readonly Fault[]; hours?: number } = {},
): Replication {
  const tenant = hostedCluster('t', { controllerAvailabilityPolicy: more.policy ?? 'HighlyAvailable' });
  return ran(
    scenarioOf(fleetOf(management(ZONES, 3), [tenant]), {
      parameters: { ...(database === undefined ? {} : { database }) },
      faults: more.faults ?? [],
      duration: ((more.hours ?? 24) * HOUR) as Micros,
    }),
  );
}

/** When facts of a kind happened. */
function times(done: Replication, kind: string): number[] {
  const { facts } = done.fleet.world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind) found.push(fact.at);
  }
  return found;
}

const filling = fc.record({
  used: fc.double({ min: 1, max: 8000, noNaN: true }),
  free: fc.double({ min: 0, max: 1000, noNaN: true }),
  growth: fc.double({ min: 0, max: 1000, noNaN: true }),
  fragments: fc.double({ min: 0, max: 1000, noNaN: true }),
});

describe('the lines of growth', () => {
  it('reach a size and a share of free space exactly then, and are below before', () => {
    fc.assert(
      fc.property(filling, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (one, share) => {
        const grown = (wait: number) => ({
          used: one.used + one.growth * wait,
          free: one.free + one.fragments * wait,
        });
        const full = reachesSize(one, 8192);
        if (full > 0 && full < 1e6) {
          const { used, free } = grown(full);
          expect(used + free).toBeCloseTo(8192, 3);
        }
        const loose = reachesFragmentation(one, share);
        if (loose > 0 && loose < 1e6) {
          const { used, free } = grown(loose);
          expect(free / (used + free)).toBeCloseTo(share, 6);
          const before = grown(loose * 0.9);
          expect(before.free / (before.used + before.free)).toBeLessThan(share);
        }
      }),
      { seed: 1 },
    );
  });
});

describe('a database at rest', () => {
  it('has no events', () => {
    expect(run({}).fleet.world.sim.events).toBe(0);
    expect(metric(run({}), 'etcd.availability', 't')).toBe(1);
  });
});

describe('defragmentation', () => {
  // 500 MiB in use and 1 GiB of fragments per day: 45 % are free after 500 x 0.45 / 0.55 MiB, 9 h 35 min.
  const fragments = 1024;
  const due = ((500 * 0.45) / 0.55 / fragments) * DAY;

  it('begins at the first look after the threshold, takes copying and a pause per member, and touches no service', () => {
    const done = run({ fragments });
    const [first] = times(done, 'defragmented');
    // 909 MiB at 100 MiB/s and 36 s, for each of three members.
    const length = 3 * (9.09 + 36) * SECOND;
    expect(first).toBeGreaterThanOrEqual(due + length - SECOND);
    expect(first).toBeLessThanOrEqual(due + length + 10 * MINUTE + SECOND);
    expect(times(done, 'defragmented')).toHaveLength(2);
    expect(metric(done, 'etcd.availability', 't')).toBe(1);
  });

  it('is for HighlyAvailable clusters only, and not for small databases', () => {
    expect(times(run({ fragments }, { policy: 'SingleReplica' }), 'defragmented')).toEqual([]);
    expect(times(run({ fragments, defragMinimumMib: 5000 }, { hours: 24 }), 'defragmented')).toEqual([]);
  });

  it('waits while a member is unhealthy, and comes when it is back', () => {
    const member: Fault = {
      kind: 'etcdMemberFailure',
      at: HOUR,
      duration: (14 * HOUR) as Micros,
      label: 'member',
      members: [{ hostedCluster: 't', ordinal: 0 }],
    };
    const [first] = times(run({ fragments }, { faults: [member] }), 'defragmented');
    expect(first).toBeGreaterThan(15 * HOUR);
    expect(first).toBeLessThan(15 * HOUR + 15 * MINUTE);
  });

  it('keeps fragments from filling the quota', () => {
    expect(times(run({ fragments: 100_000 }), 'no-space')).toEqual([]);
    expect(times(run({ fragments: 100_000 }, { policy: 'SingleReplica' }), 'no-space')).toHaveLength(1);
  });
});

describe('the quota', () => {
  // 7692 MiB are left; at 30,768 MiB a day they last 6 h.
  const growth = 4 * 7692;

  it('is reached when growth says so; then writes are refused and reads go on', () => {
    const done = run({ growth });
    expect(times(done, 'no-space')[0]! / HOUR).toBeCloseTo(6, 6);
    expect(metric(done, 'etcd.availability', 't')).toBeCloseTo(6 / 24, 6);
    expect(metric(done, 'api.availability', 't')).toBeCloseTo(6 / 24 + 0.8 * (18 / 24), 6);
    expect(metric(done, 'api.uptime', 't')).toBe(1);
    expect(metric(done, 'workloads.availability', 't')).toBe(1);
    expect(
      done.fleet.world.database.size(done.fleet.world.hosted.ensemble.at(1 as never) as EnsembleId),
    ).toBe(8192);
  });

  it('costs controllers their leases, since renewing one is a write; readiness that only reads stays', () => {
    const done = run({ growth });
    const controllers = done.outages().find(({ service }) => service === 'controllers')!;
    expect(controllers.from).toBeGreaterThanOrEqual(6 * HOUR);
    expect(controllers.causes.join()).toContain('is full and takes no writes');
    expect(times(done, 'endpoint-dropped')).toEqual([]);
  });

  it('is over when somebody has cleaned up, until the database has grown again', () => {
    const done = run({ growth, cleanupAfter: HOUR });
    expect(times(done, 'no-space').map((at) => Math.round(at / HOUR))).toEqual([6, 13, 20]);
    expect(metric(done, 'etcd.availability', 't')).toBeCloseTo(1 - 3 / 24, 6);
  });
});
