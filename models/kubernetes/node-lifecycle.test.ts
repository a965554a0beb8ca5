import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { ClusterId } from '../ids.ts';
import { PARAMETERS, parameterValues } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import type { ManagementClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import { evictionRate, ZONE_STATE, zoneState } from './node-zones.ts';

const THRESHOLD = PARAMETERS.node.unhealthyZoneThreshold.default;

/** Facts of a kind with what they speak of, in seconds after the first hour. */
function facts(replication: Replication, kind: string): { at: number; subject: number; value: number }[] {
  const { facts: log } = replication.fleet.world.sim;
  const found = [];
  for (let i = 1; i < log.length; i++) {
    const fact = log.get(i as never);
    if (fact.kind.name === kind)
      found.push({ at: (fact.at - HOUR) / SECOND, subject: fact.subject, value: fact.value });
  }
  return found;
}

const lose = (nodes: string[], more: Partial<Fault> = {}): Fault =>
  ({ kind: 'nodeFailure', at: HOUR, label: 'nodeFailure', nodes, ...more }) as Fault;

/** The node that hosts the first etcd member dies: one that surely has pods on it. */
const loseHost = (more: Partial<Fault> = {}): Fault =>
  lose([], { hosting: [{ hostedCluster: 't', component: 'etcd', ordinal: 0 }], ...more } as Partial<Fault>);

function world(
  nodes: number,
  faults: Fault[],
  more: { seed?: number; cluster?: Partial<ManagementClusterPlan>; zones?: string[] } = {},
) {
  const cluster = management(more.zones ?? ZONES, nodes, more.cluster ?? {});
  const plan = scenarioOf(fleetOf(cluster, [hostedCluster('t')]), {
    faults,
    seed: more.seed ?? 1,
    duration: (3 * HOUR) as Micros,
  });
  return ran(plan);
}

describe('zone states (node_lifecycle_controller.go)', () => {
  it.each([
    [3, 0, 'normal'],
    [2, 1, 'normal'],
    [1, 2, 'normal'],
    [0, 3, 'full'],
    [1, 3, 'partial'],
    [0, 1, 'full'],
    [5, 5, 'normal'],
    [4, 5, 'partial'],
    [0, 0, 'normal'],
  ] as const)('%d ready and %d not: %s', (ready, notReady, state) => {
    expect(zoneState(ready, notReady, THRESHOLD)).toBe(ZONE_STATE[state]);
  });

  it('a zone of up to three nodes is never partially disrupted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (ready, notReady) => {
        fc.pre(ready + notReady <= 3);
        expect(zoneState(ready, notReady, THRESHOLD)).not.toBe(ZONE_STATE.partial);
      }),
      { seed: 1 },
    );
  });

  it('rates: 0.1/s in normal and full zones, 0.01/s or 0 in partial ones by size, 0 when all zones are full', () => {
    const p = parameterValues().node;
    expect(evictionRate(ZONE_STATE.normal, 10, false, p)).toBe(0.1);
    expect(evictionRate(ZONE_STATE.full, 10, false, p)).toBe(0.1);
    expect(evictionRate(ZONE_STATE.partial, 50, false, p)).toBe(0);
    expect(evictionRate(ZONE_STATE.partial, 51, false, p)).toBe(0.01);
    expect(evictionRate(ZONE_STATE.full, 51, true, p)).toBe(0);
  });
});

describe('nodes at the beginning', () => {
  it('workers that never came up have no Node object, and are in no zone', () => {
    const nowhere = hostedCluster('t', {
      platform: 'KubeVirt',
      nodePools: [pool(2, { nodeSelector: { gpu: 'yes' } })],
    });
    const { lifecycle, machines } = ran(scenarioOf(fleetOf(management(ZONES, 6), [nowhere]))).fleet.world;
    const workers = machines.ofCluster.list(1 as ClusterId);
    expect(workers).toHaveLength(2);
    expect(workers.some((worker) => lifecycle.registered(worker))).toBe(false);
    expect(lifecycle.zones.ofCluster.count(1 as ClusterId)).toBe(0);
  });
});

