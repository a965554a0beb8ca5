import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from '../testing.ts';

const at = (seconds: number): Micros => (HOUR + Math.round(seconds * SECOND)) as Micros;
const member = (ordinal: number) => ({ hostedCluster: 't', ordinal });
const dataLost = (ordinals: readonly number[], second = 0): Fault => ({
  kind: 'etcdMemberFailure',
  failure: 'data',
  at: at(second),
  label: 'data',
  members: ordinals.map(member),
});
const processDown = (ordinals: readonly number[], second: number, seconds: number): Fault => ({
  kind: 'etcdMemberFailure',
  at: at(second),
  duration: (seconds * SECOND) as Micros,
  label: 'process',
  members: ordinals.map(member),
});
const replacement = (ordinal: number, second: number): Fault => ({
  kind: 'etcdMemberReplacement',
  at: at(second),
  label: 'replacement',
  members: [member(ordinal)],
});
const paused = (second: number, seconds: number): Fault => ({
  kind: 'pause',
  at: at(second),
  duration: (seconds * SECOND) as Micros,
  label: 'pause',
  hostedClusters: ['t'],
  nodePools: [],
  managementClusters: [],
});
const upgrade = (to: string, second: number): Fault => ({
  kind: 'upgrade',
  at: at(second),
  label: `upgrade to ${to}`,
  subject: 'hostedCluster',
  names: ['t'],
  to,
});
const awayFrom = (second: number, seconds: number): Fault => managementAway(at(second), seconds * SECOND);

interface More {
  readonly seed?: number;
  readonly hours?: number;
  readonly tenant?: Partial<HostedClusterPlan>;
  readonly host?: Partial<ManagementClusterPlan>;
}

function run(
  faults: readonly Fault[],
  { seed = 1, hours = 4, tenant = {}, host = {} }: More = {},
): Replication {
  const fleet = fleetOf(management(ZONES, 6, host), [hostedCluster('t', tenant)]);
  return ran(scenarioOf(fleet, { faults, seed, duration: (hours * HOUR) as Micros }));
}

/** Seconds after the first hour of all facts of a kind, by value where one is given. */
function when({ fleet: { world } }: Replication, kind: string, value?: number): number[] {
  const { facts } = world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind && (value === undefined || fact.value === value))
      found.push((fact.at - HOUR) / SECOND);
  }
  return found;
}
const quorumLosses = (done: Replication): number[] => {
  const { world, hostedClusters } = done.fleet;
  const { facts } = world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === 'quorum-lost' && fact.subject === hostedClusters.get('t'))
      found.push((fact.at - HOUR) / SECOND);
  }
  return found;
};
const alive = ({ fleet: { world, hostedClusters } }: Replication): number =>
  world.ensembles.members.alive(world.hosted.ensemble.at(hostedClusters.get('t')!));
const apiOutages = (done: Replication) => done.outages().filter((outage) => outage.service === 'api');
const failed = ({ fleet: { world, hostedClusters } }: Replication): boolean =>
  world.etcdRecovery.failed(hostedClusters.get('t')!);

