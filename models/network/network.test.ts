import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { Role } from '../hosted/roles.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import { ZONE_STATE } from '../kubernetes/node-zones.ts';
import type { Fault, NetworkSide } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { newLacks } from '../results/redundancy.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const TENANTS = ['t-0', 't-1', 't-2'];
const FLEET = fleetOf(
  management(ZONES, 6),
  TENANTS.map((name) => hostedCluster(name)),
);
const h = (hours: number): Micros => (hours * HOUR) as Micros;

const side = (more: Partial<NetworkSide>): NetworkSide => ({
  places: [],
  nodes: [],
  managementControlPlanes: [],
  workers: [],
  ...more,
});
const cut = (one: Partial<NetworkSide>, from?: Partial<NetworkSide>, at = h(1), duration = h(1)): Fault => ({
  kind: 'networkPartition',
  at,
  duration,
  label: 'cut',
  side: side(one),
  ...(from === undefined ? {} : { from: side(from) }),
});

function at(faults: readonly Fault[], until: number, fleet = FLEET): Replication {
  const replication = new Replication(scenarioOf(fleet, { faults }), 0);
  replication.run(until as Micros);
  return replication;
}

const nodeOf = ({ fleet }: Replication, name: string): NodeId => fleet.nodes.get(name)!;

describe('a zone that is cut off', () => {
  const during = at([cut({ places: ['a'] })], h(1) + 30 * MINUTE);
  const { world } = during.fleet;

  it('leaves every etcd one leader, outside the zone', () => {
    for (const name of ['mgmt', ...TENANTS]) {
      const cluster = (during.fleet.hostedClusters.get(name) ??
        during.fleet.managementClusters.get(name)) as ClusterId;
      const ensemble =
        name === 'mgmt' ? world.management.ensemble(cluster) : world.hosted.ensemble.at(cluster);
      const leader = world.ensembles.leader.at(ensemble);
      expect(leader).not.toBe(NONE);
      const where = world.paths.memberAt(leader) as NodeId;
      expect(world.places.names[world.machines.zone.at(where)]).not.toBe('a');
    }
  });

  it('makes its nodes Unknown and their pods Terminating, while their processes run on', () => {
    const node = nodeOf(during, 'h-0');
    expect(world.machines.running(node)).toBe(true);
    expect(world.lifecycle.ready(node)).toBe(false);
    const pods = world.pods.ofNode.list(node);
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods) {
      expect(world.pods.terminating(pod)).toBe(true);
      expect(world.pods.isRunning(pod)).toBe(true);
    }
  });

  it('costs a third of requests until detection, and no hosted API', () => {
    const done = ran(scenarioOf(FLEET, { faults: [cut({ places: ['a'] })], duration: h(6) }));
    for (const tenant of TENANTS) {
      expect(metric(done, 'api.uptime', tenant)).toBe(1);
      const degraded = metric(done, 'api.degraded', tenant);
      expect(degraded).toBeGreaterThan(40);
      expect(degraded).toBeLessThan(75);
    }
  });

  it('when the network is back, the processes of deleted pods end and every zone is as before', () => {
    const after = at([cut({ places: ['a'] })], h(4));
    const healed = after.fleet.world;
    for (let pod = 0; pod < healed.pods.table.length; pod++) {
      if (healed.pods.set.at(pod as never) === NONE) continue;
      expect(healed.pods.terminating(pod as never)).toBe(false);
      expect(healed.pods.isRunning(pod as never)).toBe(true);
    }
  });
});

describe('workers that are cut off from their control plane', () => {
  const during = at([cut({ workers: ['t-0'] })], h(1) + 30 * MINUTE);
  const { world } = during.fleet;
  const cluster = during.fleet.hostedClusters.get('t-0')!;

  it('are all Unknown, which their controller manager takes for a fault of its own: nobody is evicted', () => {
    for (const worker of world.machines.ofCluster.list(cluster)) {
      expect(world.lifecycle.ready(worker)).toBe(false);
      expect(world.lifecycle.tainted(worker)).toBe(false);
    }
    for (const zone of world.lifecycle.zones.ofCluster.list(cluster))
      expect(world.lifecycle.zones.state.at(zone)).toBe(ZONE_STATE.full);
    expect(world.health.value(cluster, 'workloads')).toBe(1);
    expect(world.health.value(cluster, 'api')).toBe(1);
  });

  it('would not be joined by another: its ignition is as far away', () => {
    expect(world.health.value(cluster, 'join')).toBe(0);
    const [outage] = during.outages().filter(({ service }) => service === 'join');
    expect(outage!.causes).toEqual(['cut', expect.stringMatching(/^node t-0-.*-0 cut off from its API$/)]);
  });

  it('do not concern other tenants', () => {
    const other = during.fleet.hostedClusters.get('t-1')!;
    expect(world.health.value(other, 'join')).toBe(1);
    for (const worker of world.machines.ofCluster.list(other))
      expect(world.lifecycle.ready(worker)).toBe(true);
  });
});