describe('detection', () => {
  it('comes after the grace period less the age of the last heartbeat, at a pass of the monitor', () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 200; seed++)
      delays.push(facts(world(6, [lose(['h-0'])], { seed }), 'node-unready')[0]!.at);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50 - 10);
    expect(Math.max(...delays)).toBeLessThanOrEqual(50 + 5);
    // 50 - U(0, 10) + U(0, 5): mean 47.5 s, variance (100 + 25) / 12, so 0.23 s of standard error over 200 runs; 3.5 of them.
    const mean = delays.reduce((a, b) => a + b, 0) / delays.length;
    expect(Math.abs(mean - 47.5)).toBeLessThan(3.5 * 0.23);
  });

  it('takes 40 s instead of 50 before Kubernetes 1.32 (OpenShift 4.18 and earlier)', () => {
    const early = facts(world(6, [lose(['h-0'])], { cluster: { version: '4.17' } }), 'node-unready')[0]!.at;
    expect(early).toBeLessThanOrEqual(45);
    const late = facts(world(6, [lose(['h-0'])], { cluster: { version: '4.19' } }), 'node-unready')[0]!.at;
    expect(late).toBeGreaterThanOrEqual(40);
    expect(late - early).toBeCloseTo(10, 6);
  });

  it('endpoints are dropped at detection, not before, and the taint of the first node follows at once', () => {
    const done = world(6, [loseHost()]);
    const detected = facts(done, 'node-unready')[0]!.at;
    expect(facts(done, 'endpoint-dropped').length).toBeGreaterThan(0);
    for (const dropped of facts(done, 'endpoint-dropped')) expect(dropped.at).toBeCloseTo(detected + 1, 6);
    expect(facts(done, 'node-tainted')[0]!.at).toBeCloseTo(detected, 6);
  });

  it('a node that is back before detection is never noticed', () => {
    const blink = world(6, [lose(['h-0'], { duration: (1 * SECOND) as Micros })], {
      cluster: {},
    });
    // One second without power and two minutes of boot are more than the grace period, so shorten the boot.
    expect(facts(blink, 'node-unready')).toHaveLength(1);
    const cluster = management(ZONES, 6);
    const quick = ran(
      scenarioOf(fleetOf(cluster, [hostedCluster('t')]), {
        faults: [lose(['h-0'], { duration: (1 * SECOND) as Micros })],
        parameters: { node: { boot: 20 * SECOND } },
      }),
    );
    expect(facts(quick, 'node-unready')).toHaveLength(0);
    expect(facts(quick, 'pod-evicted')).toHaveLength(0);
  });
});

