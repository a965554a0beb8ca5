import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../sim/entities.ts';
import { HOUR, MINUTE, type Micros, micros } from '../sim/time.ts';
import { COMPONENT_NAMES } from './hosted/components.ts';
import type { ClusterId, NodeId, NodeZoneId, PodId, SetId } from './ids.ts';
import type { ParameterOverrides } from './parameters.ts';
import type { Fault } from './plan/faults.ts';
import { Replication } from './run.ts';
import { HOSTED_SERVICES, MANAGEMENT_SERVICES } from './services.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from './testing.ts';

const TENANTS = ['t-0', 't-1'];
const FLEET = fleetOf(management(ZONES, 6), [
  hostedCluster('t-0'),
  hostedCluster('t-1', {
    controllerAvailabilityPolicy: 'SingleReplica',
    nodePools: [pool(2)],
    oauthNeedsDataPlane: true,
    failClosedWebhooks: true,
  }),
]);
/** The same entered in other ways: through routers, and by an address that a node announces. */
const ENTERED = {
  ...FLEET,
  hostedClusters: [
    { ...FLEET.hostedClusters[0]!, services: { APIServer: 'Route' }, router: true } as const,
    { ...FLEET.hostedClusters[1]!, platform: 'None' } as const,
  ],
};
const NODES = FLEET.managementClusters[0]!.nodes.map((entry) => entry.name);

const at = fc.integer({ min: 1, max: 600 }).map((minutes) => (minutes * MINUTE) as Micros);
const duration = fc.integer({ min: 1, max: 90 }).map((minutes) => (minutes * MINUTE) as Micros);
const base = fc.record({ at, duration, label: fc.constant('drawn') });
const tenant = fc.constantFrom(...TENANTS);
const ordinal = fc.integer({ min: 0, max: 2 });

/** Any fault of any kind, at any time, for any while. */
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .tuple(base, fc.subarray(NODES, { minLength: 1, maxLength: 4 }))
    .map(([b, nodes]): Fault => ({ ...b, kind: 'nodeFailure', nodes })),
  fc
    .tuple(base, fc.constantFrom(...ZONES))
    .map(([b, zone]): Fault => ({ ...b, kind: 'zoneOutage', places: [zone] })),
  base.map((b): Fault => ({ ...b, kind: 'managementControlPlaneOutage', managementClusters: ['mgmt'] })),
  fc.tuple(base, tenant, fc.constantFrom(...COMPONENT_NAMES), ordinal).map(
    ([b, hostedClusterName, component, o]): Fault => ({
      ...b,
      kind: 'podFailure',
      pods: [{ hostedCluster: hostedClusterName, component, ordinal: o }],
    }),
  ),
  fc.tuple(base, tenant, ordinal, fc.constantFrom('server' as const, 'agent' as const)).map(
    ([b, name, o, side]): Fault => ({
      ...b,
      kind: 'konnectivityFailure',
      side,
      targets: [{ hostedCluster: name, ordinal: side === 'agent' ? Math.min(o, 1) : o }],
    }),
  ),
  fc
    .tuple(base, ordinal, fc.constantFrom('node', 'class', 'member'), fc.constantFrom(undefined, 500, 3000))
    .map(
      ([b, o, whose, ms]): Fault => ({
        ...b,
        kind: 'slowDisk',
        ...(ms === undefined ? {} : { fsync: (ms * 1000) as Micros }),
        nodes: whose === 'node' ? [`cp-${o}`] : [],
        storageClasses: whose === 'class' ? [{ managementCluster: 'mgmt', name: 'standard' }] : [],
        members: whose === 'member' ? [{ hostedCluster: 't-0', ordinal: o }] : [],
      }),
    ),
  fc
    .tuple(base, fc.subarray(TENANTS, { minLength: 1 }))
    .map(([b, hostedClusters]): Fault => ({ ...b, kind: 'loadBalancerFailure', hostedClusters })),
  fc.tuple(base, tenant, fc.constantFrom(...COMPONENT_NAMES), ordinal).map(
    ([b, hostedClusterName, component, o]): Fault => ({
      ...b,
      kind: 'podFailure',
      failure: 'delete',
      pods: [{ hostedCluster: hostedClusterName, component, ordinal: o }],
    }),
  ),
  fc.tuple(base, tenant, fc.integer({ min: 0, max: 1 })).map(
    ([b, name, o]): Fault => ({
      ...b,
      kind: 'workerFailure',
      workers: [{ hostedCluster: name, nodePool: 'workers', ordinal: o }],
    }),
  ),
);