describe('a node that is cut off from its management control plane only', () => {
  const faults = [cut({ nodes: ['h-0'] }, { managementControlPlanes: ['mgmt'] })];

  it('goes on serving: no request fails, no etcd loses a member or a leader', () => {
    const done = ran(scenarioOf(FLEET, { faults, duration: h(6) }));
    for (const tenant of TENANTS) {
      expect(metric(done, 'api.availability', tenant)).toBe(1);
      expect(metric(done, 'etcd.availability', tenant)).toBe(1);
      expect(metric(done, 'workloads.availability', tenant)).toBe(1);
    }
  });

  it('is Ready to everybody until the grace period is over, although nobody hears it', () => {
    const silent = at(faults, h(1) + 20 * SECOND);
    const { world } = silent.fleet;
    const node = nodeOf(silent, 'h-0');
    expect(world.lifecycle.ready(node)).toBe(true);
    expect(world.contact.present(node)).toBe(false);
  });
});

describe('a management control plane that is cut off from all its nodes', () => {
  it('costs no request meanwhile, like one that has stopped: no proxy hears that endpoints are to go', () => {
    const during = at([cut({ managementControlPlanes: ['mgmt'] })], h(2) - MINUTE);
    expect(during.outages().filter(({ service }) => service === 'api')).toEqual([]);
    const { world } = during.fleet;
    for (const name of ['h-0', 'h-1', 'h-2']) expect(world.lifecycle.ready(nodeOf(during, name))).toBe(false);
  });

  it('stops no tunnel, login or aggregated API, although it deletes the pods of servers and agents: no kubelet hears of that', () => {
    const during = at([cut({ managementControlPlanes: ['mgmt'] })], h(2) - MINUTE);
    const { world, hostedClusters } = during.fleet;
    for (const cluster of hostedClusters.values()) {
      for (const role of ['kube-apiserver', 'konnectivity-agent'] as const) {
        const pods = world.pods.ofSet.list(world.hosted.set(cluster, role) as SetId);
        expect(pods.some((pod) => world.pods.terminating(pod) && world.pods.isRunning(pod))).toBe(true);
      }
    }
    const hosted = during.outages().filter(({ service }) => service !== 'lifecycle');
    expect(hosted).toEqual([]);
  });

  it('leaves each tunnel as it was when kubelets have ended what was deleted and others run', () => {
    const { world } = at([cut({ managementControlPlanes: ['mgmt'] })], h(3)).fleet;
    for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++)
      if (world.clusters.isHosted(cluster))
        for (const service of ['tunnel', 'oauth', 'aggregatedApis'] as const)
          expect(world.health.value(cluster, service)).toBe(1);
  });
});

describe('a leader on a node that only its kubelet cannot speak from', () => {
  it('leads on while its pod is Terminating, since it reaches the API that its lease lives in', () => {
    const during = at([cut({ nodes: ['h-0'] }, { managementControlPlanes: ['mgmt'] })], h(1) + 50 * MINUTE);
    const { world, hostedClusters } = during.fleet;
    const terminating = world.pods.ofNode
      .list(nodeOf(during, 'h-0'))
      .filter((pod) => world.pods.terminating(pod));
    expect(terminating.length).toBeGreaterThan(0);
    for (const cluster of hostedClusters.values()) expect(world.health.value(cluster, 'controllers')).toBe(1);
    const leaders = during.outages().filter(({ service }) => service === 'controllers');
    expect(leaders).toEqual([]);
  });
});

