import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../sim/time.ts';
import { parameterValues } from './parameters.ts';
import type { Fault } from './plan/faults.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from './testing.ts';

/** The documented failure matrix: OpenShift, "About high availability for hosted control planes". */
const TENANTS = ['t-0', 't-1', 't-2', 't-3'];
const FLEET = fleetOf(
  management(ZONES, 6),
  TENANTS.map((name) => hostedCluster(name)),
);
const AT = HOUR;
const FOR = (2 * HOUR) as Micros;
const base = { at: AT, duration: FOR } as const;
const managementControlPlane: Fault = {
  ...base,
  kind: 'managementControlPlaneOutage',
  label: 'managementControlPlaneOutage mgmt',
  managementClusters: ['mgmt'],
};
const nodes = (...names: string[]): Fault => ({
  ...base,
  kind: 'nodeFailure',
  label: `nodeFailure ${names}`,
  nodes: names,
});
const zone: Fault = { ...base, kind: 'zoneOutage', label: 'zoneOutage a', places: ['a'] };

const HOSTING = ['h-0', 'h-1', 'h-2', 'h-3', 'h-4', 'h-5'];
/** Longest a stale endpoint can stand: grace, one monitor period, propagation. */
const DETECTION = 50 + 5 + 1;

function run(...faults: Fault[]) {
  return ran(scenarioOf(FLEET, { faults }));
}

describe('failure matrix, HighlyAvailable, three zones', () => {
  it('one worker: APIs stay up; a third of requests fails until detection, only where a replica was', () => {
    const done = run(nodes('h-0'));
    const { world } = done.fleet;
    for (const name of TENANTS) {
      expect(metric(done, 'api.uptime', name)).toBe(1);
      expect(metric(done, 'workloads.availability', name)).toBe(1);
      const dips = done
        .outages()
        .filter((outage) => outage.service === 'api' && outage.labels.hostedCluster === name);
      expect(dips.length).toBeLessThanOrEqual(1);
      for (const dip of dips) {
        // A member of etcd that dies on the same node takes a third of the others' connections with it, and writes on them.
        const alone = Math.abs(dip.lowest - 2 / 3) < 1e-12;
        if (!alone)
          expect(dip.lowest).toBeCloseTo((2 / 3) * (1 - parameterValues().database.mutatingShare / 3), 12);
        expect(dip.segments.at(-1)!.value).toBeCloseTo(2 / 3, 12);
        expect(dip.from).toBe(AT);
        expect(dip.to - dip.from).toBeLessThanOrEqual(DETECTION * SECOND);
        expect(dip.to - dip.from).toBeGreaterThanOrEqual(40 * SECOND);
        expect(dip.causes[0]).toBe('nodeFailure h-0');
        expect(dip.causes.at(-1)).toMatch(/^endpoint of kube-apiserver-\d stale/);
      }
    }
    const dipped = TENANTS.filter((name) => metric(done, 'api.degraded', name) > 0);
    expect(dipped.length).toBeGreaterThan(0);
    expect(dipped.length).toBeLessThan(TENANTS.length);
    expect(world.pods.table.length).toBeGreaterThan(0);
  });

  it('one zone: APIs stay up, quorum holds, workloads are untouched', () => {
    const done = run(zone);
    for (const name of TENANTS) {
      expect(metric(done, 'api.uptime', name)).toBe(1);
      expect(metric(done, 'api.degraded', name)).toBeGreaterThan(40);
      expect(metric(done, 'api.degraded', name)).toBeLessThanOrEqual(DETECTION);
      expect(metric(done, 'etcd.availability', name)).toBeGreaterThan(0.9999);
      expect(metric(done, 'workloads.availability', name)).toBe(1);
      expect(metric(done, 'exposure.api', name)).toBeCloseTo((2 * 3600 + 140) / 86400, 3);
    }
    expect(metric(done, 'management.availability')).toBe(1);
    expect(metric(done, 'lifecycle.availability')).toBeGreaterThan(1 - 75 / 86400);
  });

  it('the management control plane: APIs untouched, lifecycle gone throughout', () => {
    const done = run(managementControlPlane);
    for (const name of TENANTS) {
      expect(metric(done, 'api.availability', name)).toBe(1);
      expect(metric(done, 'controllers.availability', name)).toBe(1);
      expect(metric(done, 'workloads.availability', name)).toBe(1);
    }
    const away = done.outages().filter((outage) => outage.service === 'lifecycle');
    expect(away).toHaveLength(1);
    expect(away[0]!.from).toBe(AT);
    expect(away[0]!.to).toBeGreaterThan(AT + FOR);
    expect(away[0]!.to).toBeLessThan(AT + FOR + 3 * MINUTE);
    expect(away[0]!.lowest).toBe(0);
  });

  it('the management control plane and all workers: APIs down, workloads run on', () => {
    const done = run(managementControlPlane, nodes(...HOSTING));
    for (const name of TENANTS) {
      const down = done.outages().filter((o) => o.service === 'api' && o.labels.hostedCluster === name);
      expect(down).toHaveLength(1);
      expect(down[0]!.segments.every((segment) => segment.value === 0)).toBe(true);
      expect(down[0]!.from).toBe(AT);
      expect(down[0]!.to).toBeGreaterThan(AT + FOR);
      expect(metric(done, 'workloads.availability', name)).toBe(1);
    }
    expect(metric(done, 'lifecycle.availability')).toBeLessThan(1 - FOR / (24 * HOUR));
  });
});