describe('eviction', () => {
  it('a Deployment pod is replaced 300 s after the taint: about 5 min 50 s after the loss, 5 min 40 s with a grace of 40 s', () => {
    for (const [version, grace] of [
      ['4.20', 50],
      ['4.17', 40],
    ] as const) {
      const done = world(6, [loseHost()], { cluster: { version } });
      const first = facts(done, 'pod-evicted')[0]!.at;
      expect(first).toBeGreaterThanOrEqual(grace - 10 + 300);
      expect(first).toBeLessThanOrEqual(grace + 5 + 300);
    }
  });

  it('nodes of one zone are tainted ten seconds apart, zones do not wait for each other', () => {
    const done = world(18, [lose(['h-0', 'h-3', 'h-6', 'h-1'])]);
    const tainted = facts(done, 'node-tainted');
    expect(tainted).toHaveLength(4);
    const names = done.fleet.world.machines.names;
    const zoneA = tainted.filter((fact) => names[fact.subject] !== 'h-1').map((fact) => fact.at);
    expect(zoneA[1]! - zoneA[0]!).toBeGreaterThanOrEqual(10);
    expect(zoneA[2]! - zoneA[1]!).toBeCloseTo(10, 6);
    expect(tainted.find((fact) => names[fact.subject] === 'h-1')!.at).toBeLessThanOrEqual(55);
  });

  it('a partially disrupted small zone taints nobody, so nothing is evicted there', () => {
    const done = world(15, [lose(['h-0', 'h-3', 'h-6', 'h-9'])]);
    // Zone a holds h-0, h-3, h-6, h-9, h-12 and cp-0: four of six not ready are 67 %, more than two and above 55 %.
    const partial = facts(done, 'zone-state');
    expect(partial.map((fact) => fact.value)).toContain(ZONE_STATE.partial);
    expect(facts(done, 'node-tainted').length).toBeLessThan(4);
  });

  it('nodes labelled exclude-disruption do not count: their zone stays Normal, and they are tainted', () => {
    const plain = management(ZONES, 15);
    const dead = ['h-0', 'h-3', 'h-6', 'h-9'];
    const nodes = plain.nodes.map((node) =>
      dead.slice(0, 2).includes(node.name)
        ? { ...node, labels: { ...node.labels, 'node.kubernetes.io/exclude-disruption': '' } }
        : node,
    );
    const done = world(15, [lose(dead)], { cluster: { nodes } });
    // Two of four that count are not ready: no more than two.
    expect(facts(done, 'zone-state')).toEqual([]);
    expect(facts(done, 'node-tainted')).toHaveLength(4);
  });

  it('when every zone is dead nobody is evicted: the controller doubts itself', () => {
    const nodes = Array.from({ length: 6 }, (_, i) => `h-${i}`);
    const external = management(ZONES, 6);
    const plan = { ...external, nodes: external.nodes.filter((node) => !node.controlPlane) };
    const done = ran(
      scenarioOf(fleetOf(plan, [hostedCluster('t')]), {
        faults: [lose(nodes)],
        duration: (3 * HOUR) as Micros,
      }),
    );
    expect(facts(done, 'node-unready')).toHaveLength(6);
    expect(facts(done, 'pod-evicted')).toHaveLength(0);
  });

  it('back after detection but before eviction, pods restart where they were and nothing moves', () => {
    const done = world(6, [loseHost({ duration: (120 * SECOND) as Micros })]);
    expect(facts(done, 'node-unready')).toHaveLength(1);
    expect(facts(done, 'pod-evicted')).toHaveLength(0);
    expect(facts(done, 'pod-bound')).toHaveLength(0);
    const end = done.fleet.world;
    for (let pod = 0; pod < end.pods.table.length; pod++) expect(end.pods.isRunning(pod as never)).toBe(true);
  });

  it('back after eviction, the kubelet removes what is Terminating and only then the StatefulSet creates its pod again', () => {
    const done = world(6, [loseHost({ duration: (1200 * SECOND) as Micros })]);
    const { sets } = done.fleet.world;
    const bound = facts(done, 'pod-bound').filter((fact) => sets.names[fact.subject] === 'etcd');
    const evicted = facts(done, 'pod-evicted').filter((fact) => sets.names[fact.subject] === 'etcd');
    expect(evicted).toHaveLength(1);
    expect(bound).toHaveLength(1);
    for (const fact of bound) expect(fact.at).toBeGreaterThan(1200 + 120);
  });

  it('no detection and no eviction while the management control plane is away; a new leader starts to count anew', () => {
    const away = managementAway(HOUR, 1800 * SECOND);
    const done = world(6, [away, lose(['h-0'], { at: (HOUR + 60 * SECOND) as Micros })]);
    const detected = facts(done, 'node-unready');
    expect(detected).toHaveLength(1);
    const acquired = facts(done, 'lease-acquired')[0]!.at;
    expect(detected[0]!.at).toBeGreaterThanOrEqual(acquired + 50);
    expect(detected[0]!.at).toBeLessThanOrEqual(1800 + 50 + 18 + 55 + 40);
  });

  it('the out-of-service taint has pods removed and volumes detached at the next garbage collection', () => {
    const done = world(9, [loseHost({ outOfServiceAfter: (600 * SECOND) as Micros } as Partial<Fault>)]);
    const { sets, pods, lifecycle } = done.fleet.world;
    const [tainted] = facts(done, 'node-out-of-service');
    expect(tainted!.at).toBe(600);
    const etcd = facts(done, 'pod-ready').filter((fact) => sets.names[fact.subject] === 'etcd');
    expect(etcd).toHaveLength(1);
    expect(etcd[0]!.at).toBeGreaterThanOrEqual(600);
    expect(etcd[0]!.at).toBeLessThanOrEqual(600 + 20 + 60);
    expect(pods.ofNode.count(tainted!.subject as never)).toBe(0);
    expect(lifecycle.registered(tainted!.subject as never)).toBe(true);
  });

  it('a deleted Node object frees its pods after garbage collection, etcd after the volume is forced off', () => {
    const done = world(9, [loseHost({ deleteNodeAfter: (600 * SECOND) as Micros } as Partial<Fault>)]);
    const { sets } = done.fleet.world;
    const deleted = facts(done, 'node-deleted');
    expect(deleted.map((fact) => fact.at)).toEqual([600]);
    const etcd = facts(done, 'pod-ready').filter((fact) => sets.names[fact.subject] === 'etcd');
    expect(etcd).toHaveLength(1);
    for (const fact of etcd) {
      expect(fact.at).toBeGreaterThanOrEqual(600 + 40 + 360);
      expect(fact.at).toBeLessThanOrEqual(600 + 60 + 360 + 30);
    }
    expect(done.fleet.world.pods.ofNode.count(deleted[0]!.subject as never)).toBe(0);
  });
});
