import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway, scaled } from '../faults/testing.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const hostOfEtcd: Fault = {
  kind: 'nodeFailure',
  at: HOUR,
  label: 'node',
  nodes: [],
  hosting: [{ hostedCluster: 't', component: 'etcd', ordinal: 0 }],
};

function run(
  cluster: Partial<ManagementClusterPlan>,
  faults: Fault[],
  more: { seed?: number; tenant?: Partial<HostedClusterPlan>; hours?: number } = {},
): Replication {
  const fleet = fleetOf(management(ZONES, 9, cluster), [hostedCluster('t', more.tenant ?? {})]);
  return ran(
    scenarioOf(fleet, { faults, seed: more.seed ?? 1, duration: ((more.hours ?? 3) * HOUR) as Micros }),
  );
}

/** Seconds after the first hour at which facts of a kind happened. */
function when({ fleet: { world } }: Replication, kind: string, set?: string): number[] {
  const { facts } = world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name !== kind) continue;
    if (set === undefined || world.sets.names[fact.subject] === set) found.push((fact.at - HOUR) / SECOND);
  }
  return found;
}

describe('NodeHealthCheck and its remediators', () => {
  it('the whole chain for an at-most-one pod: 50 + 300 + 180 s and its start, instead of never', () => {
    const chains: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const done = run({ remediation: 'self-node-remediation' }, [hostOfEtcd], { seed });
      const [ready] = when(done, 'pod-ready', 'etcd');
      // Detection 40 to 55 s, 300 s of ill health, 180 s until the node must have rebooted, scheduling, 5 s of containers, 15 s to
      // vote, and 5 s for the whole database: more than 10,000 writes were missed.
      expect(ready).toBeGreaterThan(40 + 300 + 180 + 25);
      expect(ready).toBeLessThan(55 + 300 + 180 + 25 + 5);
      chains.push(ready!);
    }
    const mean = chains.reduce((a, b) => a + b, 0) / chains.length;
    // Mean detection 47.5 s with a variance of (100 + 25) / 12: 0.42 s of standard error over 60 runs. Up to a second of scheduling.
    expect(Math.abs(mean - (47.5 + 300 + 180 + 25 + 0.5))).toBeLessThan(3.5 * 0.42 + 0.7);
    expect(when(run({}, [hostOfEtcd]), 'pod-ready', 'etcd')).toEqual([]);
  });

  it('fencing replaces the wait for a reboot', () => {
    const fenced = when(run({ remediation: 'fence-agents' }, [hostOfEtcd]), 'node-remediated')[0]!;
    const waited = when(run({ remediation: 'self-node-remediation' }, [hostOfEtcd]), 'node-remediated')[0]!;
    expect(waited - fenced).toBeCloseTo(180 - 30, 6);
  });

  it('a node that is back before its time is left alone', () => {
    const back: Fault = { ...hostOfEtcd, duration: MINUTE };
    expect(when(run({ remediation: 'self-node-remediation' }, [back]), 'remediation-started')).toEqual([]);
  });

  it('with less than 51 % healthy nobody is remediated, until enough are back', () => {
    const most: Fault = {
      kind: 'nodeFailure',
      at: HOUR,
      duration: HOUR,
      label: 'most',
      nodes: ['h-0', 'h-1', 'h-2', 'h-3', 'h-4'],
    };
    const done = run({ remediation: 'self-node-remediation' }, [most]);
    expect(when(done, 'remediation-started')).toEqual([]);
    const fewer = run({ remediation: 'self-node-remediation' }, [
      { ...most, nodes: ['h-0', 'h-1', 'h-2', 'h-3'] } as Fault,
    ]);
    expect(when(fewer, 'remediation-started')).toHaveLength(4);
  });

  it('control-plane nodes are left to people', () => {
    const done = run({ remediation: 'self-node-remediation' }, [
      { kind: 'nodeFailure', at: HOUR, label: 'cp', nodes: ['cp-0'] },
    ]);
    expect(when(done, 'remediation-started')).toEqual([]);
  });

  it('nothing is remediated while the management API is away', () => {
    const away = managementAway(HOUR + 2 * MINUTE, HOUR);
    const done = run({ remediation: 'self-node-remediation' }, [hostOfEtcd, away]);
    expect(when(done, 'remediation-started')[0]).toBeGreaterThan(120 + 3600);
  });
});