describe('recovery of one broken member', () => {
  it('takes a look of the operator, a Job, a new volume, a start and the whole database', () => {
    // Not before the container failed twice (2 s), then a look every 10 s; 5 s until the Job's pod runs; 10 s for the volume, 5 s for the
    // containers, 15 s until the member votes, 500 MiB at 100 MiB/s. Scheduling takes up to a tenth of a second.
    const afterTheJob = 10 + 5 + 15 + 5;
    let inVain = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const done = run([dataLost([0])], { seed, hours: 2 });
      const created = when(done, 'recovery-started');
      const [replaced] = when(done, 'member-replaced', 0);
      const [rejoined] = when(done, 'member-rejoined', 0);
      expect(created[0]).toBeGreaterThanOrEqual(2);
      expect(created[0]).toBeLessThanOrEqual(2 + 10);
      // A Job whose look falls into a try of the container, from 12 to 14 s, finds nobody failing and is done.
      const tried = created[0]! + 5 >= 12 && created[0]! + 5 < 14;
      expect(created).toHaveLength(tried ? 2 : 1);
      if (tried) inVain++;
      expect(replaced).toBeCloseTo(created.at(-1)! + 5, 6);
      expect(rejoined! - replaced!).toBeGreaterThanOrEqual(afterTheJob);
      expect(rejoined! - replaced!).toBeLessThan(afterTheJob + 0.1);
      expect(alive(done)).toBe(3);
      expect(apiOutages(done)).toEqual([]);
    }
    expect(inVain).toBeGreaterThan(0);
    expect(inVain).toBeLessThan(20);
  });

  it('the looks are spread evenly over their period', () => {
    const looks = Array.from({ length: 80 }, (_, i) => {
      const [created] = when(run([dataLost([2])], { seed: i + 1, hours: 2 }), 'recovery-started');
      return created!;
    });
    // Phases are uniform on 0 to 10 s; those under 2 s find the container being tried and come again 10 s later: uniform on 2 to 12 s.
    const mean = looks.reduce((sum, look) => sum + look, 0) / looks.length;
    expect(Math.abs(mean - 7)).toBeLessThan(3.5 * (10 / Math.sqrt(12 * 80)));
  });

  it('the members keep their majority all the while, and a second failure meanwhile takes it', () => {
    expect(quorumLosses(run([dataLost([0])]))).toEqual([]);
    expect(quorumLosses(run([dataLost([0]), processDown([1], 20, 60)]))).toEqual([20]);
  });

  it('a member that lost its data stays broken without the operator', () => {
    const nobody = run([dataLost([0])], { host: { operatorReplicas: 0 } });
    expect(when(nobody, 'recovery-started')).toEqual([]);
    expect(alive(nobody)).toBe(2);
    const single = { controllerAvailabilityPolicy: 'SingleReplica' } as const;
    expect(when(run([dataLost([0])], { tenant: single }), 'recovery-started')).toEqual([]);
  });

  it('waits for the end of a pause, and for the management API', () => {
    for (const hindrance of [paused(-10, 1810), awayFrom(-10, 1810)]) {
      const [created] = when(run([hindrance, dataLost([0])]), 'recovery-started');
      expect(created).toBeGreaterThanOrEqual(1800);
      expect(created).toBeLessThan(1800 + 180);
    }
  });

  it('a pause holds back new Jobs, not the one at work', () => {
    const [created] = when(run([dataLost([0])]), 'recovery-started');
    const done = run([dataLost([0]), paused(created! + 1, 3600)]);
    expect(when(done, 'member-rejoined', 0)[0]).toBeLessThan(100);
  });

  it('whatever hinders it and whenever: while it is hindered no Job is created and no member replaced', () => {
    const seconds = fc.integer({ min: 0, max: 1200 });
    const span = fc.integer({ min: 30, max: 900 });
    fc.assert(
      fc.property(seconds, span, seconds, fc.boolean(), fc.integer(), (from, length, loss, pause, seed) => {
        const hindrance = pause ? paused(from, length) : awayFrom(from, length);
        const done = run([hindrance, dataLost([1], loss)], { seed, hours: 3 });
        const hindered = (second: number): boolean => second > from && second < from + length;
        expect(when(done, 'recovery-started').filter(hindered)).toEqual([]);
        if (!pause) expect(when(done, 'member-replaced').filter(hindered)).toEqual([]);
        expect(quorumLosses(done)).toEqual([]);
        expect(alive(done)).toBe(3);
      }),
      { seed: 1, numRuns: 25 },
    );
  });
});