/** What must hold between any two events, recomputed from scratch. */
function check({ fleet: { world } }: Replication): void {
  const { pods, machines, sets, requested, lifecycle, ensembles, health } = world;
  for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++) {
    const services = world.clusters.isHosted(cluster) ? HOSTED_SERVICES : MANAGEMENT_SERVICES;
    for (const service of services) {
      const value = health.value(cluster, service);
      expect(value).toEqual(health.compute(cluster, service));
      expect(Number.isNaN(value) || (value >= 0 && value <= 1)).toBe(true);
    }
  }
  const alive = new Map<number, number>();
  const sums = new Map<NodeId, { cpu: number; pods: number }>();
  const running = new Map<SetId, number>();
  for (let pod = 0 as PodId; pod < pods.table.length; pod++) {
    const set = pods.set.at(pod);
    if (set === NONE) continue;
    const node = pods.node.at(pod);
    if (pods.isRunning(pod)) {
      expect(machines.running(node), `${pods.identity(pod)} runs on a dead node`).toBe(true);
      running.set(set, (running.get(set) ?? 0) + 1);
    }
    if (node === NONE) continue;
    const sum = sums.get(node) ?? { cpu: 0, pods: 0 };
    sums.set(node, { cpu: sum.cpu + sets.cpuMillis.at(set), pods: sum.pods + 1 });
  }
  for (let set = 0 as SetId; set < sets.table.length; set++)
    expect(pods.containers.runningOf.at(set)).toBe(running.get(set) ?? 0);
  const daemons = world.parameters.node;
  for (const node of machines.ofCluster.list(0 as ClusterId)) {
    const sum = sums.get(node) ?? { cpu: 0, pods: 0 };
    expect(requested.cpuMillis.at(node)).toBe(sum.cpu + daemons.daemonCpuMillis);
    expect(requested.pods.at(node)).toBe(sum.pods + daemons.daemonPods);
    expect(requested.cpuMillis.at(node)).toBeLessThanOrEqual(machines.cpuMillis.at(node));
  }
  for (let zone = 0 as NodeZoneId; zone < lifecycle.zones.table.length; zone++) {
    const { notReady, state } = lifecycle.recomputeZone(zone);
    expect(lifecycle.zones.notReady.at(zone)).toBe(notReady);
    expect(lifecycle.zones.state.at(zone)).toBe(state);
  }
  for (let ensemble = 0; ensemble < ensembles.table.length; ensemble++) {
    const id = ensemble as never;
    if (!ensembles.managed(id)) continue;
    const up = ensembles.members.of.list(id).filter((member) => ensembles.members.up(member)).length;
    alive.set(ensemble, up);
    expect(ensembles.members.alive(id)).toBe(up);
    const leader = ensembles.leader.at(id);
    if (leader !== NONE) {
      expect(up).toBeGreaterThanOrEqual(ensembles.quorum(id));
      expect(ensembles.members.up(leader)).toBe(true);
    }
    if (ensembles.serving(id)) expect(up).toBeGreaterThanOrEqual(ensembles.quorum(id));
  }
}

/** Tunnels of releases whose agents do not redial are all that needs a human afterwards: who is stuck says so and is restarted. */
function restartStuckAgents({ fleet: { world, hostedClusters }, injector }: Replication): void {
  for (const [name, cluster] of hostedClusters) {
    const { tunnels } = world.konnectivity;
    const agents = tunnels.of.dataPlane.list(cluster);
    if (world.health.value(cluster, 'tunnel') < 1) expect(tunnels.stuck(cluster)).not.toBe(0);
    if (tunnels.stuck(cluster) === 0) continue;
    injector.inject({
      kind: 'konnectivityFailure',
      at: world.sim.now,
      label: 'restart',
      side: 'agent',
      targets: agents.map((_, o) => ({ hostedCluster: name, ordinal: o })),
    });
  }
}

