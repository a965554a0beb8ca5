import { describe, expect, test } from 'vitest';
import { loadFleetFiles } from '../fleet-file.ts';
import { loadScenarios } from '../load.ts';
import { FLEET, memoryReader, scenario } from '../testing.ts';
import { validateFiles } from '../validate.ts';
import { PROBLEM_CODES, type ProblemCode } from './codes.ts';

interface Row {
  readonly name: string;
  /** Files beside fleet.yaml; a.yaml is the one that is given to the command. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly command?: 'run' | 'validate' | 'matrix';
  readonly set?: readonly string[];
  /** Every problem: `code file:line:column`, and a part of the hint. */
  readonly problems: readonly (readonly [code: ProblemCode, at: string, hint?: string])[];
}

/** A fleet document; the first of the further lines of its spec is line 5. */
const fleet = (more: string) =>
  `apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec:\n${more}`;
const a = (text: string | Uint8Array, more: Row['files'] = {}) => ({ 'a.yaml': text, ...more });
const event = (text: string) => scenario(`  events:\n    - at: 1h\n      ${text}\n`);
/** A campaign with more keys on line 8. */
const campaign = (text: string, more = '') =>
  scenario(
    `  campaigns:\n    - ${text.replaceAll(', freezes', '\n      freezes')}\n      name: c\n      stages: [{hostedCluster: "*", to: 4.20.1}]${more}\n`,
  );
/** A stage with more keys on line 10. */
const stage = (text: string) =>
  scenario(
    `  campaigns:\n    - name: c\n      stages:\n      - ${text}\n        hostedCluster: "*"\n        to: 4.20.1\n`,
  );
const stageOf = (text: string, to: string) =>
  scenario(`  campaigns:\n    - name: c\n      stages:\n        - ${text}\n          to: ${to}\n`);
const gate = (text: string) => scenario(`  gates:\n    - ${text}\n`);
const HOSTED = (name: string, more = '') => `apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: ${name}, namespace: clusters}
spec:
  platform: {type: AWS}
  release: {image: ""}
${more}`;
const POOL = (cluster: string, more: string) => `---
apiVersion: hypershift.openshift.io/v1beta1
kind: NodePool
metadata: {name: p, namespace: clusters}
spec: {clusterName: ${cluster}, ${more}}
`;
const ONE_CLUSTER = '  managementClusters: [{name: m, nodePools: [{name: h, replicas: 3}]}]\n';

