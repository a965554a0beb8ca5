import { describe, expect, it } from 'vitest';
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import type { SlowDisk } from '../plan/faults.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from '../testing.ts';

const { etcd, database } = parameterValues();
/** 5 s and two election timeouts. */
const TIMEOUT = etcd.requestTimeout + 2 * etcd.heartbeat * etcd.electionTicks;

const outages = (seconds: number) => {
  const fault: SlowDisk = {
    kind: 'slowDisk',
    at: HOUR,
    duration: (seconds * SECOND) as Micros,
    label: 'slowDisk',
    nodes: [],
    storageClasses: [],
    members: [{ hostedCluster: 't', ordinal: 1 }],
  };
  const fleet = fleetOf(management(ZONES, 3), [hostedCluster('t')]);
  const done = ran(scenarioOf(fleet, { faults: [fault], duration: (2 * HOUR) as Micros }));
  return done.outages().filter(({ service }) => service === 'api');
};

describe('a member that waits for its disk', () => {
  it('costs its share of the requests that write, from when they time out until the disk answers', () => {
    const [dip, ...more] = outages(60);
    expect(more).toEqual([]);
    expect(dip!.from).toBe(HOUR + TIMEOUT);
    expect(dip!.to).toBe(HOUR + 60 * SECOND);
    expect(dip!.lowest).toBeCloseTo(1 - database.mutatingShare / 3, 12);
    expect(dip!.causes.at(-1)).toBe('requests through etcd-1 of t time out');
  });

  it('costs none while it answers sooner', () => {
    expect(outages(TIMEOUT / SECOND - 1)).toEqual([]);
  });

  it('costs none any more when it is killed: its connections break', () => {
    const [dip, ...more] = outages(3000);
    expect(more).toEqual([]);
    expect(dip!.to).toBeGreaterThanOrEqual(HOUR + 150 * SECOND);
    expect(dip!.to).toBeLessThanOrEqual(HOUR + 155 * SECOND);
  });
});