describe('a fleet under any faults', () => {
  it('keeps its invariants at every moment, and is whole again when all faults are over', () => {
    fc.assert(
      fc.property(
        fc.array(fault, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(FLEET, ENTERED),
        (faults, seed, fleet) => {
          const replication = new Replication(scenarioOf(fleet, { faults, seed }), 0);
          check(replication);
          for (let minute = 1; minute <= 720; minute += 7.3) {
            replication.run(micros(minute * MINUTE));
            check(replication);
          }
          replication.run((24 * HOUR) as Micros);
          check(replication);
          const { world } = replication.fleet;
          restartStuckAgents(replication);
          replication.run((25 * HOUR) as Micros);
          check(replication);
          for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++) {
            const services = world.clusters.isHosted(cluster) ? HOSTED_SERVICES : MANAGEMENT_SERVICES;
            for (const service of services) {
              const without = service === 'webhooks' && world.clusters.names[cluster] === 't-0';
              expect(world.health.value(cluster, service), service).toBe(without ? Number.NaN : 1);
            }
          }
          for (let set = 0 as SetId; set < world.sets.table.length; set++) {
            expect(world.pods.ofSet.count(set)).toBe(world.sets.replicas.at(set));
          }
        },
      ),
      { seed: 20261120, numRuns: 60 },
    );
  });
});

