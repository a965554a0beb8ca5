import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { NodeId, PoolId, SetId } from '../ids.ts';
import type { Fault, Scale } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, scenarioOf, ZONES } from '../testing.ts';
import { apiAway, crash, managementAway, scaled, workerLost } from './testing.ts';

const replicasOf = (replicas: number, at: number, duration?: number): Scale => ({
  ...scaled(replicas, at, duration),
  label: `scale t/app to ${replicas}`,
  pools: [],
  workloads: [{ hostedCluster: 't', workload: 'app' }],
});

function prepared(faults: readonly Fault[], tenant: Partial<HostedClusterPlan> = {}, seed = 1) {
  const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t', tenant)]);
  const replication = new Replication(scenarioOf(fleet, { faults, seed }), 0);
  const { world, hostedClusters } = replication.fleet;
  const cluster = hostedClusters.get('t')!;
  const app = world.sets.names.indexOf('app') as SetId;
  return {
    replication,
    world,
    app,
    run: (until: number) => replication.run(until as Micros),
    /** Workers whose kubelet runs and whose node is Ready. */
    workers: (): NodeId[] =>
      world.machines.ofCluster
        .list(cluster)
        .filter(
          (node) =>
            world.machines.running(node) && world.lifecycle.registered(node) && world.lifecycle.ready(node),
        ),
    existing: (): number => world.machines.ofCluster.count(cluster),
    running: (): number => world.pods.containers.runningOf.at(app),
    service: (name: Parameters<typeof world.health.value>[1]) => world.health.value(cluster, name),
  };
}

describe('a node pool that is scaled up', () => {
  it('has its new machines after provisioning and joining, and an agent on each', () => {
    const { run, workers, existing, service, world } = prepared([scaled(5, HOUR)]);
    const { provision, join } = world.parameters.nodePool;
    run(HOUR + provision + join - MINUTE);
    expect(workers()).toHaveLength(3);
    expect(existing()).toBe(5);
    run(HOUR + provision + join + MINUTE);
    expect(workers()).toHaveLength(5);
    run(2 * HOUR);
    expect(service('tunnel')).toBe(1);
  });

  it.each([
    ['the management API', managementAway(HOUR - MINUTE, 2 * HOUR)],
    ['Cluster API', crash('cluster-api', [0], HOUR - MINUTE, 2 * HOUR)],
    ['its provider', crash('capi-provider', [0], HOUR - MINUTE, 2 * HOUR)],
  ])('waits for %s before the first machine is made', (_, fault) => {
    const { run, workers, existing, world } = prepared([fault, scaled(5, HOUR)]);
    const { provision, join } = world.parameters.nodePool;
    run(3 * HOUR - 2 * MINUTE);
    expect(existing()).toBe(3);
    run(3 * HOUR + provision + join + 5 * MINUTE);
    expect(workers()).toHaveLength(5);
  });

  it.each([
    ['the hosted API', apiAway(HOUR + MINUTE, 2 * HOUR)],
    ['the ignition server', crash('ignition-server', [0, 1], HOUR + MINUTE, 2 * HOUR)],
    ['the machine approver', crash('machine-approver', [0], HOUR + MINUTE, 2 * HOUR)],
  ])('has machines that wait for %s until they can join', (_, fault) => {
    const { run, workers, existing, world } = prepared([fault, scaled(5, HOUR)]);
    run(3 * HOUR);
    expect(existing()).toBe(5);
    expect(workers().length).toBeLessThanOrEqual(3);
    run(3 * HOUR + world.parameters.nodePool.join + 10 * MINUTE);
    expect(workers()).toHaveLength(5);
  });

  it('has machines that ask in vain for their ignition while the network keeps workers from it, and boot only then', () => {
    const nowhere = { places: [], nodes: [], managementControlPlanes: [], workers: [] };
    const cut: Fault = {
      kind: 'networkPartition',
      at: (HOUR - MINUTE) as Micros,
      duration: (2 * HOUR) as Micros,
      label: 'cut',
      side: { ...nowhere, workers: ['t'] },
    };
    const over = cut.at + cut.duration!;
    const { run, workers, existing, service, world } = prepared([cut, scaled(5, HOUR)]);
    const { join } = world.parameters.nodePool;
    run(over - SECOND);
    expect(service('join')).toBe(0);
    expect(existing()).toBe(5);
    run(over + join - SECOND);
    expect(service('join')).toBe(1);
    expect(workers().length).toBeLessThanOrEqual(3);
    run(over + join + MINUTE);
    expect(workers()).toHaveLength(5);
  });
});

