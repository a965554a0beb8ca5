import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import type { World } from '../world.ts';

const KUBECTL = { by: 'kubectl', retry: 5 * SECOND, timeout: 0, skipUnreachable: 0 } as const;

function prepared(hosted: readonly HostedClusterPlan[], faults: readonly Fault[] = []) {
  const replication = new Replication(scenarioOf(fleetOf(management(ZONES, 6), hosted), { faults }), 0);
  const { world, nodes } = replication.fleet;
  const drained: { node: NodeId; at: number }[] = [];
  world.drains.drained.subscribe((node) => drained.push({ node, at: world.sim.now }));
  const run = (until: number) => replication.run(until as Micros);
  return { world, nodes, drained, run };
}

describe('a drained node', () => {
  it('is empty when it is drained, takes nobody, and takes pods again once it is uncordoned', () => {
    const { world, nodes, drained, run } = prepared([hostedCluster('t')]);
    const node = nodes.get('h-0')!;
    run(HOUR);
    expect(world.pods.ofNode.count(node)).toBeGreaterThan(0);
    world.drains.begin(node, KUBECTL);
    run(2 * HOUR);
    expect(drained).toHaveLength(1);
    expect(world.pods.ofNode.count(node)).toBe(0);
    expect(world.drains.cordoned(node)).toBe(true);
    world.drains.uncordon(node);
    world.drains.begin(nodes.get('h-3')!, KUBECTL);
    run(3 * HOUR);
    // The other node of the zone: replicas that must stand in this zone can only have come here.
    expect(world.pods.ofNode.count(nodes.get('h-3')!)).toBe(0);
    expect(world.pods.ofNode.count(node)).toBeGreaterThan(0);
  });

  it('of Cluster API is found empty at its next look, 20 s after the one that had its pods leave', () => {
    const { world, nodes, drained, run } = prepared([hostedCluster('t')]);
    const spec = { ...KUBECTL, by: 'clusterAPI', retry: 20 * SECOND } as const;
    const node = nodes.get('h-0')!;
    run(HOUR);
    const empty = [...nodes.values()].find((one) => world.pods.ofNode.count(one) === 0)!;
    expect(world.pods.ofNode.count(node)).toBeGreaterThan(0);
    world.drains.begin(node, spec);
    world.drains.begin(empty, spec);
    run(2 * HOUR);
    expect(drained[0]).toEqual({ node: empty, at: HOUR });
    expect(drained[1]!.node).toBe(node);
    expect(drained[1]!.at).toBeGreaterThan(HOUR);
    expect((drained[1]!.at - HOUR) % spec.retry).toBe(0);
  });

  it('of Cluster API is given up at the first look after nodeDrainTimeout', () => {
    const single = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica' });
    const { world, drained, run } = prepared([single]);
    const etcd = world.pods.find(world.sets.names.indexOf('etcd') as SetId, 0) as PodId;
    const node = world.pods.node.at(etcd);
    run(HOUR);
    world.drains.begin(node, {
      by: 'clusterAPI',
      retry: 20 * SECOND,
      timeout: 50 * SECOND,
      skipUnreachable: 0,
    });
    run(2 * HOUR);
    expect(drained).toEqual([{ node, at: HOUR + MINUTE }]);
  });

  it('in attempts is given up after 90 s, and found empty by the next one only', () => {
    const { world, drained, run } = prepared([hostedCluster('t')]);
    const stalled: number[] = [];
    world.drains.stalled.subscribe(() => stalled.push(world.sim.now - HOUR));
    const server = world.pods.find(world.sets.names.indexOf('kube-apiserver') as SetId, 0) as PodId;
    const node = world.pods.node.at(server);
    run(HOUR);
    world.drains.begin(node, { ...KUBECTL, by: 'machineConfigOperator' });
    run(2 * HOUR);
    // A kube-apiserver takes 70 + 25 s to end: that is too long for the first attempt, and the pause after it lasts a minute.
    expect(stalled).toEqual([90 * SECOND]);
    expect(drained).toEqual([{ node, at: HOUR + 150 * SECOND }]);
  });

  it('in attempts tells what is left on it after each attempt in which, or before which, a pod has left', () => {
    const single = hostedCluster('single', { controllerAvailabilityPolicy: 'SingleReplica' });
    const { world, run } = prepared([single, ...['a', 'b', 'c'].map((name) => hostedCluster(name))]);
    const { pods, sets } = world;
    const serversOn = (node: NodeId): number =>
      pods.ofNode.list(node).filter((pod) => sets.names[pods.set.at(pod)] === 'kube-apiserver').length;
    const first = sets.names.indexOf('kube-apiserver') as SetId;
    const node = pods.node.at(pods.find(first, 0) as PodId);
    expect(sets.replicas.at(first)).toBe(1);
    expect(serversOn(node)).toBeGreaterThan(1);
    const stalled: [number, boolean][] = [];
    world.drains.stalled.subscribe(() => {
      const leaves = pods.ofNode.list(node).some((pod) => pods.terminating(pod));
      stalled.push([(world.sim.now - HOUR) / SECOND, leaves]);
    });
    run(HOUR);
    world.drains.begin(node, { ...KUBECTL, by: 'machineConfigOperator' });
    run(2 * HOUR);
    expect(stalled).toEqual([
      [90, true],
      [240, false],
    ]);
  });

  it('keeps the pod of a SingleReplica control plane for ever, unless whoever drains runs out of patience', () => {
    const single = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica' });
    const { world, drained, run } = prepared([single]);
    const etcd = world.pods.find(world.sets.names.indexOf('etcd') as SetId, 0) as PodId;
    const node = world.pods.node.at(etcd);
    run(HOUR);
    world.drains.begin(node, KUBECTL);
    run(23 * HOUR);
    expect(drained).toEqual([]);
    expect(world.pods.isRunning(etcd)).toBe(true);
    expect(world.pods.node.at(etcd)).toBe(node);
    const before = world.sim.events;
    run(24 * HOUR);
    expect(world.sim.events - before, 'a drain that waits costs nothing').toBe(0);
    world.drains.stop(node);
    world.drains.begin(node, { ...KUBECTL, timeout: 10 * MINUTE });
    run(25 * HOUR);
    expect(drained).toEqual([{ node, at: 24 * HOUR + 10 * MINUTE }]);
  });

  it('gets a refused pod away on the first beat of five seconds after the budget has room', () => {
    const { world, run } = prepared([hostedCluster('t')]);
    const { pods, sets } = world;
    run(HOUR);
    const servers = sets.names.indexOf('kube-apiserver') as SetId;
    const [first, second] = pods.ofSet.list(servers) as [PodId, PodId];
    const firstNode = pods.node.at(first);
    const secondNode = pods.node.at(second);
    const ordinal = pods.ordinal.at(first);
    let readyAgain = 0;
    let gone = 0;
    world.endpoints.believed.subscribe((pod) => {
      if (pods.set.at(pod) === servers && pods.ordinal.at(pod) === ordinal && pods.isRunning(pod))
        readyAgain = world.sim.now;
    });
    pods.terminated.subscribe((pod) => {
      if (pods.set.at(pod) === servers && pods.ordinal.at(pod) !== ordinal && gone === 0)
        gone = world.sim.now;
    });
    world.drains.begin(firstNode, KUBECTL);
    world.drains.begin(secondNode, KUBECTL);
    run(2 * HOUR);
    expect(readyAgain).toBeGreaterThan(HOUR);
    expect(gone).toBe(HOUR + (Math.floor((readyAgain - HOUR) / KUBECTL.retry) + 1) * KUBECTL.retry);
  });

  it('waits for a silent kubelet to take its pods, or skips them after a while', () => {
    const { world, nodes, drained, run } = prepared([hostedCluster('t')]);
    const node = nodes.get('h-0')!;
    run(HOUR);
    world.machines.fail(node);
    world.drains.begin(node, KUBECTL);
    run(2 * HOUR);
    expect(drained).toEqual([]);
    world.drains.stop(node);
    world.drains.begin(node, { ...KUBECTL, skipUnreachable: 5 * MINUTE });
    run(3 * HOUR);
    // At the first look at which they are older than that.
    expect(drained).toEqual([{ node, at: 2 * HOUR + 5 * MINUTE + KUBECTL.retry }]);
  });
});

