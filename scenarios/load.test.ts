import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../sim/time.ts';
import { loadScenarios } from './load.ts';
import { FLEET, memoryReader, scenario } from './testing.ts';
import { validateFiles } from './validate.ts';

const ZONE_LOSS = '  events:\n    - at: 1h\n      zoneOutage: {zone: zone-a, duration: 2h}\n';

function load(
  files: Readonly<Record<string, string>>,
  set: readonly string[] = [],
  paths = ['a.yaml'],
  seed?: number,
) {
  const loaded = loadScenarios(paths, { reader: memoryReader({ 'fleet.yaml': FLEET, ...files }), set, seed });
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios;
}

const plan = (text: string, set?: readonly string[]) => load({ 'a.yaml': text }, set)[0]!.plan;
const fault = (text: string) => plan(scenario(`  events:\n    - at: 1h\n      ${text}\n`)).faults[0]!;

describe('scenario files', () => {
  test('a byte order mark, CRLF and JSON are read like any other text', () => {
    const expected = plan(scenario(ZONE_LOSS));
    expect(plan(`\uFEFF${scenario(ZONE_LOSS)}`)).toEqual(expected);
    expect(plan(scenario(ZONE_LOSS).replaceAll('\n', '\r\n'))).toEqual(expected);
    const json = {
      apiVersion: 'hcpsim/v1alpha1',
      kind: 'Scenario',
      metadata: { name: 'test' },
      spec: {
        fleet: 'fleet.yaml',
        duration: 'PT24H',
        events: [{ at: '1h', zoneOutage: { zone: 'zone-a', duration: '2h' } }],
      },
    };
    expect(plan(JSON.stringify(json))).toEqual(expected);
  });

  test('names that several hosted clusters share are offered once', () => {
    const text = scenario('  events:\n    - at: 1h\n      upgrade: {nodePool: nope, to: 4.20.1}\n');
    const reader = memoryReader({ 'fleet.yaml': FLEET, 'a.yaml': text });
    expect(loadScenarios(['a.yaml'], { reader }).problems).toMatchObject([
      { found: 'no node pool "nope"', expected: 'one of workers' },
    ]);
  });

  test('anchors and merge keys work within a document', () => {
    const text = scenario(
      '  events:\n    - {at: 1h, zoneOutage: &z {zone: zone-a, duration: 2h}}\n    - {at: 5h, zoneOutage: {<<: *z, zone: zone-b}}\n',
    );
    expect(plan(text).faults).toMatchObject([
      { places: ['zone-a'], duration: 120 * MINUTE },
      { places: ['zone-b'], duration: 120 * MINUTE },
    ]);
  });

  test('several scenarios in one file share its gate sets and may name its fleets', () => {
    const set = `---\napiVersion: hcpsim/v1alpha1\nkind: GateSet\nmetadata: {name: g}\nspec: {gates: [{metric: api.downtime, op: "<=", value: 90s}]}\n`;
    const text = `${scenario()}---\n${scenario().replace('fleet.yaml', 'own')}${set}---\n${FLEET.replace('small', 'own')}`;
    const scenarios = load({ 'a.yaml': text });
    expect(scenarios.map((one) => one.plan.fleet.name)).toEqual(['small', 'own']);
    expect(scenarios.map((one) => one.gates)).toMatchObject([
      [{ metric: 'api.downtime', stat: 'max', value: 90 }],
      [{ metric: 'api.downtime', stat: 'max', value: 90 }],
    ]);
  });

  test('gate sets of other files join', () => {
    const set =
      'apiVersion: hcpsim/v1alpha1\nkind: GateSet\nmetadata: {name: g}\nspec: {gates: [{metric: api.uptime, op: ">=", value: 99.9%}]}\n';
    const [one] = load({ 'a.yaml': scenario('  gateSets: [gates/g.yaml]\n'), 'gates/g.yaml': set });
    expect(one!.gates).toMatchObject([{ name: 'api.uptime min >= 99.9%', value: 0.999 }]);
  });

  test('extends: maps merge, lists are replaced, paths stay relative to where they are written', () => {
    const base = scenario(
      '  seed: 7\n  parameters: {node: {toleration: 60s, gracePeriod: 90s}}\n  events: []\n',
    );
    const child = `apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: child}
spec:
  extends: [base/b.yaml]
  parameters: {node: {toleration: 30s}}
${ZONE_LOSS}`;
    const [one] = load({
      'a.yaml': child,
      'base/b.yaml': base,
      'base/fleet.yaml': FLEET.replace('small', 'other'),
    });
    expect(one!.plan).toMatchObject({ name: 'child', seed: 7, fleet: { name: 'other' } });
    expect(one!.plan.parameters.node).toMatchObject({ toleration: 30 * SECOND, gracePeriod: 90 * SECOND });
    expect(one!.plan.faults).toHaveLength(1);
  });

  test('the option for the seed wins over the file', () => {
    expect(load({ 'a.yaml': scenario('  seed: 5\n') }, [], ['a.yaml'], 9)[0]!.plan.seed).toBe(9);
  });

  test('validate says what each file holds', () => {
    const files = { 'a.yaml': scenario(), 'fleet.yaml': FLEET };
    const { files: contents, problems } = validateFiles(['a.yaml', 'fleet.yaml'], memoryReader(files));
    expect(problems).toEqual([]);
    expect(contents.map((one) => one.holds)).toEqual([['Scenario test'], ['Fleet small']]);
  });
});