const ROWS: readonly Row[] = [
  // Files
  { name: 'a file that does not exist', files: {}, problems: [['file-missing', 'a.yaml:1:1']] },
  { name: 'a directory', files: { 'a.yaml/': '' }, problems: [['file-directory', 'a.yaml:1:1']] },
  { name: 'an empty file', files: a(''), problems: [['file-empty', 'a.yaml:1:1']] },
  { name: 'a file of comments', files: a('# nothing\n---\n'), problems: [['file-empty', 'a.yaml:1:1']] },
  {
    name: 'a binary file',
    files: a(new Uint8Array([31, 139, 8, 0])),
    problems: [['file-binary', 'a.yaml:1:1']],
  },
  { name: 'Latin-1', files: a(new Uint8Array([97, 0xe4, 98])), problems: [['file-binary', 'a.yaml:1:1']] },
  {
    name: 'a fleet file that does not exist, blamed where it is named',
    files: a(scenario().replace('fleet.yaml', 'flet.yaml')),
    problems: [['file-missing', 'a.yaml:5:10']],
  },
  // YAML
  {
    name: 'two syntax errors',
    files: a('a: [1\nb: "x\n'),
    problems: [
      ['yaml-syntax', 'a.yaml:2:1'],
      ['yaml-syntax', 'a.yaml:3:1'],
    ],
  },
  {
    name: 'a key given twice',
    files: a(`${scenario()}  seed: 1\n  seed: 2\n`),
    problems: [['duplicate-key', 'a.yaml:8:3']],
  },
  {
    name: 'an alias without anchor',
    files: a(scenario('  seed: *x\n')),
    problems: [['unknown-alias', 'a.yaml:7:9']],
  },
  {
    name: 'aliases without anchor in the place of a fleet, an event and a map',
    files: a(scenario('  events: [*y, *y]\n  parameters: *z\n').replace('fleet.yaml', '*x')),
    problems: [
      ['unknown-alias', 'a.yaml:5:10'],
      ['unknown-alias', 'a.yaml:7:12'],
      ['unknown-alias', 'a.yaml:7:16'],
      ['unknown-alias', 'a.yaml:8:15'],
    ],
  },
  {
    name: 'two tabs as indentation, each once',
    files: a(scenario('\tevents:\n\t  - at: 1h\n')),
    problems: [
      ['yaml-syntax', 'a.yaml:7:1'],
      ['yaml-syntax', 'a.yaml:8:1'],
    ],
  },
  {
    name: 'lists 5,000 deep',
    files: a(scenario(`  events: ${'['.repeat(5000)}${']'.repeat(5000)}\n`)),
    problems: [['nested-too-deep', 'a.yaml:7:209']],
  },
  {
    name: 'maps 5,000 deep that never end',
    files: a(`${'{a: '.repeat(5000)}`),
    problems: [['nested-too-deep', 'a.yaml:1:801']],
  },
  {
    name: 'lists in lists by dashes, 5,000 deep',
    files: a(`${'- '.repeat(5000)}x\n`),
    problems: [['nested-too-deep', 'a.yaml:1:401']],
  },
  {
    name: 'a billion laughs',
    files: a(
      `${scenario()}---\na: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]\n`)
        .join('')}`,
    ),
    problems: [['alias-limit', 'a.yaml:12:8']],
  },
  // Kinds
  { name: 'a list instead of a document', files: a('- 1\n'), problems: [['not-a-document', 'a.yaml:1:1']] },
  {
    name: 'another apiVersion',
    files: a(scenario().replace('v1alpha1', 'v1')),
    problems: [['unknown-api-version', 'a.yaml:1:13']],
  },
  {
    name: 'a mistyped kind',
    files: a(scenario().replace('Scenario', 'Scenarios')),
    problems: [['unknown-kind', 'a.yaml:2:7', 'Scenario']],
  },
  {
    name: 'a file of another kind for run',
    files: a(FLEET),
    problems: [['wrong-kind', 'a.yaml:1:1', 'hcpsim validate']],
  },
  {
    name: 'a Deployment for validate',
    files: a('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n'),
    command: 'validate',
    problems: [['unknown-kind', 'a.yaml:2:7']],
  },
  {
    name: 'a Sweep',
    files: a(scenario().replace('Scenario', 'Sweep')),
    problems: [['not-simulated', 'a.yaml:2:7']],
  },
  {
    name: 'a scenario as fleet',
    files: a(scenario(), { 'fleet.yaml': scenario() }),
    problems: [['wrong-kind', 'a.yaml:5:10']],
  },
  {
    name: 'a fleet that is neither file nor document',
    files: a(`${scenario().replace('fleet.yaml', 'smal')}---\n${FLEET}`),
    problems: [['unknown-fleet', 'a.yaml:5:10', 'small']],
  },
  {
    name: 'a file with two fleets as fleet',
    files: a(scenario(), { 'fleet.yaml': `${FLEET}---\n${FLEET.replace('small', 'other')}` }),
    problems: [['ambiguous-reference', 'a.yaml:5:10']],
  },
  {
    name: 'a circle of extends',
    files: a(scenario('  extends: [b.yaml]\n'), { 'b.yaml': scenario('  extends: [a.yaml]\n') }),
    problems: [['reference-cycle', 'b.yaml:7:13']],
  },
  {
    name: 'two bases',
    files: a(scenario('  extends: [b.yaml, c.yaml]\n')),
    problems: [['out-of-range', 'a.yaml:7:12']],
  },
  {
    name: 'extends in two places',
    files: a(`extends: [b.yaml]\n${scenario('  extends: [b.yaml]\n')}`, { 'b.yaml': scenario() }),
    problems: [['conflicting-keys', 'a.yaml:8:3']],
  },
  // Schema
  {
    name: 'an unknown key',
    files: a(scenario('  replicatons: 3\n')),
    problems: [['unknown-key', 'a.yaml:7:3', 'did you mean "replications"?']],
  },
  { name: 'no duration', files: a(scenario('', '  seed: 1')), problems: [['missing-key', 'a.yaml:5:3']] },
  {
    name: 'text for a number',
    files: a(scenario('  seed: one\n')),
    problems: [['wrong-type', 'a.yaml:7:9']],
  },
  {
    name: 'a version without quotes',
    files: a(scenario(), { 'fleet.yaml': FLEET.replace('name: mgmt', 'name: mgmt\n      version: 4.20') }),
    problems: [['wrong-type', 'fleet.yaml:7:16', '"4.20"']],
  },
  {
    name: 'releases that nobody knows, all in one go',
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace(
        'name: mgmt',
        'name: mgmt\n      version: "4.11"\n      operator: {version: "4.24"}',
      )
        .replace('count: 2', 'release: 4.30.3\n      forceUpgradeTo: 3.11.1')
        .replace('{name: workers', '{release: 6.0.1, name: workers'),
    }),
    problems: [
      ['unknown-release', 'fleet.yaml:7:16', 'did you mean "4.12"?'],
      ['unknown-release', 'fleet.yaml:8:27', 'OpenShift 4.24 is called 5.1'],
      ['unknown-release', 'fleet.yaml:13:16', 'did you mean "4.20.3"?'],
      ['unknown-release', 'fleet.yaml:14:23'],
      ['unknown-release', 'fleet.yaml:15:29', 'did you mean "5.0.1"?'],
    ],
  },
  {
    name: 'a release that nobody knows in an override',
    files: a(scenario()),
    set: ['fleet.hostedClusters.0.release=4.91'],
    problems: [['unknown-release', '--set:1:32', 'did you mean "4.21"?']],
  },
  {
    name: 'a mistyped word',
    files: a(scenario(), { 'fleet.yaml': FLEET.replace('count: 2', 'isolation: SharedEvrything') }),
    problems: [['invalid-value', 'fleet.yaml:11:18', 'SharedEverything']],
  },
  {
    name: 'negative and fractional replicas in one go',
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace('replicas: 3', 'replicas: -3').replace('replicas: 2', 'replicas: 1.5'),
    }),
    problems: [
      ['out-of-range', 'fleet.yaml:8:37'],
      ['out-of-range', 'fleet.yaml:12:45'],
    ],
  },
  {
    name: 'a seed beyond 32 bits',
    files: a(scenario('  seed: 4294967296\n')),
    problems: [['out-of-range', 'a.yaml:7:9']],
  },
  {
    name: 'a bare number as duration',
    files: a(scenario('', '  duration: 90')),
    problems: [['bare-duration', 'a.yaml:6:13', '90s']],
  },
  {
    name: 'a spelled-out duration',
    files: a(scenario('', '  duration: 5 minutes')),
    problems: [['bad-duration', 'a.yaml:6:13', 'write 5m']],
  },
  {
    name: 'a negative duration',
    files: a(scenario('', '  duration: -5m')),
    problems: [['bad-duration', 'a.yaml:6:13', 'never negative']],
  },
  {
    name: 'a duration of zero',
    files: a(scenario('', '  duration: 0s')),
    problems: [['zero-duration', 'a.yaml:6:13']],
  },
  ...['99999w', '200000d', '36501d', 'P99999W'].map((text) => ({
    name: `a duration of ${text}`,
    files: a(scenario('', `  duration: ${text}`)),
    problems: [['out-of-range', 'a.yaml:6:13'] as const],
  })),
  {
    name: 'durations that are too long everywhere',
    files: a(
      scenario(
        '  parameters: {node: {gracePeriod: 99999w}}\n  events:\n    - at: 99999w\n      zoneOutage: {zone: zone-a, duration: 99999w}\n  gates: [{metric: api.downtime, op: "<=", value: 99999w}]\n',
      ),
    ),
    problems: [
      ['out-of-range', 'a.yaml:7:36'],
      ['out-of-range', 'a.yaml:9:11'],
      ['out-of-range', 'a.yaml:10:44'],
      ['out-of-range', 'a.yaml:11:51'],
    ],
  },
  {
    name: 'a duration that is too long, on the command line',
    files: a(scenario()),
    set: ['duration=200000d'],
    problems: [['out-of-range', '--set:1:10']],
  },
  ...(
    [
      ['1h1h', 'each unit once'],
      ['30m1h', 'write 1h30m'],
      ['1H', 'write 1h'],
      ['1h 30m', 'write 1h30m'],
    ] as const
  ).map(([text, hint]) => ({
    name: `a duration of ${text}`,
    files: a(scenario('', `  duration: ${text}`)),
    problems: [['bad-duration', 'a.yaml:6:13', hint] as const],
  })),
  ...(
    [
      ['128Pi', 'memory', 'out-of-range'],
      ['128E', 'memory', 'out-of-range'],
      ['0', 'memory', 'out-of-range'],
      ['1Gi', 'memory', 'out-of-range'],
      ['100001', 'cpu', 'out-of-range'],
      ['1e300', 'cpu', 'out-of-range'],
      ['0', 'cpu', 'out-of-range'],
      ['1u', 'cpu', 'out-of-range'],
      ['-1', 'cpu', 'bad-quantity'],
    ] as const
  ).map(([amount, key, code]) => ({
    name: `a machine with ${key} ${amount}`,
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace(
        'racks: [r1]',
        `machine: {${key}: ${amount}, ${key === 'cpu' ? 'memory: 64Gi' : 'cpu: 16'}}`,
      ),
    }),
    problems: [[code, `fleet.yaml:8:${key === 'cpu' ? 88 : 91}`] as const],
  })),
  {
    name: 'a worker, a workload and a volume beyond any machine',
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace(
        'nodePools: [{name: workers, replicas: 2}]',
        'nodePools: [{name: w, machine: {cpu: 500m, memory: 2Pi}}]\n      workloads: [{name: x, replicas: 1, cpu: 200k}]\n      etcd: {size: 2Pi}',
      ),
    }),
    problems: [
      ['out-of-range', 'fleet.yaml:12:44'],
      ['out-of-range', 'fleet.yaml:12:58'],
      ['out-of-range', 'fleet.yaml:13:47'],
      ['out-of-range', 'fleet.yaml:14:20'],
    ],
  },
  {
    name: 'a real node of a size that no node has',
    files: a(
      'apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {allocatable: {cpu: 200k, memory: 2Pi, pods: 2M}}\n',
    ),
    command: 'validate' as const,
    problems: [
      ['out-of-range', 'a.yaml:4:29'],
      ['out-of-range', 'a.yaml:4:43'],
      ['out-of-range', 'a.yaml:4:54'],
    ],
  },
  {
    name: 'a count that no model could hold',
    files: a(scenario('  parameters: {node: {daemonMemoryMib: 1000000000000}}\n')),
    problems: [['out-of-range', 'a.yaml:7:40']],
  },
  {
    name: 'a size in GB',
    files: a(scenario(), { 'fleet.yaml': FLEET.replace('racks: [r1]', 'machine: {cpu: 8, memory: 64GB}') }),
    problems: [['bad-quantity', 'fleet.yaml:8:99', 'write 64Gi']],
  },
  {
    name: 'a name with capitals',
    files: a(scenario(), { 'fleet.yaml': FLEET.replace('name: tenant', 'name: My Tenant') }),
    problems: [['bad-name', 'fleet.yaml:10:13', 'my-tenant']],
  },
  {
    name: 'a parameter below its least value',
    files: a(scenario('  parameters: {node: {gracePeriod: 1ms}}\n')),
    problems: [['out-of-range', 'a.yaml:7:36']],
  },
  {
    name: 'a grace period shorter than the heartbeat',
    files: a(scenario('  parameters: {node: {gracePeriod: 9s}}\n')),
    problems: [['out-of-range', 'a.yaml:7:36']],
  },
  {
    name: 'a heartbeat longer than every grace period is one mistake',
    files: a(scenario('  parameters: {node: {heartbeatPeriod: 60s}}\n')),
    problems: [['out-of-range', 'a.yaml:7:40']],
  },
  {
    name: 'leases out of order, in the fleet and on the command line',
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace('spec:', 'spec:\n  parameters: {lease: {schedulerDuration: 107s}}'),
    }),
    set: ['parameters.lease.operatorRetry=40s', 'fleet.parameters.lease.controllerManagerRenew=2s'],
    problems: [
      ['out-of-range', '--set:1:32'],
      ['out-of-range', '--set:2:47'],
      ['out-of-range', 'fleet.yaml:5:43'],
    ],
  },
  {
    name: 'new hardware that comes sooner than it boots',
    files: a(scenario('  parameters: {node: {bootBareMetal: 30m}}\n')),
    problems: [['out-of-range', 'a.yaml:7:38']],
  },
  {
    name: 'a platform of nobody and machines that boot in no time',
    files: a(
      fleet(
        '  managementClusters:\n    - {name: m, platform: Baremetal, nodePools: [{name: h, replicas: 3, machine: {cpu: 8, memory: 32Gi, boot: 0s}}]}\n',
      ),
    ),
    command: 'validate',
    problems: [
      ['invalid-value', 'a.yaml:6:27', 'BareMetal'],
      ['zero-duration', 'a.yaml:6:111'],
    ],
  },
  {
    name: 'a lease that is no duration is not compared',
    files: a(scenario('  parameters: {lease: {schedulerDuration: 1 min, schedulerRenew: 140s}}\n')),
    problems: [['bad-duration', 'a.yaml:7:43']],
  },
  // Fleet
  {
    name: 'two hosted clusters of one name, one by counting',
    files: a(fleet(`${ONE_CLUSTER}  hostedClusters:\n    - {name: t, count: 2}\n    - {name: t-1}\n`)),
    command: 'validate',
    problems: [['duplicate-name', 'a.yaml:8:14']],
  },
  {
    name: 'two node pools of one name, without all their nodes',
    files: a(
      fleet(
        '  managementClusters: [{name: m, nodePools: [{name: h, replicas: 3}, {name: h, replicas: 3}]}]\n',
      ),
    ),
    command: 'validate',
    problems: [['duplicate-name', 'a.yaml:5:77']],
  },
  {
    name: 'two management clusters and two kinds of hosted clusters of one name, without all that follows',
    files: a(
      fleet(
        `${ONE_CLUSTER.trimEnd().slice(0, -1)}, {name: m, nodePools: [{name: h, replicas: 3}]}]
  hostedClusters: [{name: t, count: 3, managementCluster: m}, {name: t, count: 3, managementCluster: m}]\n`,
      ),
    ),
    command: 'validate',
    problems: [
      ['duplicate-name', 'a.yaml:5:79'],
      ['duplicate-name', 'a.yaml:6:70'],
    ],
  },
  {
    name: 'zones that the fleet does not have',
    files: a(
      fleet(
        `${ONE_CLUSTER}  zones: [{name: z-1}]\n  hostedClusters:\n    - {name: t, nodePools: [{name: w, zones: [z-2]}]}\n`,
      ),
    ),
    command: 'validate',
    problems: [['unknown-zone', 'a.yaml:8:47', 'z-1']],
  },
  {
    name: 'a management cluster that does not exist',
    files: a(fleet(`${ONE_CLUSTER}  hostedClusters: [{name: t, managementCluster: mm}]\n`)),
    command: 'validate',
    problems: [['unknown-management-cluster', 'a.yaml:6:49', '"m"']],
  },
  {
    name: 'two management clusters and no choice',
    files: a(fleet('  managementClusters: [{name: m}, {name: n}]\n  hostedClusters: [{name: t}]\n')),
    command: 'validate',
    problems: [['ambiguous-management-cluster', 'a.yaml:6:20']],
  },
  {
    name: 'a storage class that does not exist',
    files: a(fleet(`${ONE_CLUSTER}  hostedClusters: [{name: t, etcd: {storageClass: defualt}}]\n`)),
    command: 'validate',
    problems: [['unknown-storage-class', 'a.yaml:6:51', 'default']],
  },
  {
    name: 'nodes dedicated to nobody',
    files: a(
      fleet(
        '  managementClusters: [{name: m, nodePools: [{name: h, replicas: 1, dedicatedTo: tt}]}]\n  hostedClusters: [{name: t}]\n',
      ),
    ),
    command: 'validate',
    problems: [['unknown-hosted-cluster', 'a.yaml:5:82', '"t"']],
  },
  {
    name: 'shared nothing without nodes of its own',
    files: a(fleet(`${ONE_CLUSTER}  hostedClusters: [{name: t, isolation: SharedNothing}]\n`)),
    command: 'validate',
    problems: [['no-dedicated-nodes', 'a.yaml:6:41', 'dedicatedTo: t']],
  },
  {
    name: 'two control-plane nodes',
    files: a(fleet('  managementClusters: [{name: m, controlPlane: {replicas: 2, zones: [z]}}]\n')),
    command: 'validate',
    problems: [['control-plane-replicas', 'a.yaml:5:59']],
  },
  {
    name: 'hosted clusters without any node',
    files: a(scenario(), { 'fleet.yaml': fleet('  hostedClusters: [{name: t}]\n') }),
    problems: [['no-management-nodes', 'a.yaml:5:10']],
  },
  // A fleet alone
  {
    name: 'a fleet that hosts nothing',
    files: a(fleet(ONE_CLUSTER)),
    command: 'matrix',
    problems: [['no-hosted-clusters', 'a.yaml:5:3']],
  },
  {
    name: 'a fleet without nodes, and an override that leads nowhere',
    files: a(fleet('  hostedClusters: [{name: t}]\n')),
    command: 'matrix',
    set: ['hostedClusters.1.count=2'],
    problems: [
      ['unknown-set-path', '--set:1:1'],
      ['no-management-nodes', 'a.yaml:5:3'],
    ],
  },
  {
    name: 'two fleets where one is wanted',
    files: a(`${FLEET}---\n${FLEET}`),
    command: 'matrix',
    problems: [['ambiguous-reference', 'a.yaml:14:1', 'a file of its own']],
  },
  {
    name: 'two scenarios whose fleets may differ',
    files: a(`${scenario()}---\n${scenario()}`),
    command: 'matrix',
    problems: [['ambiguous-reference', 'a.yaml:8:1', 'their fleet']],
  },
  {
    name: 'a file with gates and no fleet',
    files: a('apiVersion: hcpsim/v1alpha1\nkind: GateSet\nmetadata: {name: g}\nspec: {gates: []}\n'),
    command: 'matrix',
    problems: [['wrong-kind', 'a.yaml:1:1']],
  },
  // Manifests
  {
    name: 'replicas beside autoScaling',
    files: a(HOSTED('c') + POOL('c', 'replicas: 1, autoScaling: {min: 1}')),
    command: 'validate',
    problems: [['replicas-and-autoscaling', 'a.yaml:11:37']],
  },
  {
    name: 'autoScaling of a NodePool without an upper bound',
    files: a(HOSTED('c') + POOL('c', 'autoScaling: {min: 1}')),
    command: 'validate',
    problems: [['missing-key', 'a.yaml:11:37']],
  },
  {
    name: 'replicas beside autoScaling, bounds the wrong way round, and zero where nothing scales from it',
    files: a(
      fleet(
        `${ONE_CLUSTER}  hostedClusters:
    - name: c
      platform: KubeVirt
      nodePools: [{name: p, replicas: 2, autoScaling: {min: 0, max: 3}}, {name: q, autoScaling: {min: 3, max: 2}}]\n`,
      ),
    ),
    command: 'validate',
    problems: [
      ['replicas-and-autoscaling', 'a.yaml:9:42'],
      ['invalid-value', 'a.yaml:9:61', 'only pools on AWS and Azure scale to zero by themselves'],
      ['out-of-range', 'a.yaml:9:111'],
    ],
  },
  {
    name: 'hosts that are counted where there are none, or fewer than machines',
    files: a(
      fleet(
        `${ONE_CLUSTER}  hostedClusters:
    - {name: c, nodePools: [{name: p, replicas: 2, agents: 3}]}
    - {name: d, platform: Agent, nodePools: [{name: p, replicas: 4, agents: 3}]}\n`,
      ),
    ),
    command: 'validate',
    problems: [
      ['conflicting-keys', 'a.yaml:7:52'],
      ['out-of-range', 'a.yaml:8:77'],
    ],
  },
  {
    name: 'people scale a node pool that scales by itself',
    files: a(`apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: s}