describe('impairments', () => {
  it('all zones from all zones is each zone from each other', () => {
    const { world } = at(
      [cut({ places: ['a', 'b', 'c'] }, { places: ['a', 'b', 'c'] })],
      h(1) + MINUTE,
    ).fleet;
    const of = (zone: string): NodeId[] =>
      world.machines.names
        .map((_, node) => node as NodeId)
        .filter((node) => world.places.names[world.machines.zone.at(node)] === zone);
    for (const x of ZONES)
      for (const y of ZONES)
        expect(world.network.reaches(of(x)[0]!, of(y)[1]!), `${x} to ${y}`).toBe(x === y);
  });

  it('nest: of two delays the longer counts, and both sides reach each other when the last cut is over', () => {
    const slow = (roundTrip: number, from: number, hours: number): Fault => ({
      kind: 'networkLatency',
      at: h(from),
      duration: h(hours),
      label: 'slow',
      side: side({ places: ['a'] }),
      roundTrip: roundTrip as Micros,
    });
    const faults = [
      slow(80 * MILLISECOND, 1, 3),
      slow(300 * MILLISECOND, 2, 1),
      cut({ places: ['a'] }, undefined, h(2.5), h(2)),
      cut({ places: ['a'] }, undefined, h(2.5), h(2)),
    ];
    const replication = new Replication(scenarioOf(FLEET, { faults }), 0);
    const { network } = replication.fleet.world;
    const seen = [0.5, 1.5, 2.2, 2.7, 4.2, 5].map((hours) => {
      replication.run(h(hours));
      return network.roundTrip(nodeOf(replication, 'h-0'), nodeOf(replication, 'h-1')) / MILLISECOND;
    });
    expect(seen).toEqual([1, 80, 300, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1]);
  });

  it('round trips that would make requests time out are remarked as coarse', () => {
    const lines = (roundTrip: number): string[] => {
      const latency: Fault = {
        at: HOUR,
        kind: 'networkLatency',
        label: 'far',
        side: { places: ['a'], nodes: [], managementControlPlanes: [], workers: [] },
        roundTrip: roundTrip as Micros,
      };
      const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t')]);
      return ran(scenarioOf(fleet, { faults: [latency], duration: (2 * HOUR) as Micros })).remarks.lines();
    };
    expect(lines(9.9 * SECOND).join()).toContain('renewals of leases is not simulated below 10s');
    expect(lines(0.1 * SECOND).join()).not.toContain('not simulated');
  });

  it("round trips above the vendor's limits are remarked, below them not", () => {
    const slow = (roundTrip: number, one: Partial<NetworkSide>): Fault => ({
      kind: 'networkLatency',
      at: h(1),
      duration: h(1),
      label: 'slow',
      side: side(one),
      roundTrip: (roundTrip * MILLISECOND) as Micros,
    });
    const remarks = (fault: Fault): string[] => at([fault], h(2)).remarks.lines();
    expect(remarks(slow(49, { places: ['a'] }))).toEqual([]);
    expect(remarks(slow(51, { places: ['a'] })).join()).toMatch(
      /mgmt, t-0.*51 ms between etcd members.*50ms/,
    );
    expect(remarks(slow(199, { workers: ['t-1'] }))).toEqual([]);
    expect(remarks(slow(201, { workers: ['t-1'] })).join()).toMatch(/t-1: round trips of 201 ms to workers/);
  });
});

describe('round trips longer than the election timeout', () => {
  it('cost etcd its leader and the API its etcd, since no heartbeat is answered in time', () => {
    const slow = (roundTrip: number): Fault => ({
      kind: 'networkLatency',
      at: h(1),
      duration: h(0.5),
      label: 'slow',
      side: side({ places: ['a', 'b', 'c'] }),
      from: side({ places: ['a', 'b', 'c'] }),
      roundTrip: roundTrip as Micros,
    });
    const downtime = (roundTrip: number): number =>
      metric(ran(scenarioOf(FLEET, { faults: [slow(roundTrip)], duration: h(3) })), 'api.downtime', 't-0');
    expect(downtime(900 * MILLISECOND)).toBe(0);
    expect(downtime(3 * SECOND)).toBeGreaterThan(29 * 60);
  });
});

