import { describe, expect, test } from 'vitest';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { loadScenarios } from '../load.ts';
import { memoryReader, scenario } from '../testing.ts';

const HYPERSHIFT = 'apiVersion: hypershift.openshift.io/v1beta1';

function load(spec: string, manifests = '') {
  const fleet = `apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec:\n${spec}`;
  const files = { 'a.yaml': scenario(), 'fleet.yaml': fleet, 'm.yaml': manifests };
  return loadScenarios(['a.yaml'], { reader: memoryReader(files) });
}

function plan(spec: string, manifests = ''): FleetPlan {
  const loaded = load(spec, manifests);
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios[0]!.plan.fleet;
}

const problems = (spec: string) => load(spec).problems.map(({ code, found }) => [code, found]);

const cluster = (more: string) => `  managementClusters: [{name: m, ${more}}]\n`;
const nodes = 'nodePools: [{name: h, replicas: 3}]';
const tenant = (more: string) => `${cluster(nodes)}  hostedClusters: [{name: t, ${more}}]\n`;
const pool = (more: string) => tenant(`nodePools: [{name: w, ${more}}]`);
const count = (amount: number) => ({ amount, relative: false });

describe('the compact form of what decides about upgrades', () => {
  test.each([
    ['', { strategy: 'RollingUpdate', maxSurge: count(1), maxUnavailable: count(0), arch: 'amd64' }],
    [', upgradeType: InPlace', { maxUnavailable: count(1) }],
    [', upgradeType: InPlace, maxUnavailable: 25%', { maxUnavailable: { amount: 0.25, relative: true } }],
    [', maxSurge: 0, maxUnavailable: 2', { maxSurge: count(0), maxUnavailable: count(2) }],
    [', strategy: OnDelete, arch: arm64', { strategy: 'OnDelete', arch: 'arm64' }],
  ])('a node pool with "%s"', (more, expected) => {
    expect(plan(pool(`replicas: 2${more}`)).hostedClusters[0]!.nodePools[0]).toMatchObject(expected);
  });

  test.each([
    ['upgradeType: InPlace, maxSurge: 1', 'conflicting-keys', 'maxSurge with upgradeType InPlace'],
    ['upgradeType: InPlace, strategy: OnDelete', 'conflicting-keys', 'strategy with upgradeType InPlace'],
    ['maxSurge: 0', 'invalid-value', 'maxSurge 0 and maxUnavailable 0: no machine could ever be replaced'],
  ])('a node pool with %s is refused', (more, code, found) => {
    expect(problems(pool(more))).toEqual([[code, found]]);
  });

  test('a hosted cluster takes upgrades unless it says otherwise', () => {
    expect(plan(tenant('release: "4.19.8"')).hostedClusters[0]).toMatchObject({
      network: 'OVNKubernetes',
      techPreview: false,
      upgradeable: true,
      forceUpgradeTo: '',
      skipReleaseValidation: false,
      controlPlaneRelease: '',
      payload: 'multi',
    });
    const written =
      'network: OpenShiftSDN, techPreview: true, upgradeable: false, forceUpgradeTo: "4.20.1", skipReleaseValidation: true, controlPlaneRelease: "4.19.9", payload: arm64';
    expect(plan(tenant(written)).hostedClusters[0]).toMatchObject({
      network: 'OpenShiftSDN',
      techPreview: true,
      upgradeable: false,
      forceUpgradeTo: '4.20.1',
      skipReleaseValidation: true,
      controlPlaneRelease: '4.19.9',
      payload: 'arm64',
    });
  });

  test.each([
    ['4.20', '', { product: 'MCE', version: '2.10' }],
    ['4.17.3', '', { product: 'MCE', version: '2.7' }],
    ['4.15', '', { product: 'MCE', version: '2.5' }],
    ['5.0', '', { product: 'HyperShift', version: '5.0' }],
    ['4.20', ', operator: {mce: "2.11"}', { product: 'MCE', version: '2.11' }],
    ['4.20', ', operator: {version: "4.21"}', { product: 'HyperShift', version: '4.21' }],
  ])('a management cluster of %s%s has the operator %o', (version, more, operator) => {
    const [management] = plan(cluster(`version: "${version}", ${nodes}${more}`)).managementClusters;
    expect(management!.operator).toEqual(operator);
  });

  test('an operator has one version, and one that the documents do not know is noted', () => {
    const operator = (text: string) => cluster(`${nodes}, operator: ${text}`);
    expect(problems(operator('{mce: "2.10", version: "4.20"}'))).toEqual([
      ['conflicting-keys', 'mce and version of one operator'],
    ]);
    expect(problems(operator('{}'))).toEqual([['missing-key', 'an operator without a version']]);
    expect(plan(operator('{mce: "2.13"}')).notes.join('\n')).toContain('multicluster engine 2.13');
  });

  test('nodes belong to the machine config pools master and worker, or to those they name', () => {
    const spec = cluster(
      'machineConfigPools: [{name: worker, maxUnavailable: 10%}, {name: serving, paused: true}], nodePools: [{name: h, replicas: 1}, {name: s, replicas: 1, machineConfigPool: serving}]',
    );
    const [management] = plan(spec).managementClusters;
    expect(management!.machineConfigPools).toEqual([
      { name: 'master', maxUnavailable: count(1), paused: false },
      { name: 'worker', maxUnavailable: { amount: 0.1, relative: true }, paused: false },
      { name: 'serving', maxUnavailable: count(1), paused: true },
    ]);
    expect(management!.nodes.map((node) => node.machineConfigPool)).toEqual([
      ...['master', 'master', 'master'],
      'worker',
      'serving',
    ]);
  });

  test('a machine config pool that is not there is refused', () => {
    const spec = cluster('nodePools: [{name: h, replicas: 1, machineConfigPool: wroker}]');
    expect(problems(spec)).toEqual([['invalid-value', 'no machine config pool "wroker"']]);
  });
});

