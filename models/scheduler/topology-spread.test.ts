import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import type { SpreadConstraint } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';

const zoneAway: Fault = {
  kind: 'zoneOutage',
  at: HOUR,
  duration: (2 * HOUR) as Micros,
  label: 'zoneOutage a',
  places: ['a'],
};
const by = (
  topology: SpreadConstraint['by'],
  maxSkew: number,
  whenUnsatisfiable: SpreadConstraint['whenUnsatisfiable'] = 'DoNotSchedule',
): SpreadConstraint => ({ by: topology, maxSkew, whenUnsatisfiable });

function built(replicas: number, workers: number, spread: readonly SpreadConstraint[], faults: Fault[] = []) {
  const tenant = hostedCluster('t', {
    nodePools: [pool(workers, { zones: ZONES })],
    workloads: [{ name: 'app', replicas, cpuMillis: 100, memoryMib: 128, spread }],
  });
  const replication = new Replication(
    scenarioOf(fleetOf(management(ZONES, 6), [tenant]), { faults, duration: (6 * HOUR) as Micros }),
    0,
  );
  const { world } = replication.fleet;
  const app = world.sets.names.indexOf('app') as SetId;
  const running = () => world.pods.ofSet.list(app).filter((pod) => world.pods.isRunning(pod));
  const spreadOver = (domain: (node: NodeId) => number, domains: number): number[] => {
    const counts = new Map<number, number>();
    for (const pod of running()) {
      const at = domain(world.pods.node.at(pod));
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    return [...counts.values(), ...Array(domains - counts.size).fill(0)];
  };
  const zones = () => spreadOver((node) => world.machines.zone.at(node), ZONES.length);
  const hosts = () => spreadOver((node) => node, workers);
  const run = (until: number) => replication.run(until as Micros);
  return { replication, world, app, running, zones, hosts, run };
}

const skew = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

describe('topology spread that must hold', () => {
  it('is never stretched beyond its skew by any replica that is placed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 3, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('zone' as const, 'host' as const),
        (replicas, workers, maxSkew, topology) => {
          const { zones, hosts, running } = built(replicas, workers, [by(topology, maxSkew)]);
          expect(running()).toHaveLength(replicas);
          expect(skew(topology === 'zone' ? zones() : hosts())).toBeLessThanOrEqual(maxSkew);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the replicas of a lost zone waiting, says so, and lets them in when the zone is back', () => {
    const { replication, world, zones, running, run } = built(6, 6, [by('zone', 1)], [zoneAway]);
    run(HOUR + 30 * MINUTE);
    // The lost zone counts with none, so each of the others may hold one replica and holds two already.
    expect(running()).toHaveLength(4);
    const waiting = replication.recorders.pending.episodes().filter((one) => one.pod.startsWith('app-'));
    expect(waiting).toHaveLength(2);
    expect(waiting[0]!.message).toContain("node(s) didn't match pod topology spread constraints");
    run(4 * HOUR);
    expect(running()).toHaveLength(6);
    expect(zones()).toEqual([2, 2, 2]);
    expect(world.scheduler).toBeDefined();
  });

  it('frees them when the Node objects of the lost zone go: a zone without nodes is no domain', () => {
    const { world, running, run } = built(6, 6, [by('zone', 1)], [zoneAway]);
    run(HOUR + 30 * MINUTE);
    const lost = [...world.machines.names.keys()].filter(
      (node) =>
        world.clusters.isHosted(world.machines.cluster.at(node as NodeId)) &&
        !world.machines.running(node as NodeId),
    );
    expect(lost).toHaveLength(2);
    for (const node of lost) world.orphans.deleteAfter(node as NodeId, 0);
    run(HOUR + 40 * MINUTE);
    expect(running()).toHaveLength(6);
  });

  it('refuses nodes that stand in no zone', () => {
    const tenant = hostedCluster('t', {
      workloads: [{ name: 'app', replicas: 2, cpuMillis: 100, memoryMib: 128, spread: [by('zone', 1)] }],
    });
    const { world } = new Replication(scenarioOf(fleetOf(management(ZONES, 6), [tenant])), 0).fleet;
    expect(world.pods.containers.runningOf.at(world.sets.names.indexOf('app') as SetId)).toBe(0);
  });
});

describe('topology spread that is only preferred', () => {
  it.each([
    ['soft by zone', [by('zone', 1, 'ScheduleAnyway')]],
    ['the defaults of the scheduler', []],
  ])('%s: the replicas of a lost zone move after the toleration', (_, spread) => {
    const { running, run } = built(6, 6, spread, [zoneAway]);
    run(HOUR + MINUTE);
    expect(running()).toHaveLength(4);
    run(HOUR + 30 * MINUTE);
    expect(running()).toHaveLength(6);
  });

  it('still spreads as evenly as it can', () => {
    const { zones, hosts } = built(9, 9, [by('zone', 1, 'ScheduleAnyway'), by('host', 1, 'ScheduleAnyway')]);
    expect(zones()).toEqual([3, 3, 3]);
    expect(skew(hosts())).toBe(0);
  });
});

describe('a pod of a spread set', () => {
  it('that terminates counts no more', () => {
    const { world, app, run } = built(3, 3, [by('zone', 1)]);
    run(HOUR);
    const pod = world.pods.ofSet.first(app) as PodId;
    const zone = world.machines.zone.at(world.pods.node.at(pod));
    world.pods.delete(pod);
    run(HOUR + MINUTE);
    expect(
      world.pods.ofSet.list(app).map((one) => world.machines.zone.at(world.pods.node.at(one))),
    ).toContain(zone);
  });
});
