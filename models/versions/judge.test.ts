/** Every rule on steps, with cases that it accepts and cases that it refuses. */
import { describe, expect, it, test } from 'vitest';
import type { OperatorPlan, UpgradePolicyPlan } from '../plan/fleet.ts';
import {
  HOSTED_CLUSTER_RULES,
  type HostedClusterUpgrade,
  judgeHostedClusterUpgrade,
  judgeManagementClusterUpgrade,
  judgeNetworkUpgrade,
  judgeNodePoolUpgrade,
  judgeOperatorUpgrade,
  MANAGEMENT_CLUSTER_RULES,
  type ManagementClusterUpgrade,
  NETWORK_RULES,
  type NetworkUpgrade,
  NODE_POOL_RULES,
  type NodePoolUpgrade,
  OPERATOR_RULES,
  type OperatorUpgrade,
  stops,
} from './judge.ts';
import type { Finding, Where } from './rule.ts';

const mce = (version: string): OperatorPlan => ({ product: 'MCE', version });
const operator = (version: string): OperatorPlan => ({ product: 'HyperShift', version });

const POLICY: UpgradePolicyPlan = {
  network: 'OVNKubernetes',
  techPreview: false,
  upgradeable: true,
  forceUpgradeTo: '',
  skipReleaseValidation: false,
  controlPlaneRelease: '',
  payload: 'multi',
};

const hosted = (
  from: string,
  to: string,
  more: Partial<HostedClusterUpgrade> = {},
  policy: Partial<UpgradePolicyPlan> = {},
): readonly Finding[] =>
  judgeHostedClusterUpgrade({
    from,
    to,
    platform: 'AWS',
    policy: { ...POLICY, ...policy },
    operator: operator('5.1'),
    pools: [],
    ...more,
  });

const pool = (
  from: string,
  to: string,
  hostedCluster: string,
  more: Partial<NodePoolUpgrade> = {},
): readonly Finding[] =>
  judgeNodePoolUpgrade({
    from,
    to,
    hostedCluster,
    arch: 'amd64',
    payload: 'multi',
    platform: 'AWS',
    operator: operator('5.1'),
    ...more,
  });

const management = (from: string, to: string, more: Partial<ManagementClusterUpgrade> = {}) =>
  judgeManagementClusterUpgrade({
    from,
    to,
    operator: operator('5.1'),
    nodes: [from],
    updating: false,
    updatingPools: [],
    ...more,
  });

const update = (from: string, to: string, more: Partial<OperatorUpgrade> = {}) =>
  judgeOperatorUpgrade({ from: mce(from), to: mce(to), management: '4.20', hostedClusters: [], ...more });

const network = (step: NetworkUpgrade) => judgeNetworkUpgrade(step);

const of = (...releases: string[]) => ({
  hostedClusters: releases.map((release) => ({ release, platform: 'AWS' as const })),
});

type Case = readonly [name: string, broken: readonly Finding[], ...rules: readonly string[]];

