/** Small fleets, spelled out with a plain default for everything: for tests, and for the validation book. */
import type {
  Allocatable,
  FleetPlan,
  HostedClusterPlan,
  ManagementClusterPlan,
  NodePlan,
  NodePoolPlan,
} from './fleet.ts';
import { defaultRollout } from './pool-rollout.ts';

export const ZONES = ['a', 'b', 'c'] as const;

export const MACHINE: Allocatable = { cpuMillis: 15_500, memoryMib: 64_512, pods: 250 };

export function node(name: string, zone: string, more: Partial<NodePlan> = {}): NodePlan {
  return {
    name,
    zone,
    rack: '',
    labels: { 'hypershift.openshift.io/control-plane': 'true' },
    taints: [],
    allocatable: MACHINE,
    unschedulable: false,
    controlPlane: false,
    machineConfigPool: more.controlPlane === true ? 'master' : 'worker',
    ...more,
  };
}

const MASTER = { key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' } as const;

/** Three control-plane nodes and so many hosting nodes (`h-0`, `h-1`, ...), dealt round over the zones. */
export function management(
  zones: readonly string[],
  hosting: number,
  more: Partial<ManagementClusterPlan> = {},
): ManagementClusterPlan {
  const masters = [0, 1, 2].map((i) =>
    node(`cp-${i}`, zones[i % zones.length]!, { controlPlane: true, labels: {}, taints: [MASTER] }),
  );
  const workers = Array.from({ length: hosting }, (_, i) => node(`h-${i}`, zones[i % zones.length]!));
  return {
    name: 'mgmt',
    version: '4.20',
    platform: 'AWS',
    nodes: [...masters, ...workers],
    storageClasses: [{ name: 'standard', binding: 'zone', performance: 'cloud-ssd' }],
    defaultStorageClass: 'standard',
    remediation: 'none',
    machineConfigPools: ['master', 'worker'].map((name) => ({
      name,
      maxUnavailable: { amount: 1, relative: false },
      paused: false,
    })),
    operator: { product: 'MCE', version: '2.10' },
    operatorReplicas: 2,
    ...more,
  };
}

export function pool(replicas: number, more: Partial<NodePoolPlan> = {}): NodePoolPlan {
  return {
    name: 'workers',
    replicas,
    upgradeType: 'Replace',
    ...defaultRollout(more.upgradeType ?? 'Replace'),
    release: '4.19.8',
    arch: 'amd64',
    zones: [],
    machine: { cpuMillis: 7500, memoryMib: 31_000, pods: 250 },
    autoRepair: false,
    paused: false,
    nodeDrainTimeout: 0,
    nodeSelector: {},
    rootVolume: { accessMode: 'ReadWriteOnce' },
    ...more,
  };
}

export function hostedCluster(name: string, more: Partial<HostedClusterPlan> = {}): HostedClusterPlan {
  return {
    name,
    namespace: 'clusters',
    managementCluster: 'mgmt',
    release: '4.19.8',
    network: 'OVNKubernetes',
    techPreview: false,
    upgradeable: true,
    forceUpgradeTo: '',
    skipReleaseValidation: false,
    controlPlaneRelease: '',
    payload: 'multi',
    platform: 'AWS',
    controllerAvailabilityPolicy: 'HighlyAvailable',
    infrastructureAvailabilityPolicy: 'SingleReplica',
    isolation: 'SharedEverything',
    etcd: { management: 'Managed', storageClass: '', volumeMib: 8192 },
    services: {},
    apiHostname: '',
    router: false,
    olmCatalogPlacement: 'management',
    oauthNeedsDataPlane: false,
    failClosedWebhooks: false,
    secretEncryption: false,
    nodeSelector: {},
    tolerations: [],
    disabledComponents: [],
    requestServingNodeSelector: {},
    paused: false,
    nodePools: [pool(3)],
    workloads: [{ name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024, spread: [] }],
    ...more,
  };
}

export function fleetOf(cluster: ManagementClusterPlan, hosted: readonly HostedClusterPlan[]): FleetPlan {
  const zones = [...new Set(cluster.nodes.map((entry) => entry.zone).filter((zone) => zone !== ''))];
  const racks = new Map(
    cluster.nodes.filter((entry) => entry.rack !== '').map((entry) => [entry.rack, entry.zone]),
  );
  return {
    name: 'test',
    places: [
      ...zones.map((name) => ({ name, kind: 'zone' as const, parent: '' })),
      ...[...racks].map(([name, parent]) => ({ name, kind: 'rack' as const, parent })),
    ],
    managementClusters: [cluster],
    hostedClusters: hosted,
    notes: [],
  };
}