/** What pods request of a node, counted anew. */
function overCapacity(world: World): string[] {
  const found: string[] = [];
  const { machines, pods, sets, parameters } = world;
  for (let node = 0 as NodeId; node < machines.table.length; node++) {
    const hosting = !world.clusters.isHosted(machines.cluster.at(node));
    let cpu = hosting ? parameters.node.daemonCpuMillis : 0;
    let memory = hosting ? parameters.node.daemonMemoryMib : 0;
    let count = hosting ? parameters.node.daemonPods : 0;
    for (let pod = pods.ofNode.first(node); pod !== NONE; pod = pods.ofNode.next(pod)) {
      cpu += sets.cpuMillis.at(pods.set.at(pod));
      memory += sets.memoryMib.at(pods.set.at(pod));
      count++;
    }
    const over =
      cpu > machines.cpuMillis.at(node) ||
      memory > machines.memoryMib.at(node) ||
      count > machines.maxPods.at(node);
    if (over) found.push(`${machines.names[node]}: ${cpu} m, ${memory} MiB, ${count} pods`);
  }
  return found;
}

const small = { cpuMillis: 2000, memoryMib: 8192, pods: 20 };
const BUDGETS = [
  undefined,
  { bound: 'minAvailable', amount: 3, relative: false, unhealthyPods: 'IfHealthyBudget' },
  { bound: 'maxUnavailable', amount: 0.25, relative: true, unhealthyPods: 'AlwaysAllow' },
] as const;
const fleet = fc
  .record({ replicas: fc.integer({ min: 1, max: 9 }), budget: fc.constantFrom(...BUDGETS) })
  .map(({ replicas, budget }): FleetPlan => {
    const workload = { name: 'app', replicas, cpuMillis: 700, memoryMib: 1024, spread: [], budget };
    const tenants = [
      hostedCluster('high', {
        nodePools: [pool(4, { zones: ZONES, machine: small })],
        workloads: [workload],
      }),
      hostedCluster('single', { controllerAvailabilityPolicy: 'SingleReplica', nodePools: [] }),
    ];
    return fleetOf(management(ZONES, 6), tenants);
  });