spec:
  duration: 2h
  fleet:
    managementClusters: [{name: m, nodePools: [{name: h, replicas: 3}]}]
    hostedClusters: [{name: c, nodePools: [{name: p, autoScaling: {min: 1, max: 3}}]}]
  events:
    - at: 1h
      scale: {hostedCluster: c, nodePool: p, replicas: 2}
`),
    problems: [['invalid-value', 'a.yaml:11:43', 'scale a workload: the pool follows']],
  },
  {
    name: 'a List without items and nothing else',
    files: a('apiVersion: v1\nkind: List\nitems: []\n'),
    command: 'validate',
    problems: [['file-empty', 'a.yaml:2:7']],
  },
  {
    name: 'a List without items as the manifests of a fleet',
    files: a(scenario(), {
      'fleet.yaml': FLEET.replace('spec:', 'spec:\n  manifests: [m.yaml]'),
      'm.yaml': 'apiVersion: v1\nkind: List\nitems: []\n',
    }),
    problems: [['file-empty', 'fleet.yaml:5:15']],
  },
  {
    name: 'a List without items for the matrix',
    files: a('apiVersion: v1\nkind: List\nitems: []\n'),
    command: 'matrix',
    problems: [['file-empty', 'a.yaml:1:1']],
  },
  {
    name: 'an item without kind, once',
    files: a('apiVersion: v1\nkind: List\nitems: [{}]\n'),
    command: 'validate',
    problems: [['not-a-document', 'a.yaml:3:9']],
  },
  {
    name: 'a NodePool of another cluster',
    files: a(HOSTED('cluster') + POOL('clustre', 'replicas: 1')),
    command: 'validate',
    problems: [['nodepool-without-cluster', 'a.yaml:11:21', 'cluster']],
  },
  {
    name: 'a wrong type in a field that is used',
    files: a(HOSTED('c', '  nodeSelector: true\n')),
    command: 'validate',
    problems: [['wrong-type', 'a.yaml:7:17']],
  },
  {
    name: 'two HostedClusters of one name in one file',
    files: a(`${HOSTED('c')}---\n${HOSTED('c')}`),
    command: 'validate',
    problems: [['duplicate-name', 'a.yaml:10:18']],
  },
  // Events
  {
    name: 'a zone that does not exist',
    files: a(event('zoneOutage: {zone: zone-d}')),
    problems: [['unknown-zone', 'a.yaml:9:26', 'zone-a']],
  },
  {
    name: 'a node pattern without a match',
    files: a(event('nodeFailure: {node: "x-*"}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:27']],
  },
  {
    name: 'labels that no node carries',
    files: a(event('nodeFailure: {selector: {size: big}}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:31']],
  },
  {
    name: 'a component that the cluster does not run',
    files: a(event('podFailure: {hostedCluster: tenant-0, component: router}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:56']],
  },
  {
    name: 'an unknown hosted cluster and an unknown component',
    files: a(event('podFailure: {hostedCluster: tenant, component: kube-api-server}')),
    problems: [
      ['unknown-hosted-cluster', 'a.yaml:9:35', 'tenant-0'],
      ['unknown-component', 'a.yaml:9:54', 'kube-apiserver'],
    ],
  },
  {
    name: 'pods and workers that there can never be',
    files: a(
      event(
        'podFailure: {hostedCluster: tenant-0, component: kube-apiserver, ordinal: 3}\n    - at: 2h\n      workerFailure: {hostedCluster: tenant-0, ordinal: [1, 2]}\n    - at: 3h\n      workerFailure: {hostedCluster: tenant-0, mode: fixed, value: 3}',
      ),
    ),
    problems: [
      ['selector-matches-nothing', 'a.yaml:9:81'],
      ['selector-matches-nothing', 'a.yaml:11:61'],
      ['too-few-targets', 'a.yaml:13:68'],
    ],
  },
  {
    name: 'more targets than there are',
    files: a(event('zoneOutage: {zone: "*", mode: fixed, value: 4}')),
    problems: [['too-few-targets', 'a.yaml:9:51']],
  },
  {
    name: 'a percentage beyond all',
    files: a(event('zoneOutage: {zone: "*", mode: fixed-percent, value: 120%}')),
    problems: [['bad-percentage', 'a.yaml:9:59']],
  },
  {
    name: 'a failure of nobody',
    files: a(event('nodeFailure: {}')),
    problems: [['missing-target', 'a.yaml:9:20']],
  },
  {
    name: 'two events in one',
    files: a(event('zoneOutage: {zone: zone-a}\n      nodeFailure: {node: "*"}')),
    problems: [['event-kind', 'a.yaml:8:7']],
  },
  {
    name: 'an event after the end',
    files: a(scenario('  events: [{at: 24h, zoneOutage: {zone: zone-a}}]\n')),
    problems: [['event-after-end', 'a.yaml:7:17']],
  },
  {
    name: 'a duration beside the event that it belongs into',
    files: a(scenario('  events: [{at: 1h, zoneOutage: {zone: zone-a}, duration: 5m}]\n')),
    problems: [['unknown-key', 'a.yaml:7:49', 'duration belongs into zoneOutage']],
  },
  {
    name: 'an upgrade of nothing',
    files: a(event('upgrade: {to: 4.20.1}')),
    problems: [['missing-target', 'a.yaml:9:16']],
  },
  {
    name: 'an upgrade of two kinds of things',
    files: a(event('upgrade: {operator: mgmt, hostedCluster: tenant-0, to: 4.20.1}')),
    problems: [['conflicting-keys', 'a.yaml:9:17', 'two events']],
  },
  {
    name: 'an upgrade of a hosted cluster that does not exist, mistyped',
    files: a(event('upgrade: {hostedCluster: tenant0, to: 4.20.1}')),
    problems: [['unknown-hosted-cluster', 'a.yaml:9:32', 'tenant-0']],
  },
  {
    name: 'an upgrade of a node pool that does not exist',
    files: a(event('upgrade: {nodePool: worker, to: 4.20.1}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:27', 'workers']],
  },
  {
    name: 'an upgrade of the operator of no management cluster',
    files: a(event('upgrade: {operator: "x*", to: 4.20.1}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:27']],
  },
  {
    name: 'a multicluster engine told the version of OpenShift',
    files: a(event('upgrade: {operator: mgmt, to: "4.20"}')),
    problems: [['invalid-value', 'a.yaml:9:37', 'the version of the engine']],
  },
  {
    name: 'a campaign to a multicluster engine that there is not',
    files: a(stageOf('operator: mgmt', '"2.12"')),
    problems: [['invalid-value', 'a.yaml:11:15', 'the version of the engine']],
  },
  {
    name: 'an upgrade to what is no version',
    files: a(event('upgrade: {managementCluster: mgmt, to: v4.20.x}')),
    problems: [['invalid-value', 'a.yaml:9:46', 'write "4.20"']],
  },
  {
    name: 'an upgrade to a release that nobody knows',
    files: a(event('upgrade: {hostedCluster: tenant-0, to: 4.30.3}')),
    problems: [['unknown-release', 'a.yaml:9:46', 'did you mean "4.20.3"?']],
  },
  {
    name: 'a campaign to a release that nobody knows',
    files: a(stageOf('nodePool: "*"', '5.10.0')),
    problems: [['unknown-release', 'a.yaml:11:15', 'did you mean "5.1.0"?']],
  },
  {
    name: 'a HyperShift operator told the version of a multicluster engine',
    files: a(event('upgrade: {operator: mgmt, to: "2.10"}'), {
      'fleet.yaml': FLEET.replace('name: mgmt', 'name: mgmt\n      operator: {version: "4.20"}'),
    }),
    problems: [['unknown-release', 'a.yaml:9:37']],
  },
  {
    name: 'an upgrade to a version without quotes',
    files: a(event('upgrade: {managementCluster: mgmt, to: 4.20}')),
    problems: [['wrong-type', 'a.yaml:9:46', '"4.20"']],
  },
  {
    name: 'an upgrade to nothing',
    files: a(event('upgrade: {nodePool: workers}')),
    problems: [['missing-key', 'a.yaml:9:16']],
  },
  {
    name: 'an upgrade to a release and another configuration in one',
    files: a(event('upgrade: {nodePool: workers, to: 4.20.1, change: config}')),
    problems: [['conflicting-keys', 'a.yaml:9:48']],
  },
  {
    name: 'another configuration of a management cluster',
    files: a(event('upgrade: {managementCluster: mgmt, change: config, force: true}')),
    problems: [['conflicting-keys', 'a.yaml:9:42']],
  },
  {
    name: 'a machine config pool that is told a release, one that is told nothing, one that is reconfigured',
    files: a(
      scenario(
        '  events:\n    - {at: 1h, upgrade: {machineConfigPool: worker, to: 4.20.1}}\n    - {at: 1h, upgrade: {machineConfigPool: worker}}\n    - {at: 1h, upgrade: {machineConfigPool: worker, change: config}}\n',
      ),
    ),
    problems: [
      ['conflicting-keys', 'a.yaml:8:53', 'follow the release'],
      ['missing-key', 'a.yaml:9:25'],
      ['conflicting-keys', 'a.yaml:10:53'],
    ],
  },
  {
    name: 'a pause of a hosted cluster by upgrade, and a machine config pool that does not exist',
    files: a(
      scenario(
        '  events:\n    - {at: 1h, upgrade: {hostedCluster: "*", change: pause}}\n    - {at: 1h, upgrade: {machineConfigPool: wroker, change: pause}}\n',
      ),
    ),
    problems: [
      ['conflicting-keys', 'a.yaml:8:46'],
      ['selector-matches-nothing', 'a.yaml:9:45', 'worker'],
    ],
  },
  {
    name: 'a stage that pauses machine config pools with a bad release and a rollback',
    files: a(
      scenario(
        '  campaigns: [{name: c, stages: [{machineConfigPool: worker, change: pause, failure: {probability: 5%}, rollback: all}]}]\n',
      ),
    ),
    problems: [
      ['conflicting-keys', 'a.yaml:7:77'],
      ['conflicting-keys', 'a.yaml:7:105'],
    ],
  },
  {
    name: 'cron expressions with seconds, of no sense, and of dates in a run without one',
    files: a(
      campaign(
        'windows: [{cron: "0 0 22 * * *", duration: 1h}, {cron: "0 25 * * *", duration: 1h}], freezes: [{cron: "0 0 1 * *", duration: 1d}]',
      ),
    ),
    problems: [
      ['bad-cron', 'a.yaml:8:24', 'seconds'],
      ['bad-cron', 'a.yaml:8:62', '25'],
      ['bad-cron', 'a.yaml:9:24', 'startOfRun'],
    ],
  },
  {
    name: 'a sign that would ask the clock of the real world',
    files: a(campaign('windows: [{cron: "? * * * *", duration: 1h}]')),
    problems: [['bad-cron', 'a.yaml:8:24']],
  },
  {
    name: 'windows that are all frozen',
    files: a(
      campaign(
        'windows: [{cron: "0 9 * * *", duration: 1h}], freezes: [{cron: "0 8 * * MON", duration: 3h}]',
      ),
    ),
    problems: [['no-window', 'a.yaml:8:7']],
  },
  {
    name: 'a run that begins at no time',
    files: a(scenario('  startOfRun: Mondey\n')),
    problems: [['invalid-value', 'a.yaml:7:15']],
  },
  {
    name: 'a campaign after the end, and another of its name',
    files: a(campaign('at: 25h', `\n    - {name: c, stages: [{operator: mgmt, to: "2.11"}]}`)),
    problems: [
      ['event-after-end', 'a.yaml:8:11'],
      ['duplicate-name', 'a.yaml:11:14'],
    ],
  },
  {
    name: 'stages of nothing, of two kinds, of labels that nobody carries',
    files: a(
      scenario(
        '  campaigns:\n    - name: c\n      stages: [{to: 4.20.1}, {operator: mgmt, nodePool: "*", to: 4.20.1}, {nodePool: "*", labels: {tier: gold}, to: 4.20.1}]\n',
      ),
    ),
    problems: [
      ['missing-target', 'a.yaml:9:16'],
      ['conflicting-keys', 'a.yaml:9:31', 'two stages'],
      ['selector-matches-nothing', 'a.yaml:9:91'],
    ],
  },
  {
    name: 'waves of nothing, of two things, of a stranger, of what is taken already',
    files: a(stage('waves: [{}, {count: 1, percent: 5%}, {targets: tenant-7}, {count: 2}, {count: 1}]')),
    problems: [
      ['missing-key', 'a.yaml:10:17'],
      ['conflicting-keys', 'a.yaml:10:21'],
      ['selector-matches-nothing', 'a.yaml:10:56', 'tenant-0'],
      ['selector-matches-nothing', 'a.yaml:10:79'],
    ],
  },
  {
    name: 'waves that are more than all targets, each of them',
    files: a(
      stage(
        'waves: [{percent: 150%}, {percent: 0%}, {percent: 60%}, {percent: 60%}, {percent: 60%}, {count: 3}, {count: 2}]',
      ).replace('tenant-*', '*'),
      { 'fleet.yaml': FLEET.replace('count: 2', 'count: 10') },
    ),
    problems: [
      ['bad-percentage', 'a.yaml:10:27'],
      ['out-of-range', 'a.yaml:10:44'],
      ['out-of-range', 'a.yaml:10:75', 'a last wave by itself'],
      ['out-of-range', 'a.yaml:10:91', 'a last wave by itself'],
    ],
  },
  {
    name: 'everything that is wrong with one stage, in one go',
    files: a(
      stageOf(
        'hostedCluster: "*"\n          waves: [{percent: 60%}, {percent: 60%}]\n          failure: {probability: 5%}',
        '4.30.1',
      ),
    ),
    problems: [
      ['out-of-range', 'a.yaml:11:45', 'a last wave by itself'],
      ['missing-key', 'a.yaml:12:11', 'timeout: 2h'],
      ['unknown-release', 'a.yaml:13:15', 'did you mean "4.20.1"?'],
    ],
  },
  {
    name: 'a wave that counts more than are left',
    files: a(stage('waves: [{count: 1}, {count: 5}]')),
    problems: [['out-of-range', 'a.yaml:10:37', 'a last wave by itself']],
  },
  {
    name: 'bad releases in a stage that would wait for them for ever',
    files: a(stage('failure: {probability: 5%}')),
    problems: [['missing-key', 'a.yaml:10:9', 'timeout: 2h']],
  },
  {
    name: 'bad releases with a timeout that is none',
    files: a(stage('timeout: 90\n        failure: {probability: 5%}')),
    problems: [['bare-duration', 'a.yaml:10:18', '90s']],
  },
  {
    name: 'percentages without their sign, and above a hundred',
    files: a(
      stage(
        'timeout: 1h\n        failure: {probability: 20}\n        waves: [{percent: "25"}, {percent: 0.05}, {percent: 120%}]',
      ),
    ),
    problems: [
      ['wrong-type', 'a.yaml:11:32', 'write 20%'],
      ['bad-percentage', 'a.yaml:12:27', 'write 25%'],
      ['wrong-type', 'a.yaml:12:44', 'write 5%'],
      ['bad-percentage', 'a.yaml:12:61', 'nothing above 100%'],
    ],
  },
  {
    name: 'a share above a hundred percent where a number may stand as well',
    files: {
      'a.yaml': scenario(),
      'fleet.yaml': FLEET.replace(
        '    - name: mgmt\n',
        '    - name: mgmt\n      machineConfigPools: [{name: worker, maxUnavailable: 110%}]\n',
      ),
    },
    problems: [['bad-percentage', 'fleet.yaml:7:59', 'nothing above 100%']],
  },
  {
    name: 'a share that is more than what the waves before it leave',
    files: a(stage('waves: [{count: 1}, {percent: 60%}]')),
    problems: [['out-of-range', 'a.yaml:10:39', 'a last wave by itself']],
  },
  {
    name: 'a soak that cannot be over by the end, as the second of two waves',
    files: a(stage('waves: [{count: 1}]\n        soak: 12h')),
    problems: [['event-after-end', 'a.yaml:11:15', 'a longer run']],
  },
  {
    name: 'a stop condition on how the campaign ends',
    files: a(stage('stopWhen: [{metric: campaign.reached, op: "<", value: 1}]')),
    problems: [['invalid-value', 'a.yaml:10:29']],
  },
  {
    name: 'a gate on a campaign that there is none',
    files: a(
      campaign(
        'at: 1h',
        '\n  gates: [{metric: campaign.reached, op: ">=", value: 1, select: {campaign: d}}]',
      ),
    ),
    problems: [['selector-matches-nothing', 'a.yaml:11:77']],
  },
  {
    name: 'a stop condition on what is known only after the run, and on nobody',
    files: a(
      stage(
        'stopWhen: [{metric: workloads.lostToControlPlane, op: ">", value: 1s}, {metric: api.downtime, select: {hostedCluster: x}, op: ">", value: 1s}]',
      ),
    ),
    problems: [
      ['invalid-value', 'a.yaml:10:29'],
      ['selector-matches-nothing', 'a.yaml:10:127'],
    ],
  },
  {
    name: 'force for node pools in a campaign',
    files: a(scenario('  campaigns: [{name: c, stages: [{nodePool: "*", to: 4.20.1, force: true}]}]\n')),
    problems: [['conflicting-keys', 'a.yaml:7:62']],
  },
  {
    name: 'another pull secret of node pools, and by force of a hosted cluster',
    files: a(
      event('upgrade: {nodePool: workers, change: pullSecret}') +
        "    - at: 2h\n      upgrade: {hostedCluster: '*', change: pullSecret, force: true}\n",
    ),
    problems: [
      ['conflicting-keys', 'a.yaml:9:36'],
      ['conflicting-keys', 'a.yaml:11:57'],
    ],
  },
  {
    name: 'lost data that comes back by itself',
    files: a(event('etcdMemberFailure: {hostedCluster: tenant-0, failure: data, duration: 1h}')),
    problems: [['conflicting-keys', 'a.yaml:9:67']],
  },
  {
    name: 'a pause of nobody',
    files: a(event('pause: {nodePool: workers}')),
    problems: [['missing-target', 'a.yaml:9:14']],
  },
  {
    name: 'a pause of two kinds of clusters',
    files: a(event('pause: {hostedCluster: tenant-0, managementCluster: mgmt}')),
    problems: [['conflicting-keys', 'a.yaml:9:15']],
  },
  {
    name: 'a pause of no management cluster',
    files: a(event('pause: {managementCluster: mgnt}')),
    problems: [['unknown-management-cluster', 'a.yaml:9:34']],
  },
  {
    name: 'a snapshot of two ages',
    files: a(event('restoreFromSnapshot: {hostedCluster: tenant-0, snapshotAge: 1h, snapshotEvery: 2h}')),
    problems: [
      ['not-restorable', 'a.yaml:9:44'],
      ['conflicting-keys', 'a.yaml:9:71'],
    ],
  },
  {
    name: 'a restore on AWS',
    files: a(event('restoreFromSnapshot: {hostedCluster: tenant-0}')),
    problems: [['not-restorable', 'a.yaml:9:44']],
  },
  {
    name: 'a move without a fixed name of the API',
    files: a(event('moveHostedCluster: {hostedCluster: tenant-0, to: mgmt}')),
    problems: [['not-movable', 'a.yaml:9:42']],
  },
  {
    name: 'a move to nowhere, from a snapshot of two ages',
    files: a(event('moveHostedCluster: {hostedCluster: "*", to: mgnt, snapshotAge: 1h, snapshotEvery: 2h}')),
    problems: [
      ['unknown-management-cluster', 'a.yaml:9:51'],
      ['conflicting-keys', 'a.yaml:9:74'],
    ],
  },
  {
    name: 'a slow disk of nobody',
    files: a(event('slowDisk: {fsync: 1s}')),
    problems: [['missing-target', 'a.yaml:9:17']],
  },
  {
    name: 'disks named in two ways, and a member of a node',
    files: a(
      scenario(
        '  events:\n    - {at: 1h, slowDisk: {node: "*", hostedCluster: "*"}}\n    - {at: 1h, slowDisk: {node: "*", member: 1}}\n',
      ),
    ),
    problems: [
      ['conflicting-keys', 'a.yaml:8:38'],
      ['conflicting-keys', 'a.yaml:9:38'],
    ],
  },
  {
    name: 'a storage class that is not there, a member that is not there',
    files: a(
      scenario(
        '  events:\n    - {at: 1h, slowDisk: {storageClass: defalt}}\n    - {at: 1h, slowDisk: {hostedCluster: tenant-0, member: 3}}\n',
      ),
    ),
    problems: [
      ['unknown-storage-class', 'a.yaml:8:41', 'default'],
      ['selector-matches-nothing', 'a.yaml:9:60'],
    ],
  },
  {
    name: 'the disks of a node on which no etcd has its data',
    files: a(event('slowDisk: {node: mgmt-hosting-0}')),
    problems: [['selector-matches-nothing', 'a.yaml:9:24', 'use storageClass']],
  },
  {
    name: 'a mistyped key, without a name that stands nowhere',
    files: a(event('podFailure: {hostedClustr: tenant-0, component: kube-apiserver}')),
    problems: [
      ['missing-key', 'a.yaml:9:19'],
      ['unknown-key', 'a.yaml:9:20', 'hostedCluster'],
    ],
  },
  {
    name: 'a number where a hosted cluster is named, without a name that stands nowhere',
    files: a(event('podFailure: {hostedCluster: 7, component: [kube-apiserver, {}]}')),
    problems: [
      ['wrong-type', 'a.yaml:9:35'],
      ['wrong-type', 'a.yaml:9:66'],
    ],
  },
  {
    name: 'a taint on nodes that are back by then',
    files: a(event('nodeFailure: {node: mgmt-hosting-0, duration: 30m, outOfServiceAfter: 1h}')),
    problems: [['without-effect', 'a.yaml:9:77']],
  },
  {
    name: 'nodes that are deleted when they are back',
    files: a(event('nodeFailure: {node: mgmt-hosting-0, duration: 1m, deleteNodeAfter: 2h}')),
    problems: [['without-effect', 'a.yaml:9:74']],
  },
  {
    name: 'a node cut from itself',
    files: a(event('networkPartition: {node: mgmt-hosting-0, from: {node: mgmt-hosting-0}}')),
    problems: [['without-effect', 'a.yaml:9:48']],
  },
  {
    name: 'a drain of a node that no pod may stand on',
    files: a(event('nodeDrain: {node: mgmt-control-plane-0}')),
    problems: [['without-effect', 'a.yaml:9:25']],
  },
  {
    name: 'hosting beside a name',
    files: a(event('nodeFailure: {node: "*", hosting: {hostedCluster: "*", component: etcd}}')),
    problems: [['conflicting-keys', 'a.yaml:9:21']],
  },
  {
    name: 'a head that is wrong in every line, with all that is wrong below it',
    files: a('apiVersion: hcpsim/v1\nkind: Senario\nmetadata: {name: r}\nspec:\n  duratoin: 3h\n'),
    problems: [
      ['unknown-api-version', 'a.yaml:1:13'],
      ['unknown-kind', 'a.yaml:2:7', 'Scenario'],
      ['missing-key', 'a.yaml:5:3'],
      ['missing-key', 'a.yaml:5:3'],
      ['unknown-key', 'a.yaml:5:3', 'duration'],
    ],
  },
  // Gates
  {
    name: 'an unknown metric',
    files: a(gate('{metric: api.uptimes, op: ">=", value: 1}')),
    problems: [['unknown-metric', 'a.yaml:8:16', 'api.uptime']],
  },
  {
    name: 'a ratio above 1',
    files: a(gate('{metric: api.uptime, op: ">=", value: 99.9}')),
    problems: [['bad-gate-value', 'a.yaml:8:45', 'write 99.9%']],
  },
  ...(
    [
      ['median', 'p50'],
      ['p100', 'max'],
      ['p0', 'min'],
      ['avg', 'mean'],
      ['maxx', '"max"'],
      ['p99.9', 'p99'],
      ['95', 'write p95'],
      ['worst', ''],
    ] as const
  ).map(([stat, hint]) => ({
    name: `the statistic ${stat}`,
    files: a(gate(`{metric: api.uptime, stat: ${stat}, op: ">=", value: 1}`)),
    problems: [['invalid-value', 'a.yaml:8:34', hint] as const],
  })),
  {
    name: 'seconds without a unit',
    files: a(gate('{metric: api.downtime, op: "<=", value: 90}')),
    problems: [['bare-duration', 'a.yaml:8:47', '90s']],
  },
  {
    name: 'a comparison the other way round',
    files: a(gate('{metric: api.uptime, op: "=>", value: 1}')),
    problems: [['invalid-value', 'a.yaml:8:32', '">="']],
  },
  {
    name: 'a label that the metric does not have',
    files: a(gate('{metric: api.uptime, select: {hostedCluser: x}, op: ">=", value: 1}')),
    problems: [['unknown-key', 'a.yaml:8:37', 'hostedCluster']],
  },
  {
    name: 'a gate for nobody',
    files: a(gate('{metric: api.uptime, select: {hostedCluster: tenant-9}, op: ">=", value: 1}')),
    problems: [['selector-matches-nothing', 'a.yaml:8:52', 'tenant-0']],
  },
  {
    name: 'a gate set in a file that has none',
    files: a(scenario('  gateSets: [fleet.yaml]\n')),
    problems: [['wrong-kind', 'a.yaml:7:14']],
  },
  // Overrides
  {
    name: 'an override without =',
    files: a(scenario()),
    set: ['duration'],
    problems: [['bad-set', '--set:1:1']],
  },
  {
    name: 'overrides that lead nowhere or do not fit, in their order',
    files: a(scenario()),
    set: ['seed=2', 'duratoin=5m', 'seed=x', 'fleet.hostedClusters.7.count=2'],
    problems: [
      ['unknown-set-path', '--set:2:1', 'duration'],
      ['wrong-type', '--set:3:6'],
      ['unknown-set-path', '--set:4:1'],
    ],
  },
  {
    name: 'many mistakes in one file, all at once',
    files: a(
      `${scenario('  sed: 1\n  events:\n    - at: 5\n      zoneOutage: {zone: zone-x}\n    - at: 48h\n      nodeFailure: {node: nobody}\n', '  duration: 24h')}`,
      { 'fleet.yaml': FLEET.replace('replicas: 3', 'replicas: -1').replace('count: 2', 'platfrom: AWS') },
    ),
    problems: [
      ['unknown-key', 'a.yaml:7:3', 'seed'],
      ['bare-duration', 'a.yaml:9:11'],
      ['unknown-zone', 'a.yaml:10:26'],
      ['event-after-end', 'a.yaml:11:11'],
      ['selector-matches-nothing', 'a.yaml:12:27'],
      ['out-of-range', 'fleet.yaml:8:37'],
      ['unknown-key', 'fleet.yaml:11:7', 'platform'],
    ],
  },
  {
    name: 'a workload spread over zones that no worker has, twice, and a budget of both kinds',
    files: a(
      fleet(
        `${ONE_CLUSTER}  hostedClusters:
    - name: t
      nodePools: [{name: w, replicas: 2}]
      workloads:
        - {name: x, replicas: 2, spread: [{by: zone}, {by: zone}], budget: {minAvailable: 1, maxUnavailable: 1}}
        - {name: y, replicas: 2, spread: [{by: zone, whenUnsatisfiable: ScheduleAnyway}], budget: {}}
