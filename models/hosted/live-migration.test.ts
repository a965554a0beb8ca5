import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { ParameterOverrides } from '../parameters.ts';
import type { Fault, NodeDrain } from '../plan/faults.ts';
import type { AccessMode } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, scenarioOf, ZONES } from '../testing.ts';

const machine = { cpuMillis: 1000, memoryMib: 6144, pods: 250 };
const plan = (accessMode: AccessMode, replicas: number) =>
  fleetOf(management(ZONES, 6), [
    hostedCluster('t', {
      platform: 'KubeVirt',
      nodePools: [pool(replicas, { machine, rootVolume: { accessMode } })],
      workloads: [{ name: 'app', replicas: 4, cpuMillis: 100, memoryMib: 64, spread: [] }],
    }),
  ]);

function prepared(
  accessMode: AccessMode,
  faults: readonly Fault[],
  parameters: ParameterOverrides = {},
  replicas = 4,
) {
  const replication = new Replication(scenarioOf(plan(accessMode, replicas), { faults, parameters }), 0);
  const { world, nodes } = replication.fleet;
  const set = world.sets.names.indexOf('virt-launcher-workers') as SetId;
  const run = (until: number) => replication.run(until as Micros);
  const pods = () => world.pods.ofSet.list(set);
  const nodeOf = (ordinal: number) => world.pods.node.at(world.pods.find(set, ordinal) as PodId) as NodeId;
  const moved: number[] = [];
  world.sim.observe(world.migrations.movedFact, (_set, _ordinal, _fact, at) => moved.push(at));
  return { replication, world, nodes, set, run, pods, nodeOf, moved };
}
const drainOf = (nodes: readonly string[], more: Partial<NodeDrain> = {}): NodeDrain => ({
  kind: 'nodeDrain',
  at: HOUR,
  label: 'drain',
  nodes,
  ...more,
});
const hostOf = (ordinal: number): string => {
  const { world, nodeOf } = prepared('ReadWriteMany', []);
  return world.machines.names[nodeOf(ordinal)]!;
};
/** Placement, start and readiness of a pod, without the copy. */
const START = 30 * SECOND;