describe('what real objects say about upgrades', () => {
  const digest = 'quay.io/openshift-release-dev/ocp-release@sha256:0123';
  const hosted = (spec: string, rest = '', annotations = '') =>
    `${HYPERSHIFT}\nkind: HostedCluster\nmetadata: {name: c, namespace: n, annotations: {${annotations}}}
spec: {release: {image: "${digest}"}, platform: {type: AWS}${spec}}\n${rest}`;
  const workers = (spec: string, rest = '') =>
    `---\n${HYPERSHIFT}\nkind: NodePool\nmetadata: {name: p, namespace: n}\nspec: {clusterName: c${spec}}\n${rest}`;
  const read = (text: string) => plan(`${cluster(nodes)}  manifests: [m.yaml]\n`, text).hostedClusters[0]!;

  test('network, feature set, annotations, a release of its own for the management side', () => {
    const spec =
      ', networking: {networkType: OpenShiftSDN}, configuration: {featureGate: {featureSet: TechPreviewNoUpgrade}}, controlPlaneRelease: {image: "q/r:4.19.9-multi"}';
    const annotations =
      'hypershift.openshift.io/force-upgrade-to: "q/r:4.20.1-x86_64", hypershift.openshift.io/skip-release-image-validation: "true"';
    expect(read(hosted(spec, '', annotations))).toMatchObject({
      network: 'OpenShiftSDN',
      techPreview: true,
      upgradeable: true,
      forceUpgradeTo: '4.20.1',
      skipReleaseValidation: true,
      controlPlaneRelease: '4.19.9',
    });
  });

  test('the status tells the version of a digest, the payload, and whether it may be upgraded', () => {
    const status = `status: {payloadArch: ARM64, conditions: [{type: ClusterVersionUpgradeable, status: "False"}], version: {history: [{image: other, version: 4.20.0}, {image: "${digest}", version: 4.19.8}]}}\n`;
    const pools = workers(`, release: {image: "${digest}"}, arch: arm64`);
    const found = read(hosted('', status + pools));
    expect(found).toMatchObject({ release: '4.19.8', payload: 'arm64', upgradeable: false });
    expect(found.nodePools[0]).toMatchObject({ release: '4.19.8', arch: 'arm64' });
  });

  test('a pool that alone knows its version', () => {
    const pools = workers(', release: {image: "q/r@sha256:9"}', 'status: {version: 4.18.4}\n');
    expect(read(hosted('', pools)).nodePools[0]!.release).toBe('4.18.4');
  });

  test.each([
    ['', { strategy: 'RollingUpdate', maxSurge: count(1), maxUnavailable: count(0) }],
    [
      'upgradeType: Replace, replace: {strategy: OnDelete, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}',
      { strategy: 'OnDelete', maxSurge: { amount: 0.25, relative: true }, maxUnavailable: count(1) },
    ],
    [
      'upgradeType: InPlace, replace: {strategy: OnDelete}, inPlace: {maxUnavailable: 2}',
      { strategy: 'RollingUpdate', maxUnavailable: count(2) },
    ],
  ])('a NodePool with management "%s"', (management, expected) => {
    const [found] = read(hosted('', workers(`, management: {${management}}`))).nodePools;
    expect(found).toMatchObject(expected);
  });
});
