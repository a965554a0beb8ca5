import { describe, expect, it } from 'vitest';
import type { CauseId } from '../../sim/facts.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { Fault, SnapshotSource } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';

const at = (seconds: number): Micros => (HOUR + seconds * SECOND) as Micros;
const age = (hours: number): SnapshotSource => ({ kind: 'age', age: (hours * HOUR) as Micros });
const FROM_MEMBER: SnapshotSource = { kind: 'member' };

const moved = (second: number, snapshot: SnapshotSource, to = 'other'): Fault => ({
  kind: 'moveHostedCluster',
  at: at(second),
  label: 'move',
  hostedClusters: ['t'],
  to,
  snapshot,
});

function another(more: Partial<ManagementClusterPlan> = {}): ManagementClusterPlan {
  const plan = management(ZONES, 6, { name: 'other', ...more });
  return { ...plan, nodes: plan.nodes.map((node) => ({ ...node, name: `other-${node.name}` })) };
}

interface More {
  readonly seed?: number;
  readonly tenant?: Partial<HostedClusterPlan>;
  readonly hours?: number;
  readonly other?: Partial<ManagementClusterPlan>;
}

function fleet({ tenant, other }: More): FleetPlan {
  const first = management(ZONES, 6);
  const tenants = [hostedCluster('t', { apiHostname: 'api.t', ...tenant }), hostedCluster('stays')];
  return { ...fleetOf(first, tenants), managementClusters: [first, another(other)] };
}
function run(faults: readonly Fault[], more: More = {}): Replication {
  const { seed = 1, hours = 6 } = more;
  return ran(scenarioOf(fleet(more), { faults, seed, duration: (hours * HOUR) as Micros }));
}

const lost = (duration?: Micros): Fault => ({
  kind: 'nodeFailure',
  at: at(0),
  label: 'lost',
  nodes: management(ZONES, 6).nodes.map(({ name }) => name),
  ...(duration === undefined ? {} : { duration }),
});
const has = (done: Replication, id: string) => done.metrics().some(({ metric: name }) => name === id);
const tenant = (done: Replication): ClusterId => done.fleet.hostedClusters.get('t')!;

/** Management clusters on whose nodes pods of the tenant's control plane are; '' for those without a node. */
function whereabouts(done: Replication): Set<string> {
  const { clusters, sets, pods, machines } = done.fleet.world;
  const found = new Set<string>();
  for (const set of sets.ofServed.list(tenant(done))) {
    if (clusters.isHosted(sets.cluster.at(set))) continue;
    for (const pod of pods.ofSet.list(set)) {
      const node = pods.node.at(pod);
      found.add(node < 0 ? '' : clusters.names[machines.cluster.at(node)]!);
    }
  }
  return found;
}

/** Everything that the tenant's control plane wants runs and acts on its management cluster. */
function expectWhole(done: Replication, on: string): void {
  const { world, managementClusters } = done.fleet;
  const cluster = tenant(done);
  const host = managementClusters.get(on)!;
  expect(whereabouts(done)).toEqual(new Set([on]));
  expect(world.clusters.host.at(cluster)).toBe(host);
  expect(world.ensembles.members.alive(world.hosted.ensemble.at(cluster))).toBe(3);
  for (const set of world.sets.ofServed.list(cluster))
    expect([world.sets.names[set], world.pods.containers.runningOf.at(set as SetId)]).toEqual([
      world.sets.names[set],
      world.sets.replicas.at(set),
    ]);
  for (const lease of world.leadership.of(cluster)) {
    expect(world.leadership.leases.held(lease)).toBe(true);
    expect([cluster, host]).toContain(world.leadership.leases.api(lease));
  }
  for (const service of ['api', 'etcd', 'controllers', 'workloads', 'oauth', 'join'] as const)
    expect([service, world.health.compute(cluster, service)]).toEqual([service, 1]);
  expect(world.pauses.paused(cluster)).toBe(false);
  expect(world.ledger.busy(cluster)).toBe(false);
  expect(world.ledger.busy(cluster)).toBe(false);
}

describe('a hosted cluster whose management cluster is lost', () => {
  it('goes on elsewhere from a backup; without a move it stays down', () => {
    const done = run([lost(), moved(1800, age(3))]);
    expectWhole(done, 'other');
    expect(metric(done, 'restore.rpo', 't')).toBe(3 * 3600);
    expect(metric(done, 'workloads.availability', 't')).toBe(1);
    const { world, hostedClusters } = done.fleet;
    expect(world.health.compute(hostedClusters.get('stays')!, 'api')).toBe(0);
  });

  it('is away for as long as the steps take: one by hand, an address, its record, and what resolvers remember', () => {
    // 60 s to create the objects. 120 s until there is an address, up to 60 s until external-dns writes it, 300 s until the old one is
    // forgotten: meanwhile all pods are up, so nothing else counts.
    const done = run([lost(), moved(1800, age(3))]);
    const rto = metric(done, 'restore.rto', 't');
    expect(rto).toBeGreaterThanOrEqual(1800 + 60 + 120 + 300);
    expect(rto).toBeLessThan(1800 + 60 + 120 + 60 + 300 + 1);
    const [down] = done
      .outages()
      .filter(({ service, labels }) => service === 'api' && labels.hostedCluster === 't');
    expect((down!.to - HOUR) / SECOND).toBeCloseTo(rto, 0);
  });

  it('cannot be backed up any more', () => {
    const done = run([lost(), moved(1800, FROM_MEMBER)]);
    expect(has(done, 'restore.rto')).toBe(false);
    expect(done.fleet.world.ledger.busy(tenant(done))).toBe(false);
    expect(done.fleet.world.pauses.paused(tenant(done))).toBe(false);
  });

  it('stays where it was moved when the old nodes come back, and leaves nothing there', () => {
    const done = run([lost((2 * HOUR) as Micros), moved(1800, age(3))]);
    expectWhole(done, 'other');
  });
});

