import { expect, test } from 'vitest';
import { SECOND } from '../sim/time.ts';
import { diskReader } from './files.ts';
import { loadFleetFiles } from './fleet-file.ts';
import { loadScenarios } from './load.ts';
import { FLEET, memoryReader, scenario } from './testing.ts';

function load(text: string, set: readonly string[] = [], seed?: number) {
  const reader = memoryReader({ 'a.yaml': text, 'fleet.yaml': FLEET });
  const { fleet, problems } = loadFleetFiles(['a.yaml'], { reader, set, seed });
  expect(problems).toEqual([]);
  return fleet!;
}

const manifest = (name: string): string =>
  new TextDecoder().decode(diskReader.read(`scenarios/fleets/manifests/${name}`) as Uint8Array<ArrayBuffer>);

const names = ({ plan }: ReturnType<typeof load>) => plan.hostedClusters.map(({ name }) => name);

test('a Fleet, a scenario that names it, and one beside it give the same fleet', () => {
  const plain = load(FLEET);
  expect(names(plain)).toEqual(['tenant-0', 'tenant-1']);
  expect(plain.seed).toBe(1);
  const named = load(scenario('  seed: 7\n'));
  expect(named).toEqual({ ...plain, seed: 7, source: named.source });
  const beside = load(`${scenario().replace('fleet.yaml', 'small')}\n---\n${FLEET}`);
  expect(beside).toEqual({ ...plain, source: beside.source });
});

test('another scenario can write the same fleet: by its file, or with overrides, parameters and paths of manifests in it', () => {
  const files: Readonly<Record<string, string>> = {
    'a/fleet.yaml': FLEET,
    'a/scenario.yaml': scenario('  parameters: {node: {gracePeriod: 60s}}\n'),
    'a/manifests.yaml':
      'apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: m}\nspec: {manifests: [nodes.yaml, tenant.yaml]}\n',
    'a/nodes.yaml': manifest('management-nodes.yaml'),
    'a/tenant.yaml': manifest('aws-default.yaml'),
  };
  const given: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['a/fleet.yaml'], []],
    [['a/fleet.yaml'], ['hostedClusters.0.count=3']],
    [['a/scenario.yaml'], []],
    [['a/scenario.yaml'], ['hostedClusters.0.count=3', 'parameters.node.gracePeriod=40s']],
    [['a/manifests.yaml'], ['parameters.node.gracePeriod=40s']],
    [['a/nodes.yaml', 'a/tenant.yaml'], ['parameters.node.gracePeriod=40s']],
  ];
  for (const [paths, set] of given) {
    const first = loadFleetFiles(paths, { reader: memoryReader(files), set });
    expect(first.problems).toEqual([]);
    const { source, plan, parameters } = first.fleet!;
    const again = `apiVersion: hcpsim/v1alpha1\nkind: Scenario\nmetadata: {name: again}\nspec: ${JSON.stringify({ duration: '1h', ...source })}\n`;
    const second = loadScenarios(['again.yaml'], { reader: memoryReader({ ...files, 'again.yaml': again }) });
    expect(second.problems).toEqual([]);
    const { fleet, parameters: inScenario } = second.scenarios[0]!.plan;
    expect({ ...fleet, name: '' }).toEqual({ ...plan, name: '' });
    expect(inScenario).toEqual(parameters);
  }
});

test('the seed of the options wins', () => {
  expect(load(FLEET, [], 5).seed).toBe(5);
  expect(load(scenario('  seed: 7\n'), [], 5).seed).toBe(5);
});

test('overrides are relative to the fleet, wherever it is written', () => {
  const inline = scenario().replace('fleet: fleet.yaml', `fleet: {${flow}}`);
  for (const text of [FLEET, scenario(), inline]) {
    const set = ['hostedClusters.0.count=3', 'parameters.node.gracePeriod=40s'];
    const { plan, parameters } = load(text, set);
    expect(plan.hostedClusters).toHaveLength(3);
    expect(parameters.node.gracePeriod).toBe(40 * SECOND);
  }
});

test('paths of overrides may begin with fleet, as those of a scenario do', () => {
  for (const text of [FLEET, scenario()]) {
    const set = ['fleet.hostedClusters.0.count=3', 'spec.fleet.managementClusters.0.version=4.19'];
    const { plan } = load(text, set);
    expect(plan.hostedClusters).toHaveLength(3);
    expect(plan.managementClusters[0]!.version).toBe('4.19');
  }
});

const flow =
  'managementClusters: [{name: mgmt, nodePools: [{name: h, replicas: 3}]}], hostedClusters: [{name: t, count: 2}]';

test('parameters of a scenario win over those of its fleet, overrides over both', () => {
  const text = scenario('  parameters: {node: {gracePeriod: 60s}}\n');
  expect(load(text).parameters.node.gracePeriod).toBe(60 * SECOND);
  expect(load(text, ['parameters.node.gracePeriod=40s']).parameters.node.gracePeriod).toBe(40 * SECOND);
});

test('manifests alone are a fleet, and take overrides too', () => {
  const text = `${manifest('management-nodes.yaml')}\n---\n${manifest('aws-default.yaml')}`;
  const { plan, parameters } = load(text, ['parameters.node.gracePeriod=40s']);
  expect(plan.hostedClusters).toHaveLength(1);
  expect(plan.managementClusters[0]!.nodes.length).toBeGreaterThan(3);
  expect(parameters.node.gracePeriod).toBe(40 * SECOND);
});

test('a fleet is the same as the one that a run would simulate', () => {
  const options = { reader: diskReader };
  const { fleet } = loadFleetFiles(['scenarios/fleets/real-manifests.yaml'], options);
  const [run] = loadScenarios(['scenarios/library/real-manifests.yaml'], options).scenarios;
  expect(fleet!.plan).toEqual(run!.plan.fleet);
  expect(fleet!.parameters).toEqual(run!.plan.parameters);
});

test('manifests of several files form one fleet', () => {
  const folder = 'scenarios/fleets/manifests/';
  const files = ['aws-default.yaml', 'agent-minimal.yaml', 'management-nodes.yaml'].map(
    (name) => folder + name,
  );
  const { fleet, problems } = loadFleetFiles(files, { reader: diskReader });
  expect(problems).toEqual([]);
  expect(fleet!.plan.hostedClusters).toHaveLength(2);
  expect(fleet!.plan.managementClusters[0]!.nodes.length).toBeGreaterThan(3);
});

test('manifests beside a Fleet are told to be named in it', () => {
  const reader = memoryReader({
    'a.yaml': FLEET,
    'nodes.yaml': 'apiVersion: v1\nkind: Node\nmetadata: {name: n}\n',
  });
  const { problems } = loadFleetFiles(['a.yaml', 'nodes.yaml'], { reader });
  expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
    ['ambiguous-reference', 'name nodes.yaml under manifests of the fleet in a.yaml'],
  ]);
});