const CASES: readonly Case[] = [
  ['a hosted cluster goes to the next minor', hosted('4.19.8', '4.20.1')],
  ['a hosted cluster goes to a later patch', hosted('4.19.8', '4.19.9')],
  ['a new hosted cluster', hosted('', '4.18.2')],
  // openshift/hypershift support/supportedversion/version.go
  [
    'above the latest of its operator',
    hosted('4.20.1', '4.21.0', { operator: operator('4.20') }),
    'hosted-cluster.above-operator',
  ],
  ['the latest of its operator', hosted('4.19.1', '4.20.0', { operator: operator('4.20') })],
  [
    'above the latest of its multicluster engine',
    hosted('4.20.1', '4.21.0', { operator: mce('2.10') }),
    'hosted-cluster.above-operator',
    'hosted-cluster.not-in-matrix',
  ],
  ['5.1 with the operator of 5.1', hosted('5.0.3', '5.1.0')],
  ['4.13 with a new operator', hosted('', '4.13.9'), 'hosted-cluster.below-minimum'],
  ['4.13 on IBM Cloud', hosted('', '4.13.9', { platform: 'IBMCloud', operator: operator('4.20') })],
  [
    'three minors before an old operator',
    hosted('', '4.13.9', { operator: operator('4.16') }),
    'hosted-cluster.below-minimum',
  ],
  [
    'back to an earlier minor',
    hosted('4.20.1', '4.19.9'),
    'hosted-cluster.downgrade',
    'hosted-cluster.rollback',
  ],
  // openshift/hypershift pull 8225: both are normalized to 4.x before they are compared
  ['back from 5.0 to 4.23, which stands level with it', hosted('5.0.2', '4.23.1'), 'hosted-cluster.rollback'],
  [
    'back from 5.0 to 4.23 while not upgradeable: the gate compares what is written',
    hosted('5.0.2', '4.23.1', {}, { upgradeable: false }),
    'hosted-cluster.not-upgradeable',
    'hosted-cluster.rollback',
  ],
  ['back to an earlier patch', hosted('4.20.5', '4.20.1'), 'hosted-cluster.rollback'],
  ['from a candidate to the release', hosted('4.20.0-rc.3', '4.20.0')],
  ['back to a candidate', hosted('4.20.0', '4.20.0-rc.3'), 'hosted-cluster.rollback'],
  [
    'another minor with OpenShiftSDN',
    hosted('4.15.1', '4.16.0', {}, { network: 'OpenShiftSDN' }),
    'hosted-cluster.openshift-sdn',
  ],
  ['a patch with OpenShiftSDN', hosted('4.15.1', '4.15.4', {}, { network: 'OpenShiftSDN' })],
  [
    'the annotation skips the check of the release, not the policy',
    hosted(
      '4.20.1',
      '4.13.9',
      { operator: operator('4.20') },
      { skipReleaseValidation: true, network: 'OpenShiftSDN' },
    ),
    'hosted-cluster.rollback',
  ],
  ['an image without a version', hosted('4.20.1', 'fake')],
  ['from an image without a version', hosted('fake', '4.20.1')],
  // hypershift-operator/controllers/hostedcluster/hostedcluster_controller.go
  [
    'the next minor while not upgradeable',
    hosted('4.19.8', '4.20.1', {}, { upgradeable: false }),
    'hosted-cluster.not-upgradeable',
  ],
  ['a patch while not upgradeable', hosted('4.19.8', '4.19.9', {}, { upgradeable: false })],
  ['forced to it', hosted('4.19.8', '4.20.1', {}, { upgradeable: false, forceUpgradeTo: '4.20.1' })],
  [
    'forced to another release',
    hosted('4.19.8', '4.20.1', {}, { upgradeable: false, forceUpgradeTo: '4.20.0' }),
    'hosted-cluster.not-upgradeable',
  ],
  [
    'with a release of its own for the management side',
    hosted('4.19.8', '4.20.1', {}, { upgradeable: false, controlPlaneRelease: '4.20.1' }),
  ],
  [
    '4.23 to 5.0 counts as another minor',
    hosted('4.23.1', '5.0.0', {}, { upgradeable: false }),
    'hosted-cluster.not-upgradeable',
  ],
  ['4.23 to 5.0', hosted('4.23.1', '5.0.0')],
  [
    'the next minor with TechPreviewNoUpgrade',
    hosted('4.19.8', '4.20.1', {}, { techPreview: true }),
    'hosted-cluster.tech-preview',
  ],
  ['a patch with TechPreviewNoUpgrade', hosted('4.19.8', '4.19.9', {}, { techPreview: true })],
  ['a minor is skipped', hosted('4.18.8', '4.20.1'), 'hosted-cluster.skips-a-minor'],
  ['4.22 to 5.0 skips none', hosted('4.22.8', '5.0.1')],
  [
    'a version that the multicluster engine has dropped',
    hosted('4.17.3', '4.17.4', { operator: mce('2.10') }),
    'hosted-cluster.not-in-matrix',
  ],
  [
    'a multicluster engine that nobody knows',
    hosted('4.20.1', '5.1.0', { operator: mce('2.99') }),
    'hosted-cluster.skips-a-minor',
  ],
  [
    'a pool would be four minors behind',
    hosted('4.19.8', '4.20.1', { pools: ['4.19.8', '4.16.2'] }),
    'hosted-cluster.leaves-pools-behind',
  ],
  ['a pool would be three minors behind', hosted('4.19.8', '4.20.1', { pools: ['4.17.2'] })],
  [
    'a pool would be three minors behind, with an operator before the check',
    hosted('4.19.8', '4.20.1', { pools: ['4.17.2'], operator: operator('4.20') }),
    'hosted-cluster.leaves-pools-behind',
  ],
  // hypershift-operator/controllers/nodepool/nodepool_controller.go
  ['a pool goes to the release of its cluster', pool('4.18.1', '4.20.1', '4.20.1')],
  [
    'a pool above its cluster',
    pool('4.19.1', '4.20.1', '4.19.8'),
    'node-pool.above-hosted-cluster',
    'node-pool.skew',
  ],
  ['a pool with a later patch than its cluster', pool('4.19.1', '4.19.9', '4.19.8'), 'node-pool.skew'],
  ['a pool without a patch in a cluster with one', pool('4.18', '4.19', '4.19.8')],
  [
    'a pool of a cluster that is above the operator',
    pool('4.21.1', '4.21.1', '4.21.1', { operator: operator('4.20') }),
    'node-pool.above-operator',
  ],
  ['a pool below the minimum', pool('', '4.13.9', '4.16.0'), 'node-pool.below-minimum'],
  ['a pool goes back a minor', pool('4.20.1', '4.19.8', '4.20.1'), 'node-pool.downgrade'],
  ['a pool goes back from 5.0 to 4.23, which stands level with it', pool('5.0.2', '4.23.1', '5.0.2')],
  ['a pool goes back a patch', pool('4.20.1', '4.20.0', '4.20.1')],
  ['three minors behind', pool('4.17.1', '4.17.2', '4.20.1')],
  ['four minors behind', pool('4.16.1', '4.16.2', '4.20.1'), 'node-pool.skew'],
  ['three behind across 5.0', pool('4.21.0', '4.21.1', '5.1.0')],
  ['four behind across 5.0', pool('4.20.0', '4.20.1', '5.1.0'), 'node-pool.skew'],
  [
    'created four minors behind',
    pool('', '4.16.2', '4.20.1'),
    'node-pool.skew',
    'node-pool.skew-at-creation',
  ],
  [
    'three minors behind with an operator of which N-2 is documented',
    pool('4.17.1', '4.17.2', '4.20.1', { operator: operator('4.20') }),
    'node-pool.skew-documented',
  ],
  [
    'two minors behind with an operator of which N-2 is documented',
    pool('4.18.1', '4.18.2', '4.20.1', { operator: operator('4.20') }),
  ],
  [
    'machines of another architecture',
    pool('', '4.20.1', '4.20.1', { arch: 'arm64', payload: 'amd64' }),
    'node-pool.architecture',
  ],
  ['machines of the architecture', pool('', '4.20.1', '4.20.1', { arch: 'arm64', payload: 'arm64' })],
  ['machines of any architecture', pool('', '4.20.1', '4.20.1', { arch: 'arm64' })],
  ['a pool of an image without a version', pool('4.19.1', 'fake', '4.19.8')],
  // openshift/openshift-docs modules/hcp-support-matrix.adoc
  ['a management cluster goes to the next minor', management('4.19.1', '4.20.0')],
  [
    'it skips a minor',
    management('4.18.1', '4.20.0'),
    'management-cluster.skips-a-minor',
    'management-cluster.giant-hop',
  ],
  // openshift/cluster-version-operator pkg/payload/precondition/clusterversion/gianthop.go
  ['it goes from 4.23 to 5.1 at once', management('4.23.1', '5.1.0'), 'management-cluster.giant-hop'],
  ['it goes from 5.0 to 5.1', management('5.0.1', '5.1.0')],
  [
    'it goes back a minor',
    management('4.20.1', '4.19.9'),
    'management-cluster.downgrade',
    'management-cluster.rollback',
  ],
  ['it goes back a patch', management('4.20.1', '4.20.0'), 'management-cluster.rollback'],
  // openshift/cluster-version-operator pkg/payload/precondition/clusterversion/rollback.go
  [
    'it goes back to the version before',
    management('4.20.5', '4.20.1', { previous: '4.20.1' }),
    'management-cluster.rollback',
  ],
  [
    'it goes back to another patch than the one before',
    management('4.20.5', '4.20.1', { previous: '4.20.3' }),
    'management-cluster.rollback',
    'management-cluster.rollback-too-far',
  ],
  ['it goes on, whatever was before', management('4.20.5', '4.20.6', { previous: '4.20.3' })],
  [
    'it goes back from 5.0 to 4.23, another major on the same level',
    management('5.0.2', '4.23.1', { previous: '4.23.1' }),
    'management-cluster.downgrade',
    'management-cluster.rollback',
  ],
  ['it goes on from 4.23 to 5.0', management('4.23.1', '5.0.2')],
  ['to a version of its engine', management('4.19.1', '4.20.0', { operator: mce('2.10') })],
  [
    'to a version that its engine does not run on',
    management('4.19.1', '4.20.0', { operator: mce('2.9') }),
    'management-cluster.not-in-matrix',
  ],
  // openshift/cluster-kube-apiserver-operator kubelet_version_skew_controller.go: one behind an odd minor, two behind an even one
  ['with workers paused over an odd minor', management('4.19.1', '4.20.0', { nodes: ['4.19.1', '4.18.3'] })],
  [
    'with workers paused at an odd minor',
    management('4.20.1', '4.21.0', { nodes: ['4.20.1', '4.19.3'] }),
    'management-cluster.leaves-nodes-behind',
  ],
  [
    'with workers left two behind an even minor',
    management('4.20.1', '4.21.0', { nodes: ['4.20.1', '4.18.3'] }),
    'management-cluster.leaves-nodes-behind',
  ],
  [
    'with workers left two behind an odd minor already',
    management('4.19.1', '4.20.0', { nodes: ['4.17.3'] }),
    'management-cluster.leaves-nodes-behind',
  ],
  [
    'with workers paused over 5.0, which stands level with the odd 4.23',
    management('5.0.1', '5.1.0', { nodes: ['5.0.1', '4.22.3'] }),
  ],
  ['a patch with workers left behind', management('4.20.1', '4.20.5', { nodes: ['4.18.3'] })],
  [
    'a patch while the update before still goes on',
    management('4.20.1', '4.20.5', { updating: true }),
    'management-cluster.already-updating',
  ],
  [
    'another minor while a pool updates its nodes',
    management('4.20.1', '4.21.0', { updatingPools: ['worker'] }),
    'management-cluster.pool-updating',
  ],
  [
    'the other name of its minor is another minor',
    management('4.23.1', '5.0.0', { updatingPools: ['worker'] }),
    'management-cluster.pool-updating',
  ],
  ['a patch while a pool updates its nodes', management('4.20.1', '4.20.5', { updatingPools: ['worker'] })],
  ['an engine goes to the next', update('2.10', '2.11', of('4.19.8', '4.20.1'))],
  ['a patch of an engine', update('2.10.0', '2.10.1', of('4.20.1'))],
  ['an engine that nobody knows', update('2.17', '2.18', of('4.22.0')), 'operator.unknown'],
  [
    'an engine on a management cluster that it does not run on',
    update('2.10', '2.11', { management: '4.18.2' }),
    'operator.not-in-matrix',
    'operator.before-management',
  ],
  [
    'an engine before a management cluster that it could have waited for',
    update('2.10', '2.11', { management: '4.19.2' }),
    'operator.before-management',
  ],
  [
    'an update with a hosted cluster that it is not for',
    update('2.10', '2.11', of('4.20.1', '4.18.3')),
    'operator.hosted-during-update',
  ],
  ['an engine skips one', update('2.10', '2.17'), 'operator.skips-a-version'],
  ['an engine goes back', update('2.11', '2.10'), 'operator.downgrade', 'operator.before-management'],
  [
    'an operator that does not take a hosted cluster',
    update('', '', { from: operator('4.21'), to: operator('4.20'), ...of('4.21.0') }),
    'operator.rollback',
    'operator.strands-hosted-clusters',
  ],
  [
    'a HyperShift operator goes far',
    update('', '', { from: operator('4.17'), to: operator('5.1'), ...of('4.14.2') }),
  ],
  [
    'a HyperShift operator that has dropped a minor',
    update('', '', { from: operator('4.15'), to: operator('4.16'), ...of('4.13.2') }),
    'operator.strands-hosted-clusters',
  ],
  // openshift/openshift-docs modules/nw-ovn-kubernetes-version-skew.adoc
  ['all agents are there', network({ to: '4.20.3', agents: ['4.20.3'] })],
  [
    'one agent is late',
    network({ to: '4.20.3', agents: ['4.20.3', '4.20.1'] }),
    'ovn-kubernetes.control-plane-waits',
  ],
  ['no node at all', network({ to: '4.20.3', agents: [] }), 'ovn-kubernetes.control-plane-waits'],
  ['from 5.0 on nobody waits', network({ to: '5.0.1', agents: ['4.21.3'] })],
  ['from 5.0 on not even for a first node', network({ to: '5.0.1', agents: [] })],
];