describe('more than one broken member', () => {
  it('the Job tries eleven times with growing pauses, touches nobody, and is left to people', () => {
    const done = run([dataLost([0, 1])]);
    expect(when(done, 'member-replaced')).toEqual([]);
    const [created] = when(done, 'recovery-started');
    // Eleven pods of 5 s; pauses of 10, 20, 40, 80, 160, 320 s and four of 360 s.
    expect(when(done, 'recovery-failed')[0]! - created!).toBeCloseTo(11 * 5 + 630 + 4 * 360, 6);
    expect(failed(done)).toBe(true);
    expect(apiOutages(done)[0]).toMatchObject({ from: HOUR, lowest: 0, open: true });
  });

  it('two pods at one time are never replaced, whoever broke them and whenever', () => {
    const second = fc.integer({ min: 0, max: 900 });
    fc.assert(
      fc.property(second, second, fc.integer(), (first, other, seed) => {
        const done = run([dataLost([0], first), dataLost([1], other)], { seed, hours: 2 });
        const replaced = [0, 1].map((ordinal) => when(done, 'member-replaced', ordinal)[0]);
        const rejoined = [0, 1].map(
          (ordinal) => when(done, 'member-rejoined', ordinal)[0] ?? Number.POSITIVE_INFINITY,
        );
        const [early, late] = first <= other ? [0, 1] : [1, 0];
        expect(replaced[late] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(rejoined[early]!);
      }),
      { seed: 2, numRuns: 25 },
    );
  });

  it('the one that lost its data is recovered once the other is back, and nobody sees a failed Job any more', () => {
    const done = run([dataLost([0]), processDown([1], -1, 1200)]);
    expect(when(done, 'member-replaced', 0)[0]).toBeGreaterThan(1199);
    expect(alive(done)).toBe(3);
    const long = run([dataLost([0]), processDown([1], -1, 3600), replacement(0, 7200)]);
    expect(when(long, 'recovery-failed')).toHaveLength(1);
    expect(when(long, 'member-rejoined', 0)[0]).toBeGreaterThan(7200);
    expect(alive(long)).toBe(3);
    expect(failed(long)).toBe(false);
  });

  it('an empty volume without a working cluster is no member: it fails like a broken one', () => {
    const done = run([dataLost([0, 1]), replacement(0, 60)]);
    expect(when(done, 'member-found-no-cluster', 0)).toHaveLength(1);
    expect(alive(done)).toBe(1);
  });
});

describe('a member that is cut off and being deleted', () => {
  it('fails on its lost data like any other, although its kubelet has not heard of the deletion', () => {
    const cut: Fault = {
      kind: 'networkPartition',
      at: at(0),
      duration: (2 * HOUR) as Micros,
      label: 'partition',
      side: { places: [], nodes: [], managementControlPlanes: ['mgmt'], workers: [] },
    };
    const done = run([cut, replacement(0, 900), dataLost([0], 1800)], { hours: 2 });
    expect(alive(done)).toBe(2);
  });
});

describe('an etcd whose database is full', () => {
  it('is not recovered: the alarm is that of every member', () => {
    const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t')]);
    // From 500 MiB to the quota of 8 GiB in 3323 s, cleaned up a quarter of an hour later.
    const database = { growth: 200_000, cleanupAfter: 15 * MINUTE };
    const done = ran(
      scenarioOf(fleet, {
        faults: [dataLost([0])],
        parameters: { database },
        duration: (4 * HOUR) as Micros,
      }),
    );
    const [alarm] = when(done, 'no-space');
    expect(alarm).toBeLessThan(0);
    const [replaced] = when(done, 'member-replaced', 0);
    expect(replaced).toBeGreaterThan(alarm! + 900);
    expect(alive(done)).toBe(3);
  });
});

describe('a process that cannot be restarted', () => {
  it('looks like a broken member to the operator, which gives it a new volume in vain until it can', () => {
    const done = run([processDown([0], 0, 1800)], { hours: 2 });
    expect(when(done, 'member-replaced', 0).length).toBeGreaterThan(1);
    expect(when(done, 'member-rejoined', 0)).toHaveLength(1);
    expect(when(done, 'member-rejoined', 0)[0]).toBeGreaterThan(1800);
    expect(alive(done)).toBe(3);
  });
});

describe('a volume that went with its node', () => {
  const local = {
    storageClasses: [{ name: 'standard', binding: 'node', performance: 'local-lvm' }],
  } as const;
  const nodeGone: Fault = {
    kind: 'nodeFailure',
    at: at(0),
    label: 'node',
    nodes: [],
    hosting: [{ hostedCluster: 't', component: 'etcd', ordinal: 0 }],
    deleteNodeAfter: (5 * MINUTE) as Micros,
  };

  it('leaves its pod Pending, which is no business of the operator, until somebody replaces the member', () => {
    const left = run([nodeGone], { host: local });
    expect(alive(left)).toBe(2);
    expect(when(left, 'recovery-started')).toEqual([]);
    const mended = run([nodeGone, replacement(0, 3600)], { host: local });
    const [rejoined] = when(mended, 'member-rejoined', 0);
    expect(rejoined! - 3600).toBeGreaterThanOrEqual(10 + 5 + 15 + 5);
    expect(rejoined! - 3600).toBeLessThan(36);
    expect(alive(mended)).toBe(3);
  });

  it('a volume that can be attached in its zone moves with the pod', () => {
    expect(alive(run([nodeGone]))).toBe(3);
  });
});

describe('a release that the HyperShift operator refuses', () => {
  const stays = { upgradeable: false } as const;

  it('keeps it from recovering etcd, until somebody writes another one', () => {
    const refused = upgrade('4.20.3', -600);
    const left = run([refused, dataLost([1])], { tenant: stays });
    expect(when(left, 'recovery-started')).toEqual([]);
    const { hostedClusters, world } = left.fleet;
    expect(world.reconciliation.idle(hostedClusters.get('t')!)).toContain('refuses the release');
    const back = run([refused, dataLost([1]), upgrade('4.19.8', HOUR / SECOND)], { tenant: stays });
    expect(when(back, 'recovery-started')[0]).toBeGreaterThanOrEqual(HOUR / SECOND);
    expect(when(back, 'recovery-started')[0]).toBeLessThan(HOUR / SECOND + 1000);
    expect(when(back, 'member-replaced').length).toBe(1);
  });

  it('does so from the beginning where it was there before, and no longer with an operator that takes it', () => {
    const ahead = { release: '4.21.1' } as const;
    const left = run([dataLost([1])], { tenant: ahead });
    expect(when(left, 'recovery-started')).toEqual([]);
    const operator: Fault = {
      kind: 'upgrade',
      at: at(HOUR / SECOND),
      label: 'operator',
      subject: 'operator',
      names: ['mgmt'],
      to: '2.11',
    };
    const newer = run([dataLost([1]), operator], { tenant: ahead });
    expect(when(newer, 'recovery-started')[0]).toBeGreaterThan(HOUR / SECOND);
    expect(when(newer, 'member-replaced').length).toBe(1);
    expect(newer.fleet.world.upgrades.ledger.records.length).toBe(1);
  });
});

describe('while etcd is brought to another release', () => {
  /** The member that was brought to the release first breaks while the next one is. */
  const halfWay = [upgrade('4.19.20', 0), dataLost([2], 45)];

  it('a member that is broken holds up the rollout, no try replaces it, and the Job fails', () => {
    const broken = run(halfWay, { hours: 8 });
    expect(when(broken, 'member-replaced')).toEqual([]);
    expect(when(broken, 'recovery-failed').length).toBe(1);
    const [record] = broken.fleet.world.upgrades.ledger.records;
    expect(record!.end).toBeUndefined();
    expect(record!.waits.at(-1)!.why).toBe('the containers of pod etcd-2 fail');
  });

  it('it is replaced by people, and the rollout goes on', () => {
    const helped = run([...halfWay, replacement(2, (6 * HOUR) / SECOND)], { hours: 10 });
    const [record] = helped.fleet.world.upgrades.ledger.records;
    expect(record!.end).toBe('completed');
  });
});