describe('machine health checks of node pools', () => {
  const lost = (ordinals: number[]): Fault => ({
    kind: 'workerFailure',
    at: HOUR,
    label: 'workers',
    workers: ordinals.map((ordinal) => ({ hostedCluster: 't', nodePool: 'workers', ordinal })),
  });
  const repaired = { nodePools: [pool(6, { autoRepair: true })] };

  it('replace a worker that was not Ready for 8 minutes, 16 on bare metal, and never without autoRepair', () => {
    const [cloud] = when(run({}, [lost([0])], { tenant: repaired }), 'machine-replaced');
    expect(cloud).toBeGreaterThanOrEqual(40 + 480);
    expect(cloud).toBeLessThanOrEqual(55 + 480);
    const [metal] = when(
      run({}, [lost([0])], { tenant: { ...repaired, platform: 'Agent' } }),
      'machine-replaced',
    );
    expect(metal! - cloud!).toBeCloseTo(480, 0);
    expect(when(run({}, [lost([0])]), 'machine-replaced')).toEqual([]);
  });

  it('two sick workers of a pool are replaced, three are not', () => {
    expect(when(run({}, [lost([0, 1])], { tenant: repaired }), 'machine-replaced')).toHaveLength(2);
    expect(when(run({}, [lost([0, 1, 2])], { tenant: repaired }), 'machine-replaced')).toEqual([]);
  });

  it('of three sick workers two are replaced as soon as a check sees the third well again', () => {
    const third: Fault = { ...lost([2]), duration: HOUR };
    const replaced = when(run({}, [lost([0, 1]), third], { tenant: repaired }), 'machine-replaced');
    expect(replaced).toHaveLength(2);
    // An hour without power, two minutes of boot, at most a pass of 5 s and a check of 30 s.
    for (const at of replaced) {
      expect(at).toBeGreaterThanOrEqual(3600 + 120);
      expect(at).toBeLessThanOrEqual(3600 + 120 + 5 + 30);
    }
  });

  describe('have a machine drained before it goes, as every machine that Cluster API deletes', () => {
    const cutOff: Fault = {
      kind: 'networkPartition',
      at: HOUR,
      duration: HOUR,
      label: 'cut',
      side: { places: [], nodes: [], managementControlPlanes: [], workers: ['t'] },
    };
    const budget = {
      bound: 'minAvailable',
      amount: 2,
      relative: false,
      unhealthyPods: 'IfHealthyBudget',
    } as const;
    const app = { name: 'app', replicas: 2, cpuMillis: 500, memoryMib: 1024, spread: [] };
    const repairs = (budgeted: boolean, nodeDrainTimeout = 0): Replication => {
      const nodePools = [pool(2, { autoRepair: true, nodeDrainTimeout })];
      const workloads = [budgeted ? { ...app, budget } : app];
      return run({}, [cutOff], { tenant: { nodePools, workloads } });
    };

    it('which a disruption budget holds up: the pods on it may well run', () => {
      const done = repairs(true);
      expect(when(done, 'machine-replaced')).toHaveLength(2);
      expect(when(done, 'eviction-refused', 'app')).toHaveLength(2);
      expect(when(done, 'machine-deleted')).toEqual([]);
      expect(done.outages().filter(({ service }) => service === 'workloads')).toEqual([]);
    });

    it('until nodeDrainTimeout is over; then its MachineSet makes another', () => {
      const done = repairs(true, 10 * MINUTE);
      const [replaced] = when(done, 'machine-replaced');
      const [deleted] = when(done, 'machine-deleted');
      const { terminate } = done.fleet.world.parameters.nodePool;
      expect(deleted! - replaced!).toBeCloseTo(600 + terminate / SECOND, 6);
      expect(when(done, 'machine-created')[0]).toBeGreaterThanOrEqual(deleted!);
    });

    it('while nobody waits for what was evicted from an unreachable node, once the drain is looked at again', () => {
      const done = repairs(false);
      const { drainRetry, drainSkipUnreachable, terminate } = done.fleet.world.parameters.nodePool;
      const [replaced] = when(done, 'machine-replaced');
      const [deleted] = when(done, 'machine-deleted');
      expect(deleted! - replaced!).toBeCloseTo((drainRetry + terminate) / SECOND, 6);
      expect(drainRetry).toBeGreaterThan(drainSkipUnreachable);
    });
  });

  it('a check that cannot act costs no event while it waits', () => {
    const events = (hours: number): number =>
      run({}, [lost([0, 1, 2])], { tenant: repaired, hours }).fleet.world.sim.events;
    expect(events(200)).toBe(events(3));
  });

  it('a machine that has just booted, but was not heard yet, is replaced all the same', () => {
    // Detection ends between 40 and 55 s and the check 480 s later; the boot takes 120 s. Some of these are back just before.
    for (let downFor = 400; downFor < 420; downFor++) {
      const back: Fault = { ...lost([0]), duration: (downFor * SECOND) as Micros };
      const done = run({}, [back], { tenant: repaired });
      const worker = done.fleet.world.machines.names.indexOf('t-workers-0') as never;
      expect(done.fleet.world.lifecycle.ready(worker)).toBe(true);
    }
  });

  it('the new machine joins, takes pods, and is not touched by the end of the fault of the old one', () => {
    const ends: Fault = { ...lost([0]), duration: (2 * HOUR) as Micros };
    const done = run({}, [ends], { tenant: repaired, hours: 6 });
    const { machines, lifecycle } = done.fleet.world;
    const worker = machines.names.indexOf('t-workers-0') as never;
    expect(machines.running(worker)).toBe(true);
    expect(lifecycle.ready(worker)).toBe(true);
    const [booted] = when(done, 'node-booted');
    // Found sick, looked on, drained, deleted, made, joined.
    expect(booted).toBeLessThan(55 + 480 + 20 + 60 + 300 + 120 + 1);
    expect(when(done, 'node-booted')).toHaveLength(1);
  });

  const joinFails: Fault = {
    kind: 'podFailure',
    at: (HOUR + 5 * MINUTE) as Micros,
    duration: (2 * HOUR) as Micros,
    label: 'ignition',
    pods: [0, 1].map((ordinal) => ({ hostedCluster: 't', component: 'ignition-server', ordinal })),
  };

  it('the new machine takes as long as any of its platform, from its creation to its kubelet', () => {
    const took = (platform: HostedClusterPlan['platform']): number => {
      const done = run({}, [lost([0])], { tenant: { ...repaired, platform } });
      return when(done, 'node-booted')[0]! - when(done, 'machine-created')[0]!;
    };
    expect(took('AWS')).toBeCloseTo(300 + 120, 6);
    expect(took('Agent')).toBeCloseTo(1200 + 120, 6);
  });

  it('the new machine joins only when it gets its ignition', () => {
    const [booted] = when(run({}, [lost([0]), joinFails], { tenant: repaired, hours: 6 }), 'node-booted');
    expect(booted).toBeGreaterThan(300 + 7200);
    expect(booted).toBeLessThan(300 + 7200 + 25 * 60 + 120);
  });

  it('a machine that has no node 20 minutes after its infrastructure is ready is replaced, until one joins', () => {
    const done = run({}, [lost([0]), joinFails], { tenant: repaired, hours: 6 });
    const [sick, ...late] = when(done, 'machine-replaced');
    // Every 300 + 1200 s, and the 60 s that the instance before takes to go, while nobody can join: that can begin four times in the two hours.
    expect(late.map((at) => Math.round(at - sick!))).toEqual([1560, 3120, 4680, 6240]);
  });

  it('machines that are being made count as unhealthy: three of them are left alone, two are not', () => {
    const replaced = (replicas: number) =>
      when(
        run({}, [scaled(replicas, HOUR + 10 * MINUTE), joinFails], { tenant: repaired }),
        'machine-replaced',
      ).length;
    expect(replaced(8)).toBeGreaterThan(1);
    expect(replaced(9)).toBe(0);
  });

  it('a virtual worker whose management node is lost is replaced on another; without autoRepair it is lost for good', () => {
    const machine = { cpuMillis: 2000, memoryMib: 8192, pods: 250 };
    const hostOfWorker: Fault = {
      kind: 'nodeFailure',
      at: HOUR,
      label: 'node',
      nodes: [],
      hosting: [{ hostedCluster: 't', component: 'virt-launcher-workers', ordinal: 0 }],
    };
    const back = { ...hostOfWorker, duration: (2 * HOUR) as Micros };
    const workers = (autoRepair: boolean, fault: Fault = hostOfWorker) => {
      const tenant = { platform: 'KubeVirt', nodePools: [pool(6, { machine, autoRepair })] } as const;
      const done = run({}, [fault], { tenant, hours: 6 });
      const { world } = done.fleet;
      const nodes = world.machines.names.flatMap((name, node) =>
        name.startsWith('t-workers-') ? [node as never] : [],
      );
      return {
        ready: nodes.filter((node) => world.lifecycle.registered(node) && world.lifecycle.ready(node)).length,
        replaced: when(done, 'machine-replaced').length,
        launchers: world.pods.ofSet.count(world.sets.names.indexOf('virt-launcher-workers') as never),
      };
    };
    expect(workers(true)).toEqual({ ready: 6, replaced: 1, launchers: 7 });
    expect(workers(false)).toEqual({ ready: 5, replaced: 0, launchers: 6 });
    // The pod of the deleted machine goes when its kubelet is back, and takes nothing with it.
    expect(workers(true, back)).toEqual({ ready: 6, replaced: 1, launchers: 6 });
  });

  it('nobody is replaced while the hosted API is away', () => {
    const noApi: Fault = {
      kind: 'etcdMemberFailure',
      at: (HOUR + 2 * MINUTE) as Micros,
      duration: HOUR,
      label: 'e',
      members: [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal })),
    };
    const [replaced] = when(run({}, [lost([0]), noApi], { tenant: repaired }), 'machine-replaced');
    expect(replaced).toBeGreaterThan(3600);
  });

  it('a worker that runs again before anybody heard of it is replaced all the same: conditions are all a check sees', () => {
    const noApi: Fault = {
      kind: 'etcdMemberFailure',
      at: (HOUR + 25 * MINUTE) as Micros,
      duration: HOUR,
      label: 'e',
      members: [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal })),
    };
    const back: Fault = { ...lost([0]), duration: (30 * MINUTE) as Micros };
    const plan = scenarioOf(fleetOf(management(ZONES, 9), [hostedCluster('t', repaired)]), {
      faults: [back, noApi],
      duration: (4 * HOUR) as Micros,
      parameters: {
        node: { monitorPeriod: 10 * MINUTE },
        machineHealthCheck: { timeout: 30 * MINUTE, recheck: SECOND },
      },
    });
    const done = ran(plan);
    const { machines } = done.fleet.world;
    const [booted, ...again] = when(done, 'node-booted');
    const [replaced] = when(done, 'machine-replaced');
    expect(booted).toBeLessThan(replaced!);
    expect(again).toHaveLength(1);
    expect(machines.running(machines.names.indexOf('t-workers-0') as never)).toBe(true);
  });
});