test('an operator that several hosted clusters hold up says which releases they have', () => {
  const [broken] = update('2.10', '2.11', of('4.20.1', '4.18.3', '4.17.2', '4.18.3'));
  expect(broken!.found).toBe('hosted clusters of 4.18.3, 4.17.2; the update to MCE 2.11 is for 4.19 to 4.20');
  const [stranded] = judgeOperatorUpgrade({
    from: operator('4.15'),
    to: operator('4.17'),
    management: '4.17',
    hostedClusters: [
      { release: '4.13.1', platform: 'IBMCloud' },
      { release: '4.13.2', platform: 'AWS' },
    ],
  });
  expect(stranded!.found).toBe('a hosted cluster of 4.13.2; HyperShift 4.17 takes 4.14 to 4.17');
});

describe('steps', () => {
  test.each(CASES.map(([name, broken, ...rules]) => [name, broken, rules] as const))(
    '%s',
    (_, broken, rules) => {
      expect(broken.map(({ rule }) => rule.id).sort()).toEqual([...rules].sort());
      for (const { found } of broken) expect(found).not.toContain('undefined');
    },
  );
});

const ALL = [
  ...HOSTED_CLUSTER_RULES,
  ...NODE_POOL_RULES,
  ...MANAGEMENT_CLUSTER_RULES,
  ...OPERATOR_RULES,
  ...NETWORK_RULES,
];

it('every rule is broken by some case', () => {
  const broken = new Set(CASES.flatMap(([, , ...rules]) => rules));
  expect(ALL.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

it('rules have names of their own, statements, remedies and sources', () => {
  expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
  for (const { statement, source, remedy } of ALL) {
    expect(statement).toMatch(/^[A-Zk].*\.$/s);
    expect(remedy).toMatch(/^[A-Z].*\.$/s);
    expect(source).toMatch(/[\w-]+\/[\w-]+ /);
  }
});

it.each<[Where, readonly Finding[], boolean]>([
  ['reconcile', hosted('4.20.1', '4.19.9'), true],
  ['policy', hosted('4.18.8', '4.20.1'), false],
  ['condition', pool('4.19.1', '4.19.9', '4.19.8'), false],
])('only what an operator refuses stops it: %s', (where, broken, stopped) => {
  expect(broken.some(({ rule }) => rule.where === where)).toBe(true);
  expect(stops(broken)).toBe(stopped);
});