describe('targets', () => {
  test('fewer than all are the first in the order of the fleet, percentages rounded up', () => {
    expect(fault('zoneOutage: {zone: "*", mode: one}')).toMatchObject({ places: ['zone-a'] });
    expect(fault('zoneOutage: {zone: [zone-c, zone-b], mode: fixed, value: 1}')).toMatchObject({
      places: ['zone-b'],
    });
    expect(fault('zoneOutage: {zone: "*", mode: fixed-percent, value: 34%}')).toMatchObject({
      places: ['zone-a', 'zone-b'],
    });
  });

  test('upgrades of each kind of subject', () => {
    expect(fault('upgrade: {hostedCluster: "tenant-*", mode: one, to: 4.20.3, force: true}')).toMatchObject({
      subject: 'hostedCluster',
      names: ['tenant-0'],
      to: '4.20.3',
      force: true,
      label: 'upgrade tenant-0 to 4.20.3',
    });
    expect(fault('upgrade: {nodePool: workers, to: 4.20.3}')).toMatchObject({
      subject: 'nodePool',
      names: ['tenant-0/workers', 'tenant-1/workers'],
    });
    const config = fault('upgrade: {nodePool: "*", hostedCluster: tenant-1, change: config}');
    expect(config).toMatchObject({ subject: 'nodePool', names: ['tenant-1/workers'], change: 'config' });
    expect(config).not.toHaveProperty('to');
    expect(fault('upgrade: {managementCluster: mgmt, to: "4.20"}')).toMatchObject({
      subject: 'managementCluster',
      names: ['mgmt'],
    });
    expect(fault('upgrade: {operator: mgmt, to: "2.10"}')).toMatchObject({
      subject: 'operator',
      names: ['mgmt'],
    });
    expect(fault('upgrade: {hostedCluster: tenant-1, change: configuration.proxy}')).toMatchObject({
      subject: 'hostedCluster',
      names: ['tenant-1'],
      change: 'configuration.proxy',
    });
    const pause = { subject: 'machineConfigPool', change: 'pause' };
    expect(fault('upgrade: {machineConfigPool: worker, change: pause}')).toMatchObject({
      ...pause,
      names: ['mgmt/worker'],
      label: 'upgrade mgmt/worker paused',
    });
    expect(fault('upgrade: {machineConfigPool: "*", managementCluster: mgmt, change: pause}')).toMatchObject({
      ...pause,
      names: ['mgmt/master', 'mgmt/worker'],
    });
  });

  test('racks by zone and name', () => {
    expect(fault('rackOutage: {rack: "*/r1"}')).toMatchObject({
      places: ['zone-a/r1', 'zone-b/r1', 'zone-c/r1'],
    });
  });

  test('nodes by labels, names, and what they host', () => {
    expect(
      fault(
        'nodeFailure: {selector: {topology.kubernetes.io/zone: "zone-[b]", node-role.kubernetes.io/worker: ""}}'.replace(
          '[b]',
          'b',
        ),
      ),
    ).toMatchObject({ nodes: ['mgmt-hosting-1'] });
    expect(fault('nodeFailure: {node: mgmt-control-plane-*}')).toMatchObject({
      nodes: ['mgmt-control-plane-0', 'mgmt-control-plane-1', 'mgmt-control-plane-2'],
    });
    expect(
      fault('nodeFailure: {hosting: {hostedCluster: tenant-1, component: kube-apiserver, ordinal: 2}}'),
    ).toMatchObject({
      nodes: [],
      hosting: [{ hostedCluster: 'tenant-1', component: 'kube-apiserver', ordinal: 2 }],
      label: 'nodeFailure host of tenant-1/kube-apiserver-2',
    });
  });

  test('members, pods, tunnels and workers by ordinal', () => {
    expect(fault('etcdMemberFailure: {hostedCluster: tenant-*, ordinal: [0, 1]}')).toMatchObject({
      members: [
        { hostedCluster: 'tenant-0', ordinal: 0 },
        { hostedCluster: 'tenant-0', ordinal: 1 },
        { hostedCluster: 'tenant-1', ordinal: 0 },
        { hostedCluster: 'tenant-1', ordinal: 1 },
      ],
    });
    expect(fault('slowDisk: {hostedCluster: tenant-1, member: [0, 2], fsync: 2s}')).toMatchObject({
      members: [
        { hostedCluster: 'tenant-1', ordinal: 0 },
        { hostedCluster: 'tenant-1', ordinal: 2 },
      ],
      fsync: 2 * SECOND,
      label: 'slowDisk tenant-1/etcd-0, tenant-1/etcd-2',
    });
    expect(fault('slowDisk: {storageClass: default}')).toMatchObject({
      storageClasses: [{ managementCluster: 'mgmt', name: 'default' }],
      nodes: [],
      members: [],
    });
    expect(fault('slowDisk: {node: "*"}')).toMatchObject({
      nodes: ['mgmt-control-plane-0', 'mgmt-control-plane-1', 'mgmt-control-plane-2'],
    });
    expect(fault('podFailure: {hostedCluster: tenant-0, component: kube-scheduler}')).toEqual({
      kind: 'podFailure',
      at: expect.any(Number),
      label: 'podFailure tenant-0/kube-scheduler-0, tenant-0/kube-scheduler-1',
      noun: 'pods',
      failure: 'crash',
      pods: [{ hostedCluster: 'tenant-0', component: 'kube-scheduler' }],
    });
    expect(
      fault('podFailure: {hostedCluster: tenant-0, component: kube-apiserver, ordinal: [2, 0, 2]}'),
    ).toMatchObject({ pods: [{ ordinal: 0 }, { ordinal: 2 }] });
    expect(fault('konnectivityFailure: {side: server, hostedCluster: tenant-0, ordinal: 0}')).toMatchObject({
      side: 'server',
      targets: [{ hostedCluster: 'tenant-0', ordinal: 0 }],
    });
    expect(fault('konnectivityFailure: {side: agent, hostedCluster: tenant-0}')).toMatchObject({
      label: 'konnectivityFailure tenant-0/konnectivity-agent-0, tenant-0/konnectivity-agent-1',
      targets: [{ hostedCluster: 'tenant-0' }],
    });
    expect(fault('workerFailure: {hostedCluster: tenant-0, mode: one}')).toMatchObject({
      label: 'workerFailure tenant-0/workers-0',
      workers: [{ hostedCluster: 'tenant-0', nodePool: 'workers' }],
      only: { amount: 1, relative: false },
    });
    expect(fault('workerFailure: {hostedCluster: tenant-0, mode: fixed-percent, value: 50%}')).toMatchObject({
      label: 'workerFailure tenant-0/workers-0',
      only: { amount: 0.5, relative: true },
    });
    expect(fault('machineDeletion: {hostedCluster: tenant-0, ordinal: 1}')).toEqual({
      kind: 'machineDeletion',
      at: expect.any(Number),
      label: 'machineDeletion tenant-0/workers-1',
      noun: 'machines',
      machines: [{ hostedCluster: 'tenant-0', nodePool: 'workers', ordinal: 1 }],
    });
    expect(fault('managementControlPlaneOutage: {duration: 1h}')).toMatchObject({
      managementClusters: ['mgmt'],
      duration: 60 * MINUTE,
    });
  });
});

