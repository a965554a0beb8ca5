import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { SlowDisk } from '../plan/faults.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';
import { comesUpFrom } from './etcd-probes.ts';

const fleet = fleetOf(management(ZONES, 3), [hostedCluster('t')]);
const stall = (duration: number, ordinals: readonly number[] = [1]): SlowDisk => ({
  kind: 'slowDisk',
  at: HOUR,
  duration: duration as Micros,
  label: 'slowDisk',
  nodes: [],
  storageClasses: [],
  members: ordinals.map((ordinal) => ({ hostedCluster: 't', ordinal })),
});
const run = (duration: number, ordinals?: readonly number[], seed = 1): Replication =>
  ran(scenarioOf(fleet, { faults: [stall(duration, ordinals)], duration: (4 * HOUR) as Micros, seed }));

/** When facts of a kind about etcd happened, after the stall began. */
function times(done: Replication, kind: string): number[] {
  const { facts } = done.fleet.world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    const etcd = done.fleet.world.sets.names[fact.subject] === 'etcd';
    if (fact.kind.name === kind && etcd) found.push(fact.at - HOUR);
  }
  return found;
}

describe('liveness of etcd', () => {
  it('kills nobody whose disk answers before five probes have waited 30 s each', () => {
    for (let seed = 1; seed < 20; seed++)
      expect(times(run(150 * SECOND - 1, [1], seed), 'liveness-failed')).toEqual([]);
  });

  it('kills a member whose disk does not within one period more', () => {
    for (let seed = 1; seed < 20; seed++) {
      const [killed, ...more] = times(run(10 * MINUTE, [1], seed), 'liveness-failed');
      expect(killed).toBeGreaterThanOrEqual(150 * SECOND);
      expect(killed).toBeLessThanOrEqual(155 * SECOND);
      expect(more).toEqual([]);
    }
  });

  it('makes a crash loop of it, so that the operator gives a single member a new volume, on a disk that answers', () => {
    const [ready] = times(run(30 * MINUTE), 'pod-ready');
    // Killed, 180 s until the first start is given up and the container seen Waiting, a look of the operator, a Job, a new pod.
    expect(ready).toBeGreaterThan((150 + 180) * SECOND);
    expect(ready).toBeLessThan(8 * MINUTE);
  });

  it('leaves members away for at most one pause and one start after the storage answers, when they are too many for that', () => {
    const ready = times(run(30 * MINUTE, [0, 1, 2]), 'pod-ready');
    expect(Math.min(...ready)).toBeGreaterThan(30 * MINUTE);
    expect(Math.max(...ready)).toBeLessThan(30 * MINUTE + 300 * SECOND + 40 * SECOND);
  });

  it('makes an outage of a whole class longer than the storage was away', () => {
    const short = metric(run(2 * MINUTE, [0, 1, 2]), 'api.downtime', 't');
    expect(short).toBeLessThan(120 + 5);
    const long = metric(run(30 * MINUTE, [0, 1, 2]), 'api.downtime', 't');
    expect(long).toBeGreaterThan(1800 + 15);
    expect(long).toBeLessThan(1800 + 300 + 60);
  });
});

describe('a container that fails its start-up probe again and again', () => {
  const spec = {
    window: 180 * SECOND,
    needed: 15 * SECOND,
    backoff: 10 * SECOND,
    longestBackoff: 300 * SECOND,
  };
  const from = (seconds: number): number => comesUpFrom(0, seconds * SECOND, spec) / SECOND;

  it('comes up where it is being started with time enough left, else at its next start', () => {
    expect([0, 100, 165].map(from)).toEqual([0, 100, 165]);
    // Starts at 0, 190, 390, 610, 870, 1210, ...: 180 s each, pauses of 10, 20, 40, 80, 160 s between them.
    expect([166, 180, 189].map(from)).toEqual([190, 190, 190]);
    expect([200, 356, 600, 800].map(from)).toEqual([200, 390, 610, 870]);
    expect(from(1036)).toBe(1210);
  });

  it('never comes up when a start takes longer than the probe lets it', () => {
    expect(comesUpFrom(0, 0, { ...spec, needed: 181 * SECOND })).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits for one pause and one start at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (seconds) => {
        const up = from(seconds);
        expect(up).toBeGreaterThanOrEqual(seconds);
        expect(up).toBeLessThanOrEqual(seconds + 300 + 15);
      }),
      { seed: 1 },
    );
  });
});