describe('a node pool that is scaled down', () => {
  it('drains what goes: the workload moves before the machine is deleted', () => {
    const { run, workers, existing, running, replication, world } = prepared([scaled(1, HOUR)]);
    run(2 * HOUR);
    expect(workers()).toHaveLength(1);
    expect(existing()).toBe(1);
    expect(running()).toBe(3);
    expect(world.pods.ofNode.count(workers()[0]!)).toBe(3);
    expect(replication.outages().filter((one) => one.service === 'tunnel' && one.from >= HOUR)).toEqual([]);
  });

  it('honours disruption budgets: nobody goes below them, however long it takes', () => {
    const budget = {
      bound: 'minAvailable',
      amount: 3,
      relative: false,
      unhealthyPods: 'IfHealthyBudget',
    } as const;
    const workload = { name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024, spread: [], budget };
    const { run, running, replication, existing } = prepared([scaled(1, HOUR)], { workloads: [workload] });
    run(10 * HOUR);
    expect(running()).toBe(3);
    expect(existing()).toBeGreaterThan(1);
    expect(replication.outages().filter(({ service }) => service === 'workloads')).toEqual([]);
  });

  it('deletes the machine with its pods when nodeDrainTimeout is over', () => {
    const budget = {
      bound: 'minAvailable',
      amount: 3,
      relative: false,
      unhealthyPods: 'IfHealthyBudget',
    } as const;
    const workload = { name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024, spread: [], budget };
    const pools = [pool(3, { nodeDrainTimeout: 30 * MINUTE })];
    const { run, existing, running } = prepared([scaled(1, HOUR)], {
      workloads: [workload],
      nodePools: pools,
    });
    run(HOUR + 29 * MINUTE);
    expect(existing()).toBe(3);
    // Their instances take a minute to go.
    run(HOUR + 31 * MINUTE + SECOND);
    expect(existing()).toBe(1);
    run(HOUR + 40 * MINUTE);
    expect(running()).toBe(3);
  });

  it('takes a machine without a healthy node first, and otherwise any: which, the stream says', () => {
    const lost = workerLost(1, HOUR);
    const kept = (faults: readonly Fault[], seed: number): string => {
      const { run, workers, world } = prepared(faults, {}, seed);
      run(6 * HOUR);
      return workers()
        .map((node) => world.machines.names[node])
        .sort()
        .join();
    };
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(new Set(seeds.map((seed) => kept([scaled(2, 2 * HOUR)], seed))).size).toBe(3);
    expect(new Set(seeds.map((seed) => kept([lost, scaled(2, 2 * HOUR)], seed)))).toEqual(
      new Set(['t-workers-0,t-workers-2']),
    );
  });

  it('to zero keeps its control plane, and no workers means no tunnel and no workload', () => {
    const { run, existing, service, replication, running } = prepared([scaled(0, HOUR, 3 * HOUR)]);
    run(3 * HOUR);
    expect(existing()).toBe(0);
    expect(service('api')).toBe(1);
    expect(service('tunnel')).toBeNaN();
    expect(service('workloads')).toBe(0);
    run(6 * HOUR);
    expect(existing()).toBe(3);
    expect(running()).toBe(3);
    expect(service('tunnel')).toBe(1);
    expect(metric(replication, 'api.uptime', 't')).toBe(1);
  });

  it('before its new machines are there has each of them deleted once', () => {
    const { run, existing, replication } = prepared([scaled(6, HOUR, 4 * SECOND)]);
    run(2 * HOUR);
    expect(existing()).toBe(3);
    const { facts } = replication.fleet.world.sim;
    let deleted = 0;
    for (let i = 1; i < facts.length; i++)
      if (facts.get(i as never).kind.name === 'machine-deleted') deleted++;
    expect(deleted).toBe(3);
  });

  it('needs the hosted API for the drain: nothing is evicted while it is away', () => {
    const { run, existing } = prepared([apiAway(HOUR - MINUTE, 2 * HOUR), scaled(1, HOUR)]);
    run(3 * HOUR - 2 * MINUTE);
    expect(existing()).toBe(3);
    run(4 * HOUR);
    expect(existing()).toBe(1);
  });
});

