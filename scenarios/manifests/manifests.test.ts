import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { diskReader } from '../files.ts';
import { loadScenarios } from '../load.ts';
import { memoryReader, scenario } from '../testing.ts';
import { validateFiles } from '../validate.ts';
import { machineOf } from './instances.ts';
import { openshiftVersion, releaseVersion } from './release.ts';

const FLEETS = new URL('../fleets/', import.meta.url).pathname;

function realFleet(): FleetPlan {
  const text = scenario().replace('fleet.yaml', `${FLEETS}real-manifests.yaml`);
  const memory = memoryReader({ 'a.yaml': text });
  const reader = { read: (path: string) => (path === 'a.yaml' ? memory.read(path) : diskReader.read(path)) };
  const loaded = loadScenarios(['a.yaml'], { reader });
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios[0]!.plan.fleet;
}

/** The plan of a fleet whose only content is one file of manifests. */
function planOf(
  manifests: string,
  spec = 'spec: {managementClusters: [{name: m, nodePools: [{name: h, replicas: 3}]}], manifests: [m.yaml]}\n',
): FleetPlan {
  const fleet = `apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: f}\n${spec}`;
  const reader = memoryReader({ 'a.yaml': scenario(), 'fleet.yaml': fleet, 'm.yaml': manifests });
  const loaded = loadScenarios(['a.yaml'], { reader });
  expect(loaded.problems).toEqual([]);
  return loaded.scenarios[0]!.plan.fleet;
}

const hosted = (spec: string, metadata = '') => `apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: c, namespace: n${metadata}}
spec: {release: {image: "quay.io/ocp-release:4.18.3-multi"}, ${spec}}
`;

describe('the manifests of real clusters', () => {
  const fleet = realFleet();
  const cluster = (name: string) => fleet.hostedClusters.find((one) => one.name === name)!;
  const node = (name: string) => fleet.managementClusters[0]!.nodes.find((one) => one.name.startsWith(name))!;

  test('each file alone validates', () => {
    const files = readdirSync(`${FLEETS}manifests`).map((file) => `${FLEETS}manifests/${file}`);
    expect(files).toHaveLength(8);
    const validated = validateFiles(files, diskReader);
    expect(validated.problems).toEqual([]);
    expect(validated.files.map((file) => file.holds.length > 0)).toEqual(files.map(() => true));
  });

  test('all files together are one fleet, later clusters/example with names of their own', () => {
    expect(fleet.hostedClusters.map((one) => one.name)).toEqual([
      'example',
      'cesar',
      'example-2',
      'civ8kn910u3bkslbt6lg',
      'test1',
      'example-3',
      'test',
    ]);
    expect(cluster('example').platform).toBe('Agent');
    expect(cluster('example-2')).toMatchObject({ platform: 'Azure' });
    expect(cluster('example-2').nodePools.map((pool) => pool.zones)).toEqual([
      ['fakeLocation-1'],
      ['fakeLocation-2'],
    ]);
    expect(cluster('example-3').platform).toBe('None');
    const renamed = fleet.notes.filter((note) => note.includes('is called'));
    expect(renamed).toHaveLength(2);
    for (const note of renamed) expect(note).toMatch(/; example is the one of .*agent.*\.yaml\.$/);
  });

  test('the nodes form one management cluster of the version that their kubelets tell', () => {
    const [management] = fleet.managementClusters;
    expect(management).toMatchObject({ name: 'management', version: '4.20' });
    expect(management!.nodes.filter((one) => one.controlPlane)).toHaveLength(3);
    expect(management!.nodes.filter((one) => !one.controlPlane)).toHaveLength(9);
  });

  test('the provider IDs of the nodes tell their platform', () => {
    expect(fleet.managementClusters[0]!.platform).toBe('AWS');
  });

  test('allocatable, deprecated zone labels and cordons of nodes are used', () => {
    expect(node('ip-10-0-142-27').allocatable).toEqual({ cpuMillis: 15_500, memoryMib: 63_797, pods: 250 });
    expect(node('ip-10-0-142-31')).toMatchObject({ zone: 'us-east-2b', unschedulable: false });
    expect(node('ip-10-0-142-35')).toMatchObject({ zone: 'us-east-2c', unschedulable: true });
    expect(node('ip-10-0-142-35').taints).toEqual([
      { key: 'hypershift.openshift.io/control-plane', value: 'true', effect: 'NoSchedule' },
    ]);
    expect(fleet.places).toContainEqual({ name: 'us-east-2a', kind: 'zone', parent: 'us-east-2' });
  });

  test('an IBM Cloud cluster: version from its image, etcd of somebody else, no router, logins through the data plane', () => {
    expect(cluster('civ8kn910u3bkslbt6lg')).toMatchObject({
      release: '4.13.0',
      controllerAvailabilityPolicy: 'HighlyAvailable',
      etcd: { management: 'Unmanaged' },
      router: false,
      olmCatalogPlacement: 'guest',
      oauthNeedsDataPlane: true,
      nodePools: [],
    });
  });

  test('a KubeVirt cluster: machines of their described size, tolerations, storage class', () => {
    expect(cluster('test1')).toMatchObject({
      release: 'fake',
      etcd: { storageClass: 'gp3-csi' },
      tolerations: [{ key: 'key1' }, { key: 'key2' }],
    });
    expect(cluster('test1').nodePools[0]).toMatchObject({
      replicas: 2,
      machine: { cpuMillis: 3500, memoryMib: 11 * 1024 },
      nodeSelector: { key: 'val' },
    });
  });

  test('an AWS cluster: machine size from its instance type, repair, encryption', () => {
    expect(cluster('cesar')).toMatchObject({
      secretEncryption: true,
      controllerAvailabilityPolicy: 'SingleReplica',
    });
    expect(cluster('cesar').nodePools[0]).toMatchObject({
      machine: { cpuMillis: 1500, memoryMib: 7 * 1024 },
      autoRepair: true,
      upgradeType: 'Replace',
    });
  });
});