describe('the names of a hosted cluster', () => {
  it('lead agents, logins and clients to where it is only when resolvers have forgotten where it was', () => {
    const told = (done: Replication, kind: string): number => {
      const { facts } = done.fleet.world.sim;
      for (let id = 1; id < facts.length; id++)
        if (facts.get(id as CauseId).kind.name === kind) return facts.get(id as CauseId).at;
      return Number.NaN;
    };
    const parameters = { move: { dnsTtl: 30 * MINUTE } };
    const plan = scenarioOf(fleet({}), {
      faults: [lost(), moved(1800, age(3))],
      duration: (6 * HOUR) as Micros,
      parameters,
    });
    const done = ran(plan);
    const found = told(done, 'name-leads-here');
    expect(found - told(done, 'name-leads-elsewhere')).toBeGreaterThanOrEqual(32 * MINUTE);
    for (const service of ['api', 'oauth', 'join', 'aggregatedApis', 'tunnel']) {
      const [down] = done
        .outages()
        .filter((outage) => outage.service === service && outage.labels.hostedCluster === 't');
      expect([service, down!.to >= found]).toEqual([service, true]);
      expect([service, down!.to < found + 5 * MINUTE]).toEqual([service, true]);
    }
    // The control plane's own controllers use its Service.
    const [without] = done
      .outages()
      .filter(({ service, labels }) => service === 'controllers' && labels.hostedCluster === 't');
    expect(without!.to).toBeLessThan(found - 20 * MINUTE);
  });
});

describe('a hosted cluster that runs', () => {
  it('is moved without loss, its API away from the stop of its servers on', () => {
    const done = run([moved(0, FROM_MEMBER)]);
    expectWhole(done, 'other');
    expect(metric(done, 'restore.rpo', 't')).toBe(0);
    expect(metric(done, 'api.availability', 'stays')).toBe(1);
    expect(metric(done, 'workloads.availability', 't')).toBe(1);
    // Backup, removal, graceful ends, creation, then the name.
    const rto = metric(done, 'restore.rto', 't');
    expect(rto).toBeGreaterThan(60 + 25 + 60 + 60 + 120 + 300);
    expect(rto).toBeLessThan(60 + 25 + 60 + 150 + 60 + 120 + 60 + 300);
  });

  it('comes back by another move, and a second move or a restore meanwhile is not begun', () => {
    const restore: Fault = {
      kind: 'restoreFromSnapshot',
      at: at(200),
      label: 'restore',
      hostedClusters: ['t'],
      snapshot: age(9),
    };
    const busy = run([moved(0, age(2)), moved(100, age(5), 'other'), restore]);
    expectWhole(busy, 'other');
    expect(metric(busy, 'restore.rpo', 't')).toBe(2 * 3600);
    expectWhole(run([moved(0, FROM_MEMBER), moved(7200, FROM_MEMBER, 'mgmt')]), 'mgmt');
    expect(has(run([moved(0, FROM_MEMBER, 'mgmt')]), 'restore.rto')).toBe(false);
  });

  it('is not created twice: while its old pods may run, the move waits', () => {
    const away = (managementCluster: string, minutes: number): Fault => ({
      kind: 'managementControlPlaneOutage',
      at: at(-60),
      duration: (minutes * MINUTE) as Micros,
      label: 'away',
      managementClusters: [managementCluster],
    });
    for (const waitsFor of ['mgmt', 'other']) {
      const done = run([away(waitsFor, 120), moved(0, age(1))]);
      expectWhole(done, 'other');
      const from = waitsFor === 'mgmt' ? HOUR + 119 * MINUTE : HOUR;
      const [down] = done
        .outages()
        .filter(({ service, labels }) => service === 'api' && labels.hostedCluster === 't');
      expect(down!.from).toBeGreaterThanOrEqual(from);
      expect(down!.to).toBeGreaterThan(HOUR + 119 * MINUTE);
    }
  });

  it('takes its entry with it, whatever that is', () => {
    const strategies = [
      { platform: 'None', services: { APIServer: 'LoadBalancer' } },
      { platform: 'None', services: { APIServer: 'NodePort' } },
      { platform: 'AWS', services: { APIServer: 'Route' }, router: true },
    ] as const;
    const afterwards: Fault = { ...lost(), at: at(3 * 3600) };
    for (const tenantMore of strategies) {
      const done = run([moved(0, FROM_MEMBER), afterwards], { tenant: tenantMore });
      expectWhole(done, 'other');
    }
  });

  it('leaves the trouble of its disks behind', () => {
    const slow: Fault = {
      kind: 'slowDisk',
      at: at(-60),
      label: 'slow',
      nodes: [],
      storageClasses: [{ managementCluster: 'mgmt', name: 'standard' }],
      members: [],
    };
    const done = run([slow, moved(600, age(1))]);
    expectWhole(done, 'other');
  });

  it('waits for room where it goes, and says so', () => {
    // The operator runs on control-plane nodes, so that it takes the move up.
    const { nodes } = management(ZONES, 6);
    const cordoned = nodes.map((node) => ({ ...node, unschedulable: !node.controlPlane }));
    const done = run([moved(0, FROM_MEMBER)], { other: { nodes: cordoned } });
    expect(whereabouts(done)).toEqual(new Set(['']));
    expect(has(done, 'restore.rto')).toBe(false);
    expect(has(done, 'restore.rpo')).toBe(true);
  });
});