describe('machines that there will be', () => {
  const faultsOf = (...events: string[]) =>
    plan(scenario(`  events:\n${events.map((text) => `    - at: 1h\n      ${text}\n`).join('')}`)).faults;
  const grown = 'scale: {hostedCluster: tenant-0, nodePool: "*", replicas: 6}';

  test('can be meant where another event scales their pool, and only there', () => {
    const [, workers, agents, six] = faultsOf(
      grown,
      'workerFailure: {hostedCluster: "*", ordinal: [1, 5]}',
      'konnectivityFailure: {side: agent, hostedCluster: tenant-0, ordinal: 5}',
      'workerFailure: {hostedCluster: tenant-0, mode: fixed, value: 6}',
    );
    expect(workers).toMatchObject({
      workers: [
        { hostedCluster: 'tenant-0', ordinal: 1 },
        { hostedCluster: 'tenant-0', ordinal: 5 },
        { hostedCluster: 'tenant-1', ordinal: 1 },
      ],
    });
    expect(agents).toMatchObject({ targets: [{ hostedCluster: 'tenant-0', ordinal: 5 }] });
    expect(six).toMatchObject({ only: { amount: 6, relative: false } });
  });
});

describe('overrides', () => {
  test('reach the scenario, its events and its parameters, read by the type of the schema', () => {
    const set = [
      'duration=48h',
      'seed=3',
      'spec.events.0.zoneOutage.duration=5m',
      'parameters.node.gracePeriod=70s',
      'metadata.name=other',
    ];
    expect(plan(scenario(ZONE_LOSS), set)).toMatchObject({
      name: 'other',
      seed: 3,
      duration: 48 * 60 * MINUTE,
      faults: [{ duration: 5 * MINUTE }],
      parameters: { node: { gracePeriod: 70 * SECOND } },
    });
  });

  test('reach a fleet in a file of its own, and one written inline', () => {
    const set = ['fleet.hostedClusters.0.count=5', 'fleet.managementClusters[0].version=4.18'];
    const inline = `apiVersion: hcpsim/v1alpha1\nkind: Scenario\nmetadata: {name: test}\nspec:\n  duration: 1h\n  fleet:\n${FLEET.split('spec:\n')[1]!.replaceAll(/^/gm, '  ')}`;
    for (const text of [scenario(), inline]) {
      const { fleet } = plan(text, set);
      expect(fleet.hostedClusters).toHaveLength(5);
      expect(fleet.managementClusters[0]!.version).toBe('4.18');
    }
  });

  test('take lists and maps in the form of YAML', () => {
    const { faults } = plan(scenario(ZONE_LOSS), ['events.0.zoneOutage.zone=[zone-b, zone-c]']);
    expect(faults).toMatchObject([{ places: ['zone-b', 'zone-c'] }]);
    expect(plan(scenario(ZONE_LOSS), ['events=[]']).faults).toEqual([]);
  });
});