const minute = fc.integer({ min: 1, max: 300 }).map((minutes) => minutes * MINUTE);
const HOSTING = ['h-0', 'h-1', 'h-2', 'h-3', 'h-4', 'h-5'];
const fault = fc
  .record({ at: minute, duration: minute, zone: fc.constantFrom('', ...ZONES) })
  .chain((base) => {
    const { zone, ...when } = base;
    const what: fc.Arbitrary<object> =
      zone === ''
        ? fc.constantFrom(...HOSTING).map((node) => ({ kind: 'nodeFailure', nodes: [node] }))
        : fc.constantFrom(
            { kind: 'zoneOutage', places: [zone] },
            { kind: 'managementControlPlaneOutage', managementClusters: ['mgmt'] },
          );
    return what.map((more) => ({ ...when, label: 'fault', ...more }) as Fault);
  });
const drain = fc.record({
  at: minute,
  node: fc.nat({ max: 12 }),
  timeout: fc.constantFrom(0, 20 * MINUTE),
  uncordon: fc.boolean(),
});

describe('drains and faults at random', () => {
  it('never break a budget by an eviction, never put more on a node than it has, and end when the faults do', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.array(fault, { maxLength: 4 }),
        fc.array(drain, { minLength: 1, maxLength: 6 }),
        (plan, faults, drains) => {
          const { world } = new Replication(scenarioOf(plan, { faults }), 0).fleet;
          const { budgets, pods } = world;
          const evict = budgets.evict.bind(budgets);
          budgets.evict = (pod) => {
            const set = pods.set.at(pod);
            // Without a disruption controller an allowance may be older than the losses since: that is so in real clusters, too.
            const live = world.clusters.controllersLive(pods.cluster(pod));
            const healthyOne = budgets.endpoints.believedReady(pod) && !pods.terminating(pod);
            const counted = live && healthyOne && budgets.has(set);
            const healthy = budgets.currentHealthy(set);
            const verdict = evict(pod);
            if (counted && verdict === 'evicted')
              expect(healthy - 1).toBeGreaterThanOrEqual(budgets.desiredHealthy(set));
            return verdict;
          };
          pods.assigned.subscribe(() => expect(overCapacity(world)).toEqual([]));
          for (const { at, node, timeout, uncordon } of [...drains].sort((a, b) => a.at - b.at)) {
            world.sim.run(at as Micros);
            const target = (node % world.machines.table.length) as NodeId;
            world.drains.begin(target, { ...KUBECTL, timeout });
            if (uncordon) world.drains.uncordon(target);
          }
          world.sim.run((24 * HOUR) as Micros);
          for (let node = 0 as NodeId; node < world.machines.table.length; node++) {
            if (!world.drains.draining(node)) continue;
            const left = pods.ofNode.list(node);
            expect(left.length).toBeGreaterThan(0);
            for (const pod of left) expect(budgets.disruptionsAllowed(pods.set.at(pod))).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