describe('a workload that is scaled', () => {
  it('has its replicas after their start; until then they are wanted and missing', () => {
    const { run, running, service } = prepared([replicasOf(6, HOUR)]);
    run(HOUR + SECOND);
    expect(service('workloads')).toBe(0.5);
    run(HOUR + MINUTE);
    expect(running()).toBe(6);
    expect(service('workloads')).toBe(1);
  });

  it('is frozen while the hosted API is away, and takes effect when it is back', () => {
    const { run, running, service } = prepared([apiAway(HOUR - MINUTE, 2 * HOUR), replicasOf(6, HOUR)]);
    run(3 * HOUR - 2 * MINUTE);
    expect(running()).toBe(3);
    expect(service('workloads')).toBe(0.5);
    run(3 * HOUR + 10 * MINUTE);
    expect(running()).toBe(6);
  });

  it('down loses replicas without a node first, then those that share a node; what is left is not missed', () => {
    const tenant = {
      workloads: [{ name: 'app', replicas: 9, cpuMillis: 3000, memoryMib: 1024, spread: [] }],
    };
    const { run, running, world, app, service } = prepared(
      [replicasOf(4, HOUR), replicasOf(3, 2 * HOUR)],
      tenant,
    );
    run(HOUR - MINUTE);
    expect(running()).toBe(6);
    run(HOUR + MINUTE);
    expect(running()).toBe(4);
    expect(service('workloads')).toBe(1);
    run(3 * HOUR);
    const nodes = world.pods.ofSet.list(app).map((pod) => world.pods.node.at(pod));
    expect(nodes).not.toContain(NONE);
    expect(new Set(nodes).size).toBe(3);
  });

  it('the last word that still stands counts, whatever ends first', () => {
    const faults = [
      replicasOf(6, HOUR, 4 * HOUR),
      replicasOf(2, 2 * HOUR, 2 * HOUR),
      replicasOf(5, 3 * HOUR),
    ];
    const { run, running } = prepared(faults);
    const after = (hours: number): number => {
      run(hours * HOUR + 10 * MINUTE);
      return running();
    };
    expect([1, 2, 3, 4, 5].map(after)).toEqual([6, 2, 5, 5, 5]);
    const nested = prepared([replicasOf(6, HOUR, 2 * HOUR), replicasOf(2, 2 * HOUR, 2 * HOUR)]);
    const then = (hours: number): number => {
      nested.run(hours * HOUR + 10 * MINUTE);
      return nested.running();
    };
    expect([1, 2, 3, 4].map(then)).toEqual([6, 2, 2, 3]);
  });
});

describe('virtual machines of a scaled pool', () => {
  const tenant: Partial<HostedClusterPlan> = {
    platform: 'KubeVirt',
    nodePools: [pool(2, { machine: { cpuMillis: 4000, memoryMib: 8192, pods: 250 } })],
    workloads: [{ name: 'app', replicas: 2, cpuMillis: 500, memoryMib: 1024, spread: [] }],
  };
  it('come as pods of the management cluster and go with them', () => {
    const { run, workers, existing, world } = prepared([scaled(4, HOUR), scaled(1, 2 * HOUR)], tenant);
    const launchers = () => {
      const set = world.sets.names.indexOf('virt-launcher-workers') as SetId;
      return world.pods.ofSet.list(set).filter((pod) => world.pods.isRunning(pod)).length;
    };
    run(HOUR - MINUTE);
    expect(launchers()).toBe(2);
    run(2 * HOUR - MINUTE);
    expect([launchers(), workers().length]).toEqual([4, 4]);
    run(3 * HOUR);
    expect([launchers(), workers().length, existing()]).toEqual([1, 1, 1]);
    expect(world.nodePools.count(0 as PoolId)).toBe(1);
  });
});