describe('what a HostedCluster says is used', () => {
  const first = (manifest: string) => planOf(manifest).hostedClusters[0]!;

  test('annotations isolate and switch components off', () => {
    const prefix = 'hypershift.openshift.io/';
    const annotations = `, annotations: {${prefix}topology: dedicated-request-serving-components, ${prefix}debug-deployments: "router, olm-operator", ${prefix}request-serving-node-additional-selector: size=big}`;
    expect(first(hosted('platform: {type: AWS}', annotations))).toMatchObject({
      isolation: 'DedicatedRequestServing',
      disabledComponents: ['router', 'olm-operator'],
      requestServingNodeSelector: { size: 'big' },
      release: '4.18.3',
    });
  });

  test('a selector for nodes of its own means shared nothing', () => {
    const manifest = hosted('platform: {type: None}, nodeSelector: {hypershift.openshift.io/cluster: n-c}');
    expect(first(manifest).isolation).toBe('SharedNothing');
  });

  test.each([
    ['aws: {endpointAccess: Private}, type: AWS', true],
    ['aws: {endpointAccess: PublicAndPrivate}, type: AWS', true],
    ['aws: {endpointAccess: Public}, type: AWS', false],
    ['gcp: {endpointAccess: Private}, type: GCP', true],
    ['type: Agent', false],
  ])('platform %s: router %s', (platform, router) => {
    expect(first(hosted(`platform: {${platform}}`)).router).toBe(router);
  });

  test('HTPasswd needs no data plane, an LDAP server does', () => {
    const providers = (type: string) =>
      first(hosted(`platform: {type: None}, configuration: {oauth: {identityProviders: [{type: ${type}}]}}`));
    expect(providers('HTPasswd').oauthNeedsDataPlane).toBe(false);
    expect(providers('LDAP').oauthNeedsDataPlane).toBe(true);
  });

  test('autoScaling starts at its minimum; a pool without replicas has none', () => {
    const pool = (spec: string) => `---\napiVersion: hypershift.openshift.io/v1beta1\nkind: NodePool
metadata: {name: p, namespace: n}\nspec: {clusterName: c${spec}}\n`;
    const workers = (spec: string) =>
      first(hosted('platform: {type: AWS}') + pool(spec)).nodePools[0]!.replicas;
    expect(workers(', autoScaling: {min: 2, max: 5}')).toBe(2);
    expect(workers('')).toBe(0);
  });

  const pool = (spec: string) => `---\napiVersion: hypershift.openshift.io/v1beta1\nkind: NodePool
metadata: {name: p, namespace: n}\nspec: {clusterName: c, ${spec}}\n`;

  test('a pool that scales by itself begins at its minimum, with a note', () => {
    const notes = (spec: string) => planOf(hosted('platform: {type: AWS}') + pool(spec)).notes.join('\n');
    expect(notes('autoScaling: {min: 2, max: 5}')).toContain(
      'NodePool p scales by itself up to 5 and begins at its minimum, 2: manifests do not say what runs on it.',
    );
    expect(notes('autoScaling: {min: 0, max: 5}')).toContain('begins at its minimum, 1 (its capacity');
    const known = 'autoScaling: {min: 0, max: 5}, platform: {aws: {instanceType: m5.xlarge}}';
    expect(notes(known)).toContain('begins at its minimum, 0: ');
    expect(notes('replicas: 2')).not.toContain('scales');
  });

  test('what is paused stands still from the beginning; a time of the real world has no place on the clock and is noted', () => {
    const read = (until: string) =>
      planOf(hosted(`platform: {type: AWS}, pausedUntil: "${until}"`) + pool(`pausedUntil: "${until}"`));
    const paused = (until: string) => {
      const { hostedClusters, notes } = read(until);
      const [cluster] = hostedClusters;
      return {
        cluster: cluster!.paused,
        pool: cluster!.nodePools[0]!.paused,
        notes: notes.filter((note) => note.includes('paused')),
      };
    };
    expect(paused('true')).toEqual({ cluster: true, pool: true, notes: [] });
    expect(paused('false')).toEqual({ cluster: false, pool: false, notes: [] });
    expect(paused('2026-01-01T00:00:00Z')).toEqual({
      cluster: false,
      pool: false,
      notes: [
        'NodePool p is paused until 2026-01-01T00:00:00Z, which has no place on the simulated clock: taken as reconciled.',
        'HostedCluster c is paused until 2026-01-01T00:00:00Z, which has no place on the simulated clock: taken as reconciled.',
      ],
    });
  });

  test('a node that is listed as lost is taken as up and ready, with a note', () => {
    const note = (more: string) =>
      planOf(
        `apiVersion: v1\nkind: Node\nmetadata: {name: x, labels: {topology.kubernetes.io/zone: z}}\n${more}`,
      ).notes.filter((one) => one.includes('Node x is listed with'));
    const ready = (status: string) =>
      `status: {conditions: [{type: MemoryPressure, status: "False"}, {type: Ready, status: "${status}"}]}\n`;
    expect(note(ready('True'))).toEqual([]);
    expect(note(ready('False'))).toEqual(['Node x is listed with Ready False: taken as up and ready.']);
    expect(
      note(`${ready('Unknown')}spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]}\n`),
    ).toEqual([
      'Node x is listed with Ready Unknown, the taint node.kubernetes.io/unreachable:NoExecute: taken as up and ready.',
    ]);
    expect(note('spec: {taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}\n')).toEqual(
      [],
    );
  });

  describe('the platform of a management cluster', () => {
    const nodes = (...providers: string[]) =>
      providers.map(
        (id, i) =>
          `---\napiVersion: v1\nkind: Node\nmetadata: {name: n-${i}}\n${id === '' ? '' : `spec: {providerID: "${id}"}\n`}`,
      );
    const infrastructure = (type: string) =>
      `---\napiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata: {name: cluster}\nstatus: {platformStatus: {type: ${type}}}\n`;
    const nameless =
      'No node tells its platform by a providerID, and no Infrastructure does: platform None assumed.';
    /** Listed nodes form a cluster, or join one of the fleet that has none. */
    const found = (manifests: readonly string[], more = '') => {
      const receiver = `spec: {managementClusters: [{name: m${more}}], manifests: [m.yaml]}\n`;
      const { managementClusters, notes } = planOf(manifests.join(''), receiver);
      return { platform: managementClusters[0]!.platform, assumed: notes.includes(nameless) };
    };

    test.each([
      ['aws:///us-east-2a/i-1', 'AWS'],
      ['azure:///subscriptions/1/virtualMachines/2', 'Azure'],
      ['baremetalhost:///openshift-machine-api/host/1', 'BareMetal'],
      ['gce://project/zone/1', 'GCP'],
      ['ibm://1///cluster/2', 'IBMCloud'],
      ['vsphere://1', 'VSphere'],
    ])('is told by a provider ID like %s', (id, platform) => {
      expect(found(nodes('', id))).toEqual({ platform, assumed: false });
    });

    test('is told by Infrastructure before all provider IDs', () => {
      const all = [...nodes('aws:///us-east-2a/i-1'), infrastructure('External')];
      expect(found(all)).toEqual({ platform: 'External', assumed: false });
    });

    test('is None where nothing tells it, with a note, and what the fleet says before anything', () => {
      expect(found(nodes(''))).toEqual({ platform: 'None', assumed: true });
      expect(found(nodes(''), ', platform: Azure')).toEqual({ platform: 'Azure', assumed: false });
    });
  });

  test('a list without items beside other objects is noted', () => {
    const empty = '---\napiVersion: v1\nkind: List\nitems: []\n';
    expect(planOf(hosted('platform: {type: AWS}') + empty).notes).toContain(
      'm.yaml: holds a List without items.',
    );
  });

  test('other kinds are passed over with a note', () => {
    const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';
    expect(planOf(hosted('platform: {type: AWS}') + secret + secret).notes).toContain(
      'm.yaml: not used: 2 Secret.',
    );
  });
});