describe('files without a scenario', () => {
  const GATES =
    'apiVersion: hcpsim/v1alpha1\nkind: GateSet\nmetadata: {name: g}\nspec: {gates: [{metric: api.uptime, op: ">=", value: 1}]}\n';
  const loaded = (files: Readonly<Record<string, string>>) =>
    loadScenarios(Object.keys(files), { reader: memoryReader({ 'fleet.yaml': FLEET, ...files }) });

  test('are noted beside one that holds a scenario, whatever their order', () => {
    const { scenarios, problems, notes } = loaded({
      'b.yaml': `${FLEET}---\n${GATES}`,
      'a.yaml': scenario(),
      'g.yaml': GATES,
    });
    expect(problems).toEqual([]);
    expect(scenarios.map(({ file }) => file)).toEqual(['a.yaml']);
    expect(notes).toEqual([
      'b.yaml holds Fleet small, GateSet g and no Scenario: checked, not run.',
      'g.yaml holds GateSet g and no Scenario: checked, not run.',
    ]);
  });

  test('are checked all the same', () => {
    const { problems } = loaded({
      'a.yaml': scenario(),
      'b.yaml': FLEET.replace('replicas: 3', 'replicas: -3'),
      'g.yaml': GATES.replace('api.uptime', 'api.uptme'),
    });
    expect(problems.map(({ code, file }) => `${file} ${code}`)).toEqual([
      'b.yaml out-of-range',
      'g.yaml unknown-metric',
    ]);
  });

  test('are a mistake alone, and so are manifests beside a scenario', () => {
    expect(loaded({ 'b.yaml': FLEET, 'g.yaml': GATES }).problems.map(({ code }) => code)).toEqual([
      'wrong-kind',
      'wrong-kind',
    ]);
    const node = 'apiVersion: v1\nkind: Node\nmetadata: {name: n}\n';
    expect(loaded({ 'a.yaml': scenario(), 'n.yaml': node }).problems).toMatchObject([
      { code: 'wrong-kind', file: 'n.yaml' },
    ]);
  });
});
