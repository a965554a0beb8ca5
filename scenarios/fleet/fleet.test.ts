import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { MINUTE } from '../../sim/time.ts';
import { loadScenarios } from '../load.ts';
import { memoryReader, scenario } from '../testing.ts';

/** The plan of a fleet given as the lines of its spec. */
function plan(spec: string): FleetPlan {
  const fleet = `apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec:\n${spec}`;
  const loaded = loadScenarios(['a.yaml'], {
    reader: memoryReader({ 'a.yaml': scenario(), 'fleet.yaml': fleet }),
  });
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios[0]!.plan.fleet;
}

const pool = (text: string) => plan(`  managementClusters: [{name: m, nodePools: [{name: h, ${text}}]}]\n`);
const workers = (fleet: FleetPlan) => fleet.managementClusters[0]!.nodes.filter((node) => !node.controlPlane);

describe('compact fleets', () => {
  test('nodes are dealt round over zones, and within a zone over racks', () => {
    const nodes = workers(pool('replicas: 6, zones: [a, b], racks: [x, y]'));
    expect(nodes.map((node) => `${node.name} ${node.rack}`)).toEqual([
      'm-h-0 a/x',
      'm-h-1 b/x',
      'm-h-2 a/y',
      'm-h-3 b/y',
      'm-h-4 a/x',
      'm-h-5 b/x',
    ]);
  });

  test('control-plane nodes stand in the zones of the pools and carry the master taint', () => {
    const masters = pool('replicas: 3, zones: [a, b, c]').managementClusters[0]!.nodes.slice(0, 3);
    expect(masters.map((node) => [node.name, node.zone])).toEqual([
      ['m-control-plane-0', 'a'],
      ['m-control-plane-1', 'b'],
      ['m-control-plane-2', 'c'],
    ]);
    expect(masters[0]!.taints).toEqual([
      { key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' },
    ]);
  });

  test('a compact cluster hosts on its control-plane nodes', () => {
    const fleet = plan(
      '  managementClusters: [{name: c, controlPlane: {schedulable: true, zones: [a, b, c], machine: {cpu: 8, memory: 32Gi}}}]\n',
    );
    const { nodes } = fleet.managementClusters[0]!;
    expect(nodes).toHaveLength(3);
    expect(nodes.every((node) => node.controlPlane && node.taints.length === 0)).toBe(true);
    expect(nodes[0]!.labels['hypershift.openshift.io/control-plane']).toBe('true');
  });

  test('a machine offers its size less what the system keeps', () => {
    const [node] = workers(pool('replicas: 1, machine: {cpu: 16, memory: 64Gi, maxPods: 100}'));
    expect(node!.allocatable).toEqual({ cpuMillis: 15_500, memoryMib: 64 * 1024 - 1024, pods: 100 });
  });

  test('parameters of the fleet change what the system keeps', () => {
    const fleet = plan(
      '  parameters: {node: {systemCpuMillis: 1000}}\n  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1, machine: {cpu: 4, memory: 8Gi}}]}]\n',
    );
    expect(workers(fleet)[0]!.allocatable.cpuMillis).toBe(3000);
  });

  test('a management cluster stands on AWS unless its platform is written', () => {
    expect(pool('replicas: 1').managementClusters[0]!.platform).toBe('AWS');
    const fleet = plan(
      '  managementClusters: [{name: m, platform: BareMetal, nodePools: [{name: h, replicas: 1}]}]\n',
    );
    expect(fleet.managementClusters[0]!.platform).toBe('BareMetal');
  });

  test('machines boot as their platform does unless their boot is written', () => {
    const machine = 'machine: {cpu: 16, memory: 64Gi, boot: 7m}';
    const fleet = plan(
      `  managementClusters:
    - name: m
      controlPlane: {${machine.replace('7m', '9m')}}
      nodePools: [{name: h, replicas: 1, ${machine}}, {name: plain, replicas: 1}]
      nodes: [{name: own, ${machine.replace('7m', '8m')}}]
  hostedClusters: [{name: t, nodePools: [{name: w, replicas: 1, ${machine.replace('7m', '6m')}}, {name: plain, replicas: 1}]}]
`,
    );
    const boots = fleet.managementClusters[0]!.nodes.map(({ name, boot }) => [name, boot]);
    const master = (i: number) => [`m-control-plane-${i}`, 9 * MINUTE];
    expect(boots).toEqual([
      master(0),
      master(1),
      master(2),
      ['m-h-0', 7 * MINUTE],
      ['m-plain-0', undefined],
      ['own', 8 * MINUTE],
    ]);
    expect(fleet.hostedClusters[0]!.nodePools.map(({ boot }) => boot)).toEqual([6 * MINUTE, undefined]);
  });

  test('without zones nodes carry no zone label, and a note says so', () => {
    const fleet = pool('replicas: 2');
    expect(fleet.places).toEqual([]);
    expect(workers(fleet).map((node) => node.zone)).toEqual(['', '']);
    expect(Object.keys(workers(fleet)[0]!.labels)).not.toContain('topology.kubernetes.io/zone');
    expect(fleet.notes).toHaveLength(1);
  });

  test('count makes NAME-0 to NAME-(n-1), no count the plain name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
        const fleet = plan(`  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1}]}]
  hostedClusters: [{name: t, count: ${count}}, {name: t}]\n`);
        const names = Array.from({ length: count }, (_, i) => `t-${i}`);
        expect(fleet.hostedClusters.map((one) => one.name)).toEqual([...names, 't']);
      }),
      { numRuns: 10 },
    );
  });

  test('hosted clusters take the defaults of the API', () => {
    const [hosted] = plan(
      '  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1}]}]\n  hostedClusters: [{name: t, nodePools: [{name: w, replicas: 3}]}]\n',
    ).hostedClusters;
    expect(hosted).toMatchObject({
      managementCluster: 'm',
      controllerAvailabilityPolicy: 'HighlyAvailable',
      infrastructureAvailabilityPolicy: 'SingleReplica',
      etcd: { management: 'Managed', storageClass: '', volumeMib: 8192 },
      router: false,
      workloads: [{ name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024 }],
    });
  });

  test('publishing the API by a route needs the router', () => {
    const [hosted] = plan(
      '  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1}]}]\n  hostedClusters: [{name: t, services: {APIServer: Route}}]\n',
    ).hostedClusters;
    expect(hosted!.router).toBe(true);
  });

  test('nodes dedicated to a hosted cluster carry its label and taint, and shared nothing asks for them', () => {
    const fleet = plan(`  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1, dedicatedTo: t}]}]
  hostedClusters: [{name: t, isolation: SharedNothing}]\n`);
    const [node] = workers(fleet);
    expect(node!.labels['hypershift.openshift.io/cluster']).toBe('clusters-t');
    expect(node!.taints).toEqual([
      { key: 'hypershift.openshift.io/cluster', value: 'clusters-t', effect: 'NoSchedule' },
    ]);
    expect(fleet.hostedClusters[0]!.nodeSelector).toEqual({
      'hypershift.openshift.io/cluster': 'clusters-t',
    });
  });

  test('each cluster with dedicated request serving gets one free node in each of two zones', () => {
    const fleet = plan(`  managementClusters:
    - name: m
      nodePools:
        - {name: h, replicas: 3, zones: [a, b, c]}
        - {name: s, replicas: 4, zones: [a, b], requestServing: true}
  hostedClusters: [{name: t, count: 2, isolation: DedicatedRequestServing}]\n`);
    const serving = workers(fleet).slice(3);
    expect(serving.map((node) => `${node.zone} ${node.labels['hypershift.openshift.io/cluster']}`)).toEqual([
      'a clusters-t-0',
      'b clusters-t-0',
      'a clusters-t-1',
      'b clusters-t-1',
    ]);
    expect(serving[0]!.taints.map((taint) => taint.key)).toEqual([
      'hypershift.openshift.io/request-serving-component',
      'hypershift.openshift.io/cluster',
    ]);
  });
});