describe('a virtual machine whose node is drained', () => {
  it('is migrated where its volume can be: it never loses power, and its memory takes the time that the bandwidth needs', () => {
    const host = hostOf(0);
    const { replication, world, nodes, nodeOf, run, pods, moved } = prepared('ReadWriteMany', [
      drainOf([host]),
    ]);
    let lost = 0;
    world.machines.lost.subscribe(() => lost++);
    run(2 * HOUR);
    expect(nodeOf(0)).not.toBe(nodes.get(host));
    expect(world.pods.ofNode.count(nodes.get(host)!)).toBe(0);
    expect(world.drains.draining(nodes.get(host)!)).toBe(false);
    expect(lost).toBe(0);
    expect(pods()).toHaveLength(4);
    expect(metric(replication, 'workloads.availability', 't')).toBe(1);
    const copy = (6144 / 60) * SECOND;
    expect(moved[0]! - HOUR).toBeGreaterThan(copy);
    expect(moved[0]! - HOUR).toBeLessThan(copy + START);
  });

  it('keeps the node from being drained where its volume cannot, and the result says so', () => {
    const host = hostOf(0);
    const { replication, world, nodes, nodeOf, run } = prepared('ReadWriteOnce', [drainOf([host])]);
    run(23 * HOUR);
    expect(nodeOf(0)).toBe(nodes.get(host));
    expect(world.drains.draining(nodes.get(host)!)).toBe(true);
    expect(replication.remarks.lines()[0]).toContain('virt-launcher-workers-0');
    expect(metric(replication, 'workloads.availability', 't')).toBe(1);
    const before = world.sim.events;
    run(24 * HOUR);
    expect(world.sim.events - before, 'a drain that waits costs nothing').toBe(0);
  });

  it('waits for its turn: so many migrations at once in the cluster, so many away from a node', () => {
    const all = ['h-0', 'h-1', 'h-2'];
    for (const [parallel, outbound] of [
      [5, 2],
      [2, 2],
      [5, 1],
    ] as const) {
      const limits = { liveMigration: { parallel, outbound } };
      const { world, pods, run } = prepared('ReadWriteMany', [drainOf(all)], limits, 12);
      let most = 0;
      let mostFromOne = 0;
      world.pods.created.subscribe(() => {
        most = Math.max(most, world.migrations.count(0 as ClusterId));
      });
      world.pods.containers.running.subscribe(() => {
        const coming = pods().filter((pod) => world.pods.extra.at(pod) === 1);
        const sources = coming.map((pod) => {
          const ordinal = world.pods.ordinal.at(pod);
          return pods().find((other) => other !== pod && world.pods.ordinal.at(other) === ordinal)!;
        });
        const from = sources.map((pod) => world.pods.node.at(pod));
        for (const node of from)
          mostFromOne = Math.max(mostFromOne, from.filter((other) => other === node).length);
      });
      run(6 * HOUR);
      expect(most).toBe(Math.min(parallel, 3 * outbound));
      expect(mostFromOne).toBeLessThanOrEqual(outbound);
      expect(world.migrations.count(0 as ClusterId)).toBe(0);
      for (const pod of pods()) expect(all).not.toContain(world.machines.names[world.pods.node.at(pod)]);
    }
  });

  it('stays when its guest writes faster than memory is copied, and is tried again', () => {
    const host = hostOf(0);
    const fast = { liveMigration: { dirtyRate: 64 } };
    const { world, nodes, nodeOf, run, set, moved } = prepared('ReadWriteMany', [drainOf([host])], fast);
    const failed: number[] = [];
    world.sim.observe(world.migrations.failedFact, (subject, _value, _fact, at) => {
      expect(subject).toBe(set);
      failed.push(at);
    });
    run(2 * HOUR);
    expect(moved).toEqual([]);
    expect(nodeOf(0)).toBe(nodes.get(host));
    expect(world.machines.running(world.workers.machineOf(world.pods.find(set, 0) as PodId))).toBe(true);
    expect(failed.length).toBeGreaterThan(5);
    expect(failed[0]! - HOUR).toBeGreaterThan(150 * SECOND);
  });

  it('starts anew elsewhere, once, when its node is lost while it moves', () => {
    const host = hostOf(0);
    const loss: Fault = {
      kind: 'nodeFailure',
      at: (HOUR + MINUTE) as Micros,
      label: 'loss',
      nodes: [host],
      deleteNodeAfter: (10 * MINUTE) as Micros,
    };
    const { world, run, pods, moved } = prepared('ReadWriteMany', [drainOf([host]), loss]);
    run(2 * HOUR);
    expect(moved).toEqual([]);
    expect(
      pods()
        .map((pod) => world.pods.ordinal.at(pod))
        .sort(),
    ).toEqual([0, 1, 2, 3]);
    for (const pod of pods()) {
      expect(world.pods.isRunning(pod)).toBe(true);
      expect(world.machines.running(world.workers.machineOf(pod))).toBe(true);
    }
    expect(world.migrations.count(0 as ClusterId)).toBe(0);
  });

  it('stays when the node to which it moves is lost, and moves to another then', () => {
    const host = hostOf(0);
    const start = prepared('ReadWriteMany', [drainOf([host])]);
    start.run(HOUR + MINUTE);
    const comes = start.pods().find((pod) => start.world.pods.extra.at(pod) === 1)!;
    const there = start.world.machines.names[start.world.pods.node.at(comes)]!;
    const loss: Fault = { kind: 'nodeFailure', at: (HOUR + MINUTE) as Micros, label: 'loss', nodes: [there] };
    const { world, nodes, run, nodeOf, moved } = prepared('ReadWriteMany', [drainOf([host]), loss]);
    run(4 * HOUR);
    expect(moved.length).toBeGreaterThan(0);
    expect([nodes.get(host), nodes.get(there), NONE]).not.toContain(nodeOf(0));
    expect(world.drains.cordoned(nodes.get(host)!)).toBe(true);
  });

  it('stays where it is when the drain is over before it has found another node', () => {
    const all = ['h-0', 'h-1', 'h-2', 'h-3', 'h-4', 'h-5'];
    const over = drainOf(all, { duration: HOUR as Micros });
    const { world, run, pods, moved } = prepared('ReadWriteMany', [over]);
    run(3 * HOUR);
    expect(moved).toEqual([]);
    expect(pods()).toHaveLength(4);
    expect(world.migrations.count(0 as ClusterId)).toBe(0);
    for (const pod of pods()) expect(world.migrations.moving(pod)).toBe(false);
  });
});