`,
      ),
    ),
    command: 'validate',
    problems: [
      ['invalid-value', 'a.yaml:10:48', 'give the node pool zones'],
      ['conflicting-keys', 'a.yaml:10:55'],
      ['invalid-value', 'a.yaml:10:60', 'ScheduleAnyway'],
      ['conflicting-keys', 'a.yaml:10:94'],
      ['missing-key', 'a.yaml:11:99'],
    ],
  },
];

function problemsOf(row: Row) {
  const reader = memoryReader({ 'fleet.yaml': FLEET, ...row.files });
  if (row.command === 'matrix') return loadFleetFiles(['a.yaml'], { reader, set: row.set }).problems;
  if (row.command === 'validate') return validateFiles(['a.yaml'], reader).problems;
  return loadScenarios(['a.yaml'], { reader, set: row.set }).problems;
}

describe('every mistake has a code, a place and, where one is known, a hint', () => {
  test.each(ROWS)('$name', (row) => {
    const found = problemsOf(row);
    expect(found.map((p) => `${p.code} ${p.file}:${p.line}:${p.column}`)).toEqual(
      row.problems.map(([code, at]) => `${code} ${at}`),
    );
    row.problems.forEach(([, , hint], i) => {
      if (hint !== undefined) expect(found[i]!.hint).toContain(hint);
    });
    for (const problem of found) {
      expect(problem.found, problem.code).not.toBe('');
      expect(problem.expected, problem.code).not.toBe('');
    }
  });

  test('the table reaches every code but that of a file that the system refuses', () => {
    const reached = new Set(ROWS.flatMap((row) => row.problems.map(([code]) => code)));
    const missing = Object.keys(PROBLEM_CODES).filter((code) => !reached.has(code as ProblemCode));
    expect(missing).toEqual(['file-unreadable']);
  });
});
