import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { Fault, SnapshotSource } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';

const at = (seconds: number): Micros => (HOUR + seconds * SECOND) as Micros;
const dataLost = (...ordinals: number[]): Fault => ({
  kind: 'etcdMemberFailure',
  failure: 'data',
  at: at(0),
  label: 'data',
  members: ordinals.map((ordinal) => ({ hostedCluster: 't', ordinal })),
});
const restored = (second: number, snapshot: SnapshotSource): Fault => ({
  kind: 'restoreFromSnapshot',
  at: at(second),
  label: 'restore',
  hostedClusters: ['t'],
  snapshot,
});
const age = (hours: number): SnapshotSource => ({ kind: 'age', age: (hours * HOUR) as Micros });
const FROM_MEMBER: SnapshotSource = { kind: 'member' };

function run(
  faults: readonly Fault[],
  more: { seed?: number; tenant?: Partial<HostedClusterPlan> } = {},
): Replication {
  const tenants = [hostedCluster('t', more.tenant ?? {}), hostedCluster('other')];
  const fleet = fleetOf(management(ZONES, 6), tenants);
  return ran(scenarioOf(fleet, { faults, seed: more.seed ?? 1, duration: (6 * HOUR) as Micros }));
}
const outages = (done: Replication, service: string) =>
  done.outages().filter((outage) => outage.service === service && outage.labels.hostedCluster === 't');
const values = (done: Replication, id: string) => done.metrics().filter(({ metric: name }) => name === id);

describe('a quorum whose data is lost', () => {
  it('does not come back by itself', () => {
    const [down, ...more] = outages(run([dataLost(0, 1)]), 'api');
    expect(more).toEqual([]);
    expect(down).toMatchObject({ from: HOUR, lowest: 0, open: true });
  });

  it('comes back by the documented steps: their durations, copies, an election and readiness', () => {
    // Four steps of 30 s until the snapshot is fetched and etcd is down, with 25 s for 500 MiB at 20 MiB/s; 30 s until the volumes are
    // deleted; 30 + 5 + 25 s to get the snapshot into the first volume and 10 s to write it; 30 s until etcd is scaled up. The second
    // member gets a volume (10 s), starts (5 s), votes after 15 s and has the database 5 s later; the election takes 1 to 2 s. 30 s
    // until the API servers are scaled up, 5 s of containers, 30 s until they are ready, 1 s until endpoints follow.
    const steps = 4 * 30 + 25 + 30 + (30 + 5 + 25 + 10) + 30;
    const expected = steps + (10 + 5 + 15 + 5) + 30 + 5 + 30 + 1;
    const done = run([dataLost(0, 1), restored(1800, age(6))]);
    const rto = metric(done, 'restore.rto', 't');
    expect(rto - 1800 - expected).toBeGreaterThanOrEqual(1);
    expect(rto - 1800 - expected).toBeLessThan(2 + 0.2);
    expect(outages(done, 'api')[0]!.to - HOUR).toBeCloseTo(rto * SECOND, 0);
    expect(metric(done, 'restore.rpo', 't')).toBe(6 * 3600);
  });

  it('its workloads run on, other clusters notice nothing, and it is whole and reconciled afterwards', () => {
    const done = run([dataLost(0, 1, 2), restored(1800, age(1))]);
    expect(metric(done, 'workloads.availability', 't')).toBe(1);
    expect(metric(done, 'api.availability', 'other')).toBe(1);
    expect(values(done, 'restore.rpo').map(({ labels }) => labels.hostedCluster)).toEqual(['t']);
    const { world, hostedClusters } = done.fleet;
    const cluster = hostedClusters.get('t')!;
    expect(world.ensembles.members.alive(world.hosted.ensemble.at(cluster))).toBe(3);
    expect(world.pauses.paused(cluster)).toBe(false);
    expect(world.etcdRecovery.failed(cluster)).toBe(false);
    for (const role of ['kube-apiserver', 'openshift-apiserver', 'openshift-oauth-apiserver'] as const)
      expect(world.pods.containers.runningOf.at(world.hosted.set(cluster, role) as never)).toBe(3);
  });

  it('a single member is restored the same way', () => {
    const done = run([dataLost(0), restored(1800, age(1))], {
      tenant: { controllerAvailabilityPolicy: 'SingleReplica' },
    });
    expect(metric(done, 'restore.rto', 't')).toBeGreaterThan(1800);
    expect(outages(done, 'api')).toHaveLength(1);
  });
});

describe('what is lost', () => {
  it('of backups every so often: an age below the interval, on average half of it', () => {
    const every: SnapshotSource = { kind: 'every', every: HOUR as Micros };
    const ages = Array.from({ length: 40 }, (_, i) =>
      metric(run([dataLost(0, 1), restored(60, every)], { seed: i + 1 }), 'restore.rpo', 't'),
    );
    for (const one of ages) expect(one).toBeLessThan(3600);
    const mean = ages.reduce((sum, one) => sum + one, 0) / ages.length;
    expect(Math.abs(mean - 1800)).toBeLessThan(3.5 * (3600 / Math.sqrt(12 * 40)));
  });

  it('nothing, when a member still has its data; without one there is nothing to restore', () => {
    const kept = run([dataLost(0, 1), restored(60, FROM_MEMBER)]);
    expect(metric(kept, 'restore.rpo', 't')).toBe(0);
    const none = run([dataLost(0, 1, 2), restored(60, FROM_MEMBER)]);
    expect(values(none, 'restore.rto')).toEqual([]);
    expect(none.fleet.world.pauses.paused(none.fleet.hostedClusters.get('t')!)).toBe(false);
  });

  it('of an etcd that still serves: its clock starts when the API servers stop', () => {
    const done = run([restored(0, age(2))]);
    const [down] = outages(done, 'api').filter(({ lowest }) => lowest === 0);
    expect(metric(done, 'restore.rto', 't')).toBeCloseTo((down!.to - HOUR) / SECOND - 60, 3);
    expect(metric(done, 'restore.rpo', 't')).toBe(7200);
  });
});

describe('whoever restores', () => {
  it('waits for the management API, and a second restore meanwhile is not begun', () => {
    const away = managementAway(at(100), 30 * MINUTE);
    const alone = metric(run([dataLost(0, 1), restored(60, age(1))]), 'restore.rto', 't');
    const twice = run([dataLost(0, 1), restored(60, age(1)), restored(120, age(9))]);
    expect(metric(twice, 'restore.rto', 't')).toBe(alone);
    expect(metric(twice, 'restore.rpo', 't')).toBe(3600);
    const hindered = metric(run([dataLost(0, 1), away, restored(60, age(1))]), 'restore.rto', 't');
    expect(hindered).toBeGreaterThan(alone + 1600);
  });

  it('waits for a member whose node is silent, since its volume is in use', () => {
    const node: Fault = {
      kind: 'nodeFailure',
      at: at(0),
      duration: HOUR,
      label: 'node',
      nodes: [],
      hosting: [{ hostedCluster: 't', component: 'etcd', ordinal: 2 }],
    };
    const rto = metric(run([node, dataLost(0, 1), restored(60, age(1))]), 'restore.rto', 't');
    expect(rto).toBeGreaterThan(3600);
    expect(rto).toBeLessThan(3600 + 900);
  });
});