describe('services', () => {
  const day = (faults: Fault[], fleet = FLEET, parameters: ParameterOverrides = {}) => {
    const plan = scenarioOf(fleet, { faults, duration: (6 * HOUR) as Micros, parameters });
    const replication = new Replication(plan, 0);
    replication.run((6 * HOUR) as Micros);
    return replication;
  };
  const outages = (replication: Replication, service: string, name: string) =>
    replication.outages().filter((o) => o.service === service && o.labels.hostedCluster === name);

  it('a lost worker costs its replicas until they run elsewhere: detection, toleration, start', () => {
    const lost: Fault = {
      kind: 'workerFailure',
      at: HOUR,
      label: 'w',
      workers: [{ hostedCluster: 't-0', nodePool: 'workers', ordinal: 0 }],
    };
    const [dip] = outages(day([lost]), 'workloads', 't-0');
    expect(dip!.lowest).toBeLessThan(1);
    expect((dip!.to - dip!.from) / 1e6).toBeGreaterThan(40 + 300);
    expect((dip!.to - dip!.from) / 1e6).toBeLessThan(55 + 300 + 30);
  });

  it('while the hosted API is away a lost worker costs its replicas for as long: nobody reschedules', () => {
    const frozen: Fault[] = [
      { kind: 'nodeFailure', at: HOUR, duration: (2 * HOUR) as Micros, label: 'n', nodes: NODES },
      {
        kind: 'workerFailure',
        at: (HOUR + MINUTE) as Micros,
        label: 'w',
        workers: [{ hostedCluster: 't-0', nodePool: 'workers', ordinal: 0 }],
      },
    ];
    const [dip] = outages(day(frozen), 'workloads', 't-0');
    expect(dip!.to).toBeGreaterThan(3 * HOUR + 50e6 + 300e6);
  });

  it('a crashed API server pod leaves its endpoint within a second and does not take the API down', () => {
    const crash: Fault = {
      kind: 'podFailure',
      at: HOUR,
      duration: (10 * MINUTE) as Micros,
      label: 'p',
      pods: [{ hostedCluster: 't-0', component: 'kube-apiserver', ordinal: 1 }],
    };
    const [dip, ...more] = outages(day([crash]), 'api', 't-0');
    expect(more).toEqual([]);
    expect(dip!.lowest).toBeCloseTo(2 / 3, 12);
    expect(dip!.to - dip!.from).toBe(1_000_000);
    expect(dip!.causes).toEqual(['p', 'endpoint of kube-apiserver-1 stale']);
  });

  it('identity providers in the data plane need a worker: without workers nobody logs in, and the result says why', () => {
    const bare = fleetOf(management(ZONES, 6), [
      hostedCluster('t-0', { nodePools: [], oauthNeedsDataPlane: true }),
      hostedCluster('t-1', { nodePools: [] }),
    ]);
    const replication = day([], bare);
    const [never] = outages(replication, 'oauth', 't-0');
    expect(never).toMatchObject({ from: 0, lowest: 0, open: true });
    expect(never!.causes).toEqual(['no Konnectivity agent to reach the data plane through']);
    expect(outages(replication, 'oauth', 't-1')).toEqual([]);
    const ids = replication
      .metrics()
      .filter((value) => value.metric === 'tunnel.availability' || value.metric === 'workloads.availability');
    expect(ids).toEqual([]);
  });

  it('KubeVirt workers live and die with the management nodes they are virtual machines on', () => {
    const virtual = fleetOf(management(ZONES, 6), [
      hostedCluster('t-0', {
        platform: 'KubeVirt',
        nodePools: [pool(3, { machine: { cpuMillis: 2000, memoryMib: 8192, pods: 250 } })],
      }),
    ]);
    const replication = day(
      [{ kind: 'zoneOutage', at: HOUR, duration: HOUR, label: 'zone', places: ['a'] }],
      virtual,
    );
    const dips = outages(replication, 'workloads', 't-0');
    expect(dips.length).toBeGreaterThan(0);
    expect(dips[0]!.from).toBe(HOUR);
    expect(dips[0]!.causes[0]).toBe('zone');
    expect(replication.fleet.world.health.value(1 as ClusterId, 'workloads')).toBe(1);
  });

  it('KubeVirt workers that find no node are why nothing runs and nothing is reached', () => {
    const nowhere = fleetOf(management(ZONES, 6), [
      hostedCluster('t-0', { platform: 'KubeVirt', nodePools: [pool(2, { nodeSelector: { gpu: 'yes' } })] }),
    ]);
    const replication = day([], nowhere);
    for (const service of ['tunnel', 'workloads']) {
      const [never] = outages(replication, service, 't-0');
      expect(never!.causes[0], service).toMatch(
        /^pod virt-launcher-workers-0 fits on no node \(3 node\(s\) had untolerated taint .*, 6 node\(s\) didn't match Pod's node affinity\/selector\)$/,
      );
    }
  });

  it('a lost worker is blamed for its own replicas, whatever else the zone took', () => {
    const zoned = fleetOf(management(ZONES, 6), [
      hostedCluster('t-0', { nodePools: [pool(3, { zones: ['a', 'b', 'c'] })] }),
    ]);
    const replication = day(
      [{ kind: 'zoneOutage', at: HOUR, duration: HOUR, label: 'zone', places: ['a'] }],
      zoned,
    );
    const [dip] = outages(replication, 'workloads', 't-0');
    expect(dip!.causes.slice(0, 2)).toEqual(['zone', 'node t-0-workers-0 lost']);
    expect(dip!.causes.at(-1)).toMatch(/^app-\d on a lost node$/);
  });

  it('an outage whose reason changes says so: controllers first wait for one lease, then for the other', () => {
    const lost: Fault = {
      kind: 'podFailure',
      at: HOUR,
      duration: (10 * MINUTE) as Micros,
      label: 'both',
      pods: ['kube-controller-manager', 'kube-scheduler'].flatMap((component) =>
        [0, 1].map((o) => ({ hostedCluster: 't-0', component, ordinal: o })),
      ),
    };
    const [dip] = outages(day([lost]), 'controllers', 't-0');
    const last = dip!.segments.map((segment) => segment.causes.at(-1));
    expect(last).toEqual([
      'lease of kube-controller-manager of t-0 lost its holder',
      'lease of kube-scheduler of t-0 lost its holder',
    ]);
  });

  it('a Konnectivity server that is back is reached once an agent has found it', () => {
    const gone: Fault = {
      kind: 'konnectivityFailure',
      at: HOUR,
      duration: (10 * MINUTE) as Micros,
      label: 'server',
      side: 'server',
      targets: [{ hostedCluster: 't-0', ordinal: 0 }],
    };
    const redial = { konnectivity: { redialFrom: 0 } };
    const back = outages(day([gone], FLEET, redial), 'tunnel', 't-0').at(-1)!;
    expect(back.causes.at(-1)).toBe('no agent has found the Konnectivity server of kube-apiserver-0 yet');
    expect(back.endedBy.at(-1)).toMatch(/^agent of t-0-workers-\d found server 0$/);
  });

  describe('over Konnectivity', () => {
    const agents = (side: 'agent' | 'server', ordinals: readonly number[], name = 't-1'): Fault => ({
      kind: 'konnectivityFailure',
      at: HOUR,
      duration: (10 * MINUTE) as Micros,
      label: 'links',
      side,
      targets: ordinals.map((o) => ({ hostedCluster: name, ordinal: o })),
    });
    const ownAgents: Fault = {
      kind: 'podFailure',
      at: HOUR,
      duration: (10 * MINUTE) as Micros,
      label: 'own agents',
      pods: [0, 1].map((o) => ({ hostedCluster: 't-0', component: 'konnectivity-agent', ordinal: o })),
    };
    const hit = (replication: Replication, name: string) =>
      [...new Set(replication.outages().map((o) => o.labels.hostedCluster === name && o.service))].sort();

    it('workers lose logs, fail-closed webhooks and identity providers behind them, and nothing of the control plane', () => {
      const done = day([agents('agent', [0, 1])]);
      expect(hit(done, 't-1')).toEqual(['oauth', 'tunnel', 'webhooks']);
      for (const service of ['oauth', 'tunnel', 'webhooks']) {
        const [gone] = outages(done, service, 't-1');
        expect(gone).toMatchObject({ from: HOUR, lowest: 0 });
        expect(gone!.causes[0]).toBe('links');
      }
    });

    it('the agents beside the control plane are the way to its aggregated APIs, and so to logins', () => {
      const done = day([ownAgents]);
      expect(hit(done, 't-0')).toEqual(['aggregatedApis', 'oauth']);
      const [gone] = outages(done, 'aggregatedApis', 't-0');
      expect(gone).toMatchObject({ from: HOUR, lowest: 0 });
      expect(gone!.causes).toEqual(['own agents', 'konnectivity-agent-0 down']);
    });

    it('a server without agents fails every third dial, and no connection that is kept open', () => {
      const done = day([agents('server', [0], 't-0')]);
      expect(done.fleet.world.konnectivity.tunnels.stuck(1 as ClusterId)).toBe(0b001);
      expect(hit(done, 't-0')).toEqual(['tunnel']);
      expect(done.fleet.world.health.value(1 as ClusterId, 'tunnel')).toBeCloseTo(2 / 3, 12);
    });

    it('webhooks have a number only where some fail closed', () => {
      const given = day([])
        .metrics()
        .filter((value) => value.metric === 'webhooks.availability');
      expect(given.map((value) => value.labels.hostedCluster)).toEqual(['t-1']);
    });
  });

  it('workers in a zone of the fleet go down with it, workers elsewhere do not', () => {
    const zoned = fleetOf(management(ZONES, 6), [
      hostedCluster('t-0', { nodePools: [pool(3, { zones: ['a', 'b', 'c'] })] }),
      hostedCluster('t-1'),
    ]);
    const replication = day(
      [{ kind: 'zoneOutage', at: HOUR, duration: HOUR, label: 'zone', places: ['a'] }],
      zoned,
    );
    expect(outages(replication, 'workloads', 't-0')).toHaveLength(1);
    expect(outages(replication, 'workloads', 't-1')).toEqual([]);
  });

  it('a hosted cluster whose control plane finds no room never had workloads', () => {
    const full = management(ZONES, 3);
    const tiny = {
      ...full,
      nodes: full.nodes.map((entry) => ({ ...entry, allocatable: { ...entry.allocatable, pods: 12 } })),
    };
    const replication = day([], fleetOf(tiny, [hostedCluster('t-0')]));
    for (const service of ['api', 'controllers', 'workloads']) {
      const [never] = outages(replication, service, 't-0');
      expect(never, service).toMatchObject({ from: 0, lowest: 0, open: true });
    }
    expect(outages(replication, 'api', 't-0')[0]!.causes).toEqual([
      expect.stringMatching(/^pod etcd-0 fits on no node \(.*3 Too many pods.*\)$/),
      'etcd-0 Pending',
    ]);
  });
});