describe('any partitions that overlap', () => {
  const sides = fc.constantFrom<Partial<NetworkSide>>(
    { places: ['a'] },
    { places: ['b'] },
    { places: ['a', 'b'] },
    { nodes: ['h-0', 'h-4'] },
    { workers: ['t-0'] },
    { managementControlPlanes: ['mgmt'] },
  );
  const drawn = fc.record({
    one: sides,
    from: fc.option(sides, { nil: undefined }),
    at: fc.integer({ min: 60, max: 120 }),
    lasts: fc.integer({ min: 1, max: 90 }),
  });
  // A release whose agents look again for servers that they have lost.
  const release = '5.0.2';
  const fleet = fleetOf(management(ZONES, 6), [
    hostedCluster('t-0', {
      release,
      nodePools: [pool(3, { autoRepair: true, zones: [...ZONES] })],
    }),
    hostedCluster('t-1', { release, controllerAvailabilityPolicy: 'SingleReplica' }),
  ]);

  it('that end while the API is away leave no deleted pod behind: a kubelet that was cut off asks as soon as it can', () => {
    const outage = managementAway(h(1.5), h(2));
    const done = at([cut({ nodes: ['h-0', 'h-1'] }), outage], h(12));
    expect(newLacks(done.fleet, done.beginning).filter(({ what }) => !what.startsWith('tunnel'))).toEqual([]);
  });

  it('that end before a leader has a new pod do not keep that one from its lease', () => {
    const [dead]: Fault[] = [
      {
        kind: 'nodeFailure',
        at: h(1),
        duration: h(1),
        label: 'dead',
        nodes: FLEET.managementClusters[0]!.nodes.filter((node) => !node.controlPlane).map(
          ({ name }) => name,
        ),
      },
    ];
    const done = at(
      [cut({ managementControlPlanes: ['mgmt'] }, undefined, h(1), (2 * MINUTE) as Micros), dead!],
      h(12),
    );
    expect(metric(done, 'lifecycle.availability')).toBeLessThan(1);
    expect(done.fleet.world.health.value(0 as ClusterId, 'lifecycle')).toBe(1);
  });

  it('and disks that stall at once leave every service what it is from scratch', () => {
    const stuck: Fault = {
      kind: 'slowDisk',
      at: h(1),
      duration: (30 * SECOND) as Micros,
      label: 'disks',
      nodes: [],
      storageClasses: [{ managementCluster: 'mgmt', name: 'standard' }],
      members: [],
    };
    const done = at([cut({ places: ['c'] }, undefined, h(1), (10 * SECOND) as Micros), stuck], h(1) + 1);
    const { health, clusters } = done.fleet.world;
    for (let cluster = 1 as ClusterId; cluster < clusters.count; cluster++)
      expect(health.value(cluster, 'api')).toBe(health.compute(cluster, 'api'));
  });

  it('never give an etcd a leader without a majority, and when all are over everything runs and every service is back', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (list) => {
        const faults = list.map(({ one, from, at: begin, lasts }) =>
          cut(one, from, (begin * MINUTE) as Micros, (lasts * MINUTE) as Micros),
        );
        const replication = new Replication(scenarioOf(fleet, { faults }), 0);
        const { world, hostedClusters } = replication.fleet;
        for (let minute = 60; minute < 240; minute += 7) {
          replication.run((minute * MINUTE) as Micros);
          for (let ensemble = 0; ensemble < world.ensembles.table.length; ensemble++) {
            const leader = world.ensembles.leader.at(ensemble as never);
            if (leader !== NONE) expect(world.ensembles.members.hasMajority(leader)).toBe(true);
          }
          for (const cluster of hostedClusters.values())
            for (const service of ['api', 'etcd', 'controllers', 'tunnel', 'workloads'] as const)
              expect(world.health.value(cluster, service)).toBe(world.health.compute(cluster, service));
        }
        replication.run(h(12));
        for (const cluster of hostedClusters.values())
          for (const service of ['api', 'etcd', 'controllers', 'tunnel', 'oauth', 'workloads'] as const)
            expect(world.health.value(cluster, service), service).toBe(1);
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});

describe('clients of a hosted API that the network keeps from nodes', () => {
  const outside = (plan: Partial<HostedClusterPlan>, places: readonly string[]): Replication =>
    at([cut({ places })], h(1) + 10 * MINUTE, fleetOf(management(ZONES, 6), [hostedCluster('t-0', plan)]));
  const api = ({ fleet }: Replication): number =>
    fleet.world.health.value(fleet.hostedClusters.get('t-0')!, 'api');

  it('reach nothing when all servers with an etcd are on the other side', () => {
    for (const platform of ['AWS', 'Agent'] as const) {
      const during = outside({ platform }, ['a', 'b']);
      const { world, hostedClusters } = during.fleet;
      expect(api(during), platform).toBe(0);
      // The two zones go on among themselves.
      expect(world.health.value(hostedClusters.get('t-0')!, 'controllers')).toBe(1);
    }
  });

  it('that they address by NodePort lose its share for as long as the cut lasts, as without power', () => {
    const plan = { services: { APIServer: 'NodePort' } } as const;
    expect(api(outside(plan, ['a']))).toBeCloseTo(2 / 3, 12);
    expect(api(at([], h(2), fleetOf(management(ZONES, 6), [hostedCluster('t-0', plan)])))).toBe(1);
  });

  it('come in where an announced address has moved to, and the cut node announces to nobody', () => {
    const fleet = fleetOf(
      management(ZONES, 6),
      Array.from({ length: 12 }, (_, i) => hostedCluster(`t-${i}`, { platform: 'Agent' })),
    );
    const moved = ({ fleet: { world } }: Replication): number => {
      let count = 0;
      for (let i = 1; i < world.sim.facts.length; i++)
        if (world.sim.facts.get(i as never).kind.name === 'address-moved') count++;
      return count;
    };
    const cutting = [cut({ places: ['a'] })];
    const during = at(cutting, h(1) + 10 * MINUTE, fleet);
    for (const cluster of during.fleet.hostedClusters.values())
      expect(during.fleet.world.health.value(cluster, 'api')).toBe(1);
    expect(moved(during)).toBeGreaterThan(0);
    expect(moved(during)).toBeLessThan(12);
    expect(moved(at(cutting, h(4), fleet)), 'nothing moves back').toBe(moved(during));
  });

  it('do not care for a cut between other parts', () => {
    const faults = [cut({ places: ['a'] }, { workers: ['t-0'] })];
    const plan = { services: { APIServer: 'NodePort' } } as const;
    const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t-0', plan)]);
    expect(api(at(faults, h(1) + 10 * MINUTE, fleet))).toBe(1);
  });
});

describe('what the control plane asks of pods that are cut off', () => {
  const podOf = ({ fleet: { world, hostedClusters } }: Replication, role: Role): PodId =>
    world.pods.ofSet.first(world.hosted.set(hostedClusters.get('t-0')!, role) as SetId) as PodId;

  it('fails in the share of each listed endpoint, until it is dropped', () => {
    const during = at([cut({ places: ['a'] })], h(1) + 20 * SECOND);
    const { world } = during.fleet;
    const cluster = during.fleet.hostedClusters.get('t-0')!;
    const own = world.konnectivity.tunnels.kept(cluster, 'controlPlane');
    expect(own).toBeGreaterThan(0);
    expect(world.health.value(cluster, 'api')).toBeCloseTo(2 / 3, 12);
    expect(world.health.value(cluster, 'aggregatedApis')).toBeCloseTo((2 / 3) * own * (2 / 3), 12);
    expect(world.health.value(cluster, 'oauth')).toBeCloseTo((2 / 3) * own * (2 / 3), 12);
    const later = at([cut({ places: ['a'] })], h(1) + 30 * MINUTE);
    expect(later.fleet.world.health.value(cluster, 'oauth')).toBe(1);
  });

  it('no machine is acted on while those who do reach the management cluster and not the hosted API', () => {
    const before = at([], h(1));
    const { world: calm } = before.fleet;
    const home = calm.machines.names[calm.pods.node.at(podOf(before, 'cluster-api'))]!;
    const others = management(ZONES, 6)
      .nodes.map(({ name }) => name)
      .filter((name) => name.startsWith('h-') && name !== home);
    const faults = [cut({ nodes: [home] }, { nodes: others })];
    const during = at(faults, h(1) + 20 * MINUTE);
    const { world } = during.fleet;
    const cluster = during.fleet.hostedClusters.get('t-0')!;
    expect(world.leadership.held(cluster, 'cluster-api')).toBe(true);
    expect(world.hosted.managesMachines(cluster)).toBe(false);
    expect(at(faults, h(3)).fleet.world.hosted.managesMachines(cluster)).toBe(true);
  });

  it('nobody joins while the machine approver does not reach the API', () => {
    const before = at([], h(1));
    const home = before.fleet.world.pods.node.at(podOf(before, 'machine-approver'));
    const zone = before.fleet.world.places.names[before.fleet.world.machines.zone.at(home)]!;
    const during = at([cut({ places: [zone] })], h(1) + 4 * MINUTE);
    const cluster = during.fleet.hostedClusters.get('t-0')!;
    expect(during.fleet.world.pods.isRunning(podOf(during, 'machine-approver'))).toBe(true);
    expect(during.fleet.world.health.value(cluster, 'controllers')).toBe(1);
    expect(during.fleet.world.health.value(cluster, 'join')).toBe(0);
  });
});