describe('releases that nobody knows', () => {
  const withRelease = (release: string) =>
    planOf(hosted('platform: {type: AWS}').replace('4.18.3-multi', `${release}-multi`));

  test('are taken, with a note on what is made of them, once each', () => {
    const { hostedClusters, notes } = withRelease('5.3.1');
    expect(hostedClusters[0]!.release).toBe('5.3.1');
    expect(notes.filter((note) => note.startsWith('Release'))).toEqual([
      'Release 5.3.1 is none of those that are known (4.12 to 4.23, 5.0 to 5.1): its Kubernetes is taken to be 1.39, as if minors went on as they did.',
    ]);
    const { notes: known } = withRelease('5.1.1');
    expect(known.filter((note) => note.startsWith('Release'))).toEqual([]);
  });
});

describe('names that tell', () => {
  test.each([
    ['us.icr.io/armada-master/ocp-release:4.13.0-x86_64', '4.13.0'],
    ['quay.io/ocp-release:4.19.0-rc.1-multi', '4.19.0-rc.1'],
    ['quay.io/ocp-release:4.20.1', '4.20.1'],
    ['quay.io/ocp-release@sha256:00ff', undefined],
    ['fake', undefined],
    ['', undefined],
  ])('release image %j is version %s', (image, version) => {
    expect(releaseVersion(image)).toBe(version);
  });

  test('kubelets tell the version of OpenShift', () => {
    expect(['v1.27.1', 'v1.33.4', 'v1.35.0+abc', 'unknown'].map(openshiftVersion)).toEqual([
      '4.14',
      '4.20',
      '4.22',
      undefined,
    ]);
  });

  test.each([
    ['m5.large', 2, '8Gi'],
    ['m6i.xlarge', 4, '16Gi'],
    ['c5.4xlarge', 16, '32Gi'],
    ['r7g.2xlarge', 8, '64Gi'],
    ['Standard_D4s_v5', 4, '16Gi'],
    ['Standard_E8ds_v5', 8, '64Gi'],
  ])('%s has %d CPU and %s', (type, cpu, memory) => {
    expect(machineOf(type)).toMatchObject({ cpu, memory });
  });

  test.each(['m5.metal', 't3.large', 'm4.large', 'fakeFlavor', ''])('%j does not tell its size', (type) => {
    expect(machineOf(type)).toBeUndefined();
  });
});

describe('the fixed DNS name of an API', () => {
  const named = (service: string, strategy: string): string =>
    planOf(
      hosted(
        `platform: {type: AWS}, services: [{service: ${service}, servicePublishingStrategy: ${strategy}}]`,
      ),
    ).hostedClusters[0]!.apiHostname;

  test('is the hostname in the publishing strategy of the API server, and of no other service', () => {
    expect(named('APIServer', '{type: Route, route: {hostname: api.x.y}}')).toBe('api.x.y');
    expect(named('APIServer', '{type: LoadBalancer, loadBalancer: {hostname: api.x.y}}')).toBe('api.x.y');
    expect(named('OAuthServer', '{type: Route, route: {hostname: oauth.x.y}}')).toBe('');
    expect(named('APIServer', '{type: NodePort, nodePort: {address: 10.0.0.1}}')).toBe('');
  });
});
