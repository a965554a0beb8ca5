import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { scaled, workerLost } from '../faults/testing.ts';
import type { Fault, Pause } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const REPAIRED = { nodePools: [pool(3, { autoRepair: true })] };
const pause = (minutes: number, duration: number, targets: Partial<Pause>): Fault => ({
  kind: 'pause',
  at: (HOUR + minutes * MINUTE) as Micros,
  duration: (duration * MINUTE) as Micros,
  label: 'pause',
  hostedClusters: [],
  nodePools: [],
  managementClusters: [],
  ...targets,
});
const lost = workerLost(0, HOUR);
const nodeLost: Fault = { kind: 'nodeFailure', at: HOUR, label: 'node', nodes: ['h-0'] };

function run(faults: readonly Fault[], tenant: Partial<HostedClusterPlan> = REPAIRED): Replication {
  const fleet = fleetOf(management(ZONES, 9, { remediation: 'self-node-remediation' }), [
    hostedCluster('t', tenant),
  ]);
  return ran(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros }));
}
/** Minutes after the first hour at which facts of a kind happened. */
function when({ fleet: { world } }: Replication, kind: string): number[] {
  const { facts } = world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind) found.push((fact.at - HOUR) / (60 * SECOND));
  }
  return found;
}

/** Exactly once, at the next look after a minute. */
const soonAfter = (minute: number, found: readonly number[]): boolean =>
  found.length === 1 && found[0]! >= minute && found[0]! <= minute + 1;

describe('a pause', () => {
  const whole = { hostedClusters: ['t'] };
  const workers = { nodePools: [{ hostedCluster: 't', nodePool: 'workers' }] };

  it('of a hosted cluster or of a node pool holds back the replacement of sick workers, and its end lets it happen', () => {
    const [usual] = when(run([lost]), 'machine-replaced');
    expect(usual).toBeLessThan(10);
    for (const targets of [whole, workers])
      expect(soonAfter(60, when(run([lost, pause(0, 60, targets)]), 'machine-replaced'))).toBe(true);
    expect(when(run([lost, pause(0, 5, whole)]), 'machine-replaced')).toEqual([usual]);
  });

  it('of another pool does not', () => {
    const two = { nodePools: [pool(3, { autoRepair: true }), pool(3, { name: 'spare', autoRepair: true })] };
    const spare = { nodePools: [{ hostedCluster: 't', nodePool: 'spare' }] };
    expect(when(run([lost, pause(0, 60, spare)], two), 'machine-replaced')[0]).toBeLessThan(10);
  });

  it('that overlaps another ends with the last of them', () => {
    const faults = [lost, pause(0, 60, whole), pause(30, 60, whole), pause(0, 120, workers)];
    expect(soonAfter(120, when(run(faults), 'machine-replaced'))).toBe(true);
  });

  it('forgets a worker that came back meanwhile', () => {
    const back = { ...lost, duration: (30 * MINUTE) as Micros };
    expect(when(run([back, pause(0, 60, whole)]), 'machine-replaced')).toEqual([]);
  });

  it('of a management cluster starts no remediation; what has started is finished', () => {
    const mgmt = { managementClusters: ['mgmt'] };
    const [begun] = when(run([nodeLost]), 'remediation-started');
    const [done] = when(run([nodeLost]), 'node-remediated');
    expect(done! - begun!).toBeCloseTo(3, 6);
    const held = run([nodeLost, pause(0, 60, mgmt)]);
    expect(soonAfter(60, when(held, 'remediation-started'))).toBe(true);
    expect(soonAfter(63, when(held, 'node-remediated'))).toBe(true);
    const late = run([nodeLost, pause(begun! + 1, 60, mgmt)]);
    expect(when(late, 'node-remediated')).toEqual([done]);
  });

  it('leaves what Kubernetes itself does alone: pods of a lost node are created elsewhere', () => {
    const evictions = (faults: readonly Fault[]) => when(run(faults), 'pod-ready').length;
    expect(evictions([nodeLost, pause(0, 180, whole)])).toBe(evictions([nodeLost]));
    expect(evictions([nodeLost])).toBeGreaterThan(0);
  });

  it('holds back machines that somebody wants until it is over', () => {
    const wish = scaled(4, HOUR);
    const [usual] = when(run([wish]), 'machine-created');
    expect(usual).toBeLessThan(1);
    for (const targets of [whole, workers]) {
      const [held] = when(run([wish, pause(-1, 61, targets)]), 'machine-created');
      expect(held).toBeGreaterThanOrEqual(60);
      expect(held).toBeLessThan(61);
    }
  });

  it('from the beginning is in force until somebody ends it', () => {
    expect(when(run([lost], { ...REPAIRED, paused: true }), 'machine-replaced')).toEqual([]);
    const still = { nodePools: [pool(3, { autoRepair: true, paused: true })] };
    expect(when(run([lost], still), 'machine-replaced')).toEqual([]);
  });
});
