import { describe, expect, it } from 'vitest';
import type { MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { NodeId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, node, scenarioOf, ZONES } from '../testing.ts';
import { singleFailures } from './failures.ts';
import { failureMatrix, type MatrixOptions } from './matrix.ts';

const TENANTS = ['t-0', 't-1', 't-2', 't-3'];
const FLEET = fleetOf(
  management(ZONES, 6),
  TENANTS.map((name) => hostedCluster(name)),
);

function matrix(fleet: FleetPlan, more: Partial<MatrixOptions> = {}): MatrixResult {
  const options = { depth: 1, state: 'steady', parameters: parameterValues(), seed: 1 } as const;
  return failureMatrix(fleet, { ...options, failureLasts: HOUR, watch: HOUR, ...more });
}

/** The row that stands for a failure, alone or among others. */
function rowOf({ rows }: MatrixResult, label: string): MatrixRow {
  const found = rows.find(({ alike }) => alike.some((failures) => failures[0] === label));
  if (found === undefined) throw new RangeError(`no row for ${label}`);
  return found;
}

/** The failures of a fleet, named one by one. */
const named = ({ rows }: MatrixResult): string[] =>
  rows.flatMap(({ alike }) => alike.map(([label]) => label!));

const STEADY = matrix(FLEET, { depth: 2 });
const ZONE_DOWN = matrix(FLEET, { state: 'zone-down' });

/** Longest a stale endpoint can stand: grace, one monitor period, propagation. */
const DETECTION = 56 * SECOND;

describe('the documented matrix of a HighlyAvailable fleet in three zones', () => {
  it.each(['node h-0', 'node h-5', 'zone a', 'zone c'])(
    '%s: the API stays up, a third of its requests fails until detection, and some writes until servers give up the etcd member that died with it; workloads run on',
    (label) => {
      const { api, workloads, wholeAfter, allElseAfter, needsHuman } = rowOf(STEADY, label);
      expect(api.down).toBe(0);
      expect(api.hit).toBeGreaterThan(0);
      expect(api.lowest).toBeCloseTo((2 / 3) * (1 - parameterValues().database.mutatingShare / 3), 12);
      expect(api.longestBelow).toBeGreaterThan(40 * SECOND);
      expect(api.longestBelow).toBeLessThanOrEqual(DETECTION + 20 * SECOND);
      expect(workloads.hit).toBe(0);
      // Agents of this release stay without the server that they lost, until somebody restarts them.
      expect(wholeAfter).toBeUndefined();
      expect(needsHuman.map(({ what }) => what)).toEqual(['Konnectivity agents']);
      expect(allElseAfter).toBeGreaterThan(0);
      expect(allElseAfter).toBeLessThan(15 * MINUTE);
    },
  );

  it('tunnels of a release whose agents redial come back by themselves, and nothing needs a human', () => {
    const redials = fleetOf(management(ZONES, 6), [hostedCluster('r', { release: '5.0.1' })]);
    const { tunnel, wholeAfter, needsHuman } = rowOf(matrix(redials), 'zone a');
    expect(tunnel.hit).toBe(1);
    expect(wholeAfter).toBeLessThan(15 * MINUTE);
    expect(needsHuman).toEqual([]);
  });

  it('tunnels that stay broken are low to the end of the watch', () => {
    const { tunnel } = rowOf(STEADY, 'zone a');
    expect(tunnel).toMatchObject({ hit: TENANTS.length, down: 0 });
    // Two servers are enough while two are listed; the third comes back with its zone, and no agent looks for it.
    expect(tunnel.longestBelow).toBeGreaterThan(50 * MINUTE);
  });

  it('a zone reaches every tenant, a node only those that had a replica there', () => {
    expect(rowOf(STEADY, 'zone a').api.hit).toBe(TENANTS.length);
    expect(rowOf(STEADY, 'node h-0').api.hit).toBeLessThan(TENANTS.length);
  });

  it('the management control plane: APIs and workloads untouched, lifecycle gone throughout', () => {
    const { api, etcd, workloads, lifecycle } = rowOf(STEADY, 'management control plane of mgmt');
    expect([api.hit, etcd.hit, workloads.hit]).toEqual([0, 0, 0]);
    expect(lifecycle.down).toBe(1);
    expect(lifecycle.longestDown).toBeGreaterThanOrEqual(HOUR);
  });

  it('the management control plane and all workers: every API down, workloads run on, and all comes back', () => {
    const { api, workloads, lifecycle, wholeAfter } = rowOf(
      STEADY,
      'management control plane and workers of mgmt',
    );
    expect(api.down).toBe(TENANTS.length);
    expect(api.longestDown).toBeGreaterThanOrEqual(HOUR);
    expect(workloads.hit).toBe(0);
    expect(lifecycle.down).toBe(1);
    expect(wholeAfter).toBeGreaterThan(0);
  });

  it('one etcd member leaves every quorum', () => {
    for (const ordinal of [0, 1, 2]) {
      const { api, etcd, alike } = rowOf(STEADY, `etcd-${ordinal} of t-0`);
      expect(api.hit).toBe(0);
      expect(etcd.longestDown).toBeLessThan(10 * SECOND);
      expect(alike).toHaveLength(TENANTS.length);
    }
  });

  it('a load balancer: its API is away from outside for as long, its control plane and workloads are well', () => {
    const { alike, api, etcd, workloads, lifecycle, wholeAfter } = rowOf(STEADY, 'load balancer of t-0');
    expect(alike).toHaveLength(TENANTS.length);
    expect(api).toMatchObject({ hit: 1, down: 1, lowest: 0, longestDown: HOUR });
    expect([etcd.hit, workloads.hit, lifecycle.hit]).toEqual([0, 0, 0]);
    expect(wholeAfter).toBe(0);
  });

  it('names the worst-hit cluster and the causes, the failure first', () => {
    const { failures, api } = rowOf(STEADY, 'zone a');
    expect(api.worst?.hostedCluster).toMatch(/^t-\d$/);
    expect(api.causes[0]).toBe(failures[0]);
    expect(api.causes.at(-1)).toMatch(/^endpoint of kube-apiserver-\d stale/);
  });
});

describe('failures that share a row', () => {
  const SERVICES = ['api', 'etcd', 'tunnel', 'workloads', 'lifecycle'] as const;

  it('have no figure that is worse than that of the row, and each of its figures is that of one of them', () => {
    for (const row of [...STEADY.rows, ...STEADY.pairs, ...ZONE_DOWN.rows])
      for (const service of SERVICES) {
        const own = row.tried.map((effect) => effect[service]);
        expect(row[service].lowest).toBe(Math.min(...own.map(({ lowest }) => lowest)));
        for (const key of ['hit', 'down', 'longestDown', 'longestBelow'] as const)
          expect(row[service][key]).toBe(Math.max(...own.map((impact) => impact[key])));
      }
  });

  it('are all there, each with its own figures', () => {
    for (const { alike, tried } of STEADY.rows)
      expect(tried.flatMap((effect) => effect.alike)).toEqual(alike);
    const names = STEADY.rows.flatMap(({ tried }) => tried.map(({ failures }) => failures[0]!));
    expect(names).toHaveLength(new Set(names).size);
  });

  it('a node that costs one tenant much stands in no row of nodes that cost many a little', () => {
    const labels = {
      'hypershift.openshift.io/request-serving-component': 'true',
      'hypershift.openshift.io/cluster': 'clusters-vip',
    };
    const taints = Object.entries(labels).map(
      ([key, value]) => ({ key, value, effect: 'NoSchedule' }) as const,
    );
    const serving = ['a', 'b'].map((zone, i) => node(`s-${i}`, zone, { labels, taints }));
    const plain = management(ZONES, 6);
    const dedicated = hostedCluster('vip', { isolation: 'DedicatedRequestServing' });
    const fleet = fleetOf({ ...plain, nodes: [...plain.nodes, ...serving] }, [
      ...TENANTS.map((name) => hostedCluster(name)),
      dedicated,
    ]);
    const { alike, api } = rowOf(matrix(fleet), 'node s-0');
    expect(api.lowest).toBeLessThanOrEqual(0.5);
    for (const [label] of alike) expect(label).toMatch(/^node s-/);
  });
});

describe('every single failure', () => {
  it('is tried once: nodes, zones, the management cluster, every etcd member and load balancer, the storage under etcd', () => {
    const wanted = singleFailures(FLEET).flatMap(({ label, alike }) => [label, ...alike]);
    expect([...named(STEADY)].sort((a, b) => (a < b ? -1 : 1))).toEqual(
      [...wanted].sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(wanted).toHaveLength(9 + 3 + 2 + 4 * TENANTS.length + 1);
  });

  it('a storage class that does not answer takes down every API whose etcd is on it, and no workload', () => {
    const two = management(ZONES, 6, {
      storageClasses: [
        { name: 'one', binding: 'zone', performance: 'cloud-ssd' },
        { name: 'other', binding: 'node', performance: 'local-lvm' },
        { name: 'unused', binding: 'free', performance: 'shared-isolated' },
      ],
      defaultStorageClass: 'one',
    });
    const onOther = { management: 'Managed' as const, storageClass: 'other', volumeMib: 8192 };
    const result = matrix(
      fleetOf(two, [hostedCluster('a'), hostedCluster('b'), hostedCluster('c', { etcd: onOther })]),
    );
    expect(named(result)).not.toContain('storage class unused of mgmt');
    const { api, workloads, wholeAfter } = rowOf(result, 'storage class one of mgmt');
    expect([api.down, workloads.hit]).toEqual([2, 0]);
    expect(wholeAfter).toBeLessThan(15 * MINUTE);
    expect(named(result)).toContain('storage class other of mgmt');
  });

  it('spares what is published by NodePort when it comes to load balancers', () => {
    const open = hostedCluster('n', { services: { APIServer: 'NodePort' } });
    const labels = singleFailures(fleetOf(management(ZONES, 3), [open, hostedCluster('l')])).map(
      ({ label }) => label,
    );
    expect(labels.filter((label) => label.startsWith('load balancer'))).toEqual(['load balancer of l']);
  });

  it('covers racks, spares unmanaged etcd, and tries the one member of a SingleReplica cluster', () => {
    const plain = management(ZONES, 3);
    const nodes = plain.nodes.map((node) => ({ ...node, rack: `${node.zone}/r` }));
    const single = hostedCluster('s', { controllerAvailabilityPolicy: 'SingleReplica' });
    const base = hostedCluster('u');
    const unmanaged = { ...base, etcd: { ...base.etcd, management: 'Unmanaged' as const } };
    const labels = singleFailures(fleetOf({ ...plain, nodes }, [single, unmanaged])).map(
      ({ label }) => label,
    );
    expect(labels.filter((label) => label.startsWith('rack '))).toEqual(['rack a/r', 'rack b/r', 'rack c/r']);
    expect(labels.filter((label) => label.startsWith('etcd'))).toEqual(['etcd-0 of s']);
  });

  it('takes down the API of a SingleReplica cluster when its member or its node fails', () => {
    const single = hostedCluster('s', { controllerAvailabilityPolicy: 'SingleReplica' });
    const result = matrix(fleetOf(management(ZONES, 3), [single]));
    expect(rowOf(result, 'etcd-0 of s').api.down).toBe(1);
    const fatal = result.rows.filter(({ failures, api }) => failures[0]!.startsWith('node ') && api.down > 0);
    expect(fatal.flatMap(({ alike }) => alike)).toHaveLength(1);
  });
});

describe('pairs', () => {
  const alone = new Map(
    STEADY.rows.flatMap((row) => row.alike.map(([label]) => [label!, row.api.down + row.workloads.down])),
  );

  it('are minimal: neither member takes anything down alone, both together do', () => {
    expect(STEADY.pairs.length).toBeGreaterThan(0);
    for (const { api, workloads, alike } of STEADY.pairs) {
      expect(api.down + workloads.down).toBeGreaterThan(0);
      for (const pair of alike) {
        expect(pair).toHaveLength(2);
        for (const label of pair) expect(alone.get(label), label).toBe(0);
      }
    }
  });

  it('come ranked by the tenants they take down, two zones first', () => {
    const counts = STEADY.pairs.map(({ api, workloads }) => Math.max(api.down, workloads.down));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(STEADY.pairs[0]!.failures.every((label) => label.startsWith('zone '))).toBe(true);
    expect(STEADY.pairs[0]!.api.down).toBe(TENANTS.length);
  });

  it('hold two members of one etcd, never members of two', () => {
    const members = STEADY.pairs
      .flatMap(({ alike }) => alike)
      .filter((pair) => pair.every((label) => label.startsWith('etcd')));
    expect(members).toHaveLength(3);
    for (const [a, b] of members) expect(a!.replace(/^etcd-\d/, '')).toBe(b!.replace(/^etcd-\d/, ''));
  });
});

describe('with a zone down', () => {
  it('a node of another zone is fatal for exactly the tenants whose etcd member it holds', () => {
    const { pods, machines, sets } = new Replication(scenarioOf(FLEET), 0).fleet.world;
    const tenantsOn = (name: string) => {
      const held = pods.ofNode.list(machines.names.indexOf(name) as NodeId);
      const members = held.filter((pod) => /^etcd-\d/.test(pods.name(pod)));
      return new Set(members.map((pod) => sets.serves.at(pods.set.at(pod)))).size;
    };
    const hosting = FLEET.managementClusters[0]!.nodes.filter(
      (node) => !node.controlPlane && node.zone !== 'a',
    );
    expect(hosting).toHaveLength(4);
    for (const { name } of hosting) {
      const { api, alike } = rowOf(ZONE_DOWN, `node ${name}`);
      expect(tenantsOn(name)).toBeGreaterThan(0);
      const most = Math.max(...alike.map(([label]) => tenantsOn(label!.slice('node '.length))));
      expect(api.down).toBe(most);
    }
  });

  it('so is the next zone for all, and one member for its own', () => {
    expect(ZONE_DOWN.before).toBe('zone a');
    expect(named(ZONE_DOWN)).not.toContain('zone a');
    for (const label of ['zone b', 'zone c']) expect(rowOf(ZONE_DOWN, label).api.down).toBe(TENANTS.length);
    const members = [0, 1, 2].map((ordinal) => rowOf(ZONE_DOWN, `etcd-${ordinal} of t-0`).api.down);
    expect([...members].sort((a, b) => a - b)).toEqual([0, 1, 1]);
  });

  it('what stands in the lost zone is not tried, APIs down already are counted, and the rest heals', () => {
    const lost = FLEET.managementClusters[0]!.nodes.filter(({ zone }) => zone === 'a');
    for (const { name } of lost) expect(named(ZONE_DOWN).join()).not.toContain(name);
    expect(ZONE_DOWN.downBefore).toBe(0);
    expect(rowOf(ZONE_DOWN, 'management control plane of mgmt').wholeAfter).toBeGreaterThan(0);
  });

  it('a matrix that is stopped holds what was tried', () => {
    let asked = 0;
    const { rows, partial } = matrix(FLEET, { shouldStop: () => ++asked > 3 });
    expect(partial).toBe(true);
    expect(rows.flatMap(({ alike }) => alike)).toHaveLength(3);
  });
});

describe('a matrix is repeatable', () => {
  it('same seed, same bytes; another seed, others', () => {
    const once = JSON.stringify(matrix(FLEET));
    expect(JSON.stringify(matrix(FLEET))).toBe(once);
    expect(JSON.stringify(matrix(FLEET, { seed: 2 }))).not.toBe(once);
  });

  it.each(STEADY.rows.map(({ tried }) => [tried[0]!.failures[0]!, tried[0]!] as const))(
    'what %s does is what it does in a world where nothing else was ever tried',
    (label, row) => {
      const fresh = new Replication(scenarioOf(FLEET), 0);
      fresh.run(HOUR);
      const failure = singleFailures(FLEET).find((one) => one.label === label)!;
      for (const fault of failure.faults({ at: HOUR, duration: HOUR })) fresh.injector.inject(fault);
      fresh.run((3 * HOUR) as Micros);
      for (const service of ['api', 'etcd', 'tunnel', 'workloads', 'lifecycle'] as const) {
        const outages = fresh.outages().filter((outage) => outage.service === service && outage.from >= HOUR);
        const below = new Map<string, number>();
        for (const { labels, from, to } of outages) {
          const cluster = JSON.stringify(labels);
          below.set(cluster, (below.get(cluster) ?? 0) + to - from);
        }
        expect(row[service].hit).toBe(below.size);
        expect(row[service].longestBelow).toBe(Math.max(0, ...below.values()));
        expect(row[service].lowest).toBe(Math.min(1, ...outages.map((outage) => outage.lowest)));
      }
    },
  );
});