describe('releases that the operator does not take', () => {
  const fleet = (hosted: string) =>
    plan(`  managementClusters: [{name: m, version: "4.20", nodePools: [{name: h, replicas: 3}]}]
  hostedClusters:
${hosted}`).notes.filter((note) => note.includes('reconciles nothing'));

  test('are noted once for all hosted clusters alike', () => {
    expect(fleet('    - {name: t, count: 5, release: 4.21.1}\n')).toEqual([
      'Hosted cluster t-0, t-1, t-2 and 2 more: 4.21.1 is above 4.20, the latest of MCE 2.10 (hosted-cluster.above-operator); ' +
        'the HyperShift operator reconciles nothing of it until that is otherwise.',
    ]);
    expect(fleet('    - {name: t, release: 4.21.1, skipReleaseValidation: true}\n')).toEqual([]);
    expect(fleet('    - {name: t, release: 4.12.1}\n')[0]).toContain('hosted-cluster.below-minimum');
  });

  test('are noted of node pools, too', () => {
    expect(
      fleet('    - {name: t, release: 4.18.1, nodePools: [{name: w, replicas: 2, release: 4.19.3}]}\n'),
    ).toEqual([
      'Node pool t/w: 4.19.3 is a later minor than 4.18.1, which the hosted cluster has completed (node-pool.above-hosted-cluster); ' +
        'the HyperShift operator reconciles nothing of it until that is otherwise.',
    ]);
    expect(
      fleet('    - {name: t, release: 4.19.1, nodePools: [{name: w, replicas: 2, release: 4.18.3}]}\n'),
    ).toEqual([]);
  });
});

test('a control plane with a release of its own is said to keep it', () => {
  const { notes } =
    plan(`  managementClusters: [{name: m, version: "4.20", nodePools: [{name: h, replicas: 3}]}]
  hostedClusters: [{name: t, release: 4.19.1, controlPlaneRelease: 4.19.2}, {name: u, release: 4.19.1}]\n`);
  expect(notes.filter((note) => note.includes('controlPlaneRelease'))).toEqual([
    'Hosted cluster t: the control plane keeps its controlPlaneRelease for the whole run; that somebody writes another one is not simulated.',
  ]);
});
