import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { comesUpFrom } from '../kubernetes/crash-loop.ts';
import type { SlowDisk } from '../plan/faults.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';

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

  it('has them back with the try that follows, each 180 s long, and no wait on top of that', () => {
    const loop = { failsAfter: 180 * SECOND, backoff: 10 * SECOND, backoffMost: 300 * SECOND };
    for (const minutes of [7, 12, 18, 30]) {
      for (let seed = 1; seed < 5; seed++) {
        const done = run(minutes * MINUTE, [0, 1, 2], seed);
        const expected = times(done, 'liveness-failed')
          .map((killed) => killed + comesUpFrom(minutes * MINUTE - killed, loop, 15 * SECOND))
          .sort((a, b) => a - b);
        // Containers are created for 5 s and ready after 15 s.
        expect(times(done, 'pod-ready').map((ready) => ready - 20 * SECOND)).toEqual(expected);
      }
    }
  });

  it('makes an outage of a whole class longer than the storage was away', () => {
    const short = metric(run(2 * MINUTE, [0, 1, 2]), 'api.downtime', 't');
    expect(short).toBeLessThan(120 + 5);
    const long = metric(run(30 * MINUTE, [0, 1, 2]), 'api.downtime', 't');
    expect(long).toBeGreaterThan(1800 + 15);
    expect(long).toBeLessThan(1800 + 300 + 60);
  });
});
