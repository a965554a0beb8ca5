/** Small fleets for the tests of the models: everything has a plain default, a test names only what it is about. */
import type { Micros } from '../sim/time.ts';
import { type ParameterOverrides, parameterValues } from './parameters.ts';
import type { Fault } from './plan/faults.ts';
import type {
  Allocatable,
  FleetPlan,
  HostedClusterPlan,
  ManagementClusterPlan,
  NodePlan,
  NodePoolPlan,
} from './plan/fleet.ts';
import type { ScenarioPlan } from './plan/scenario.ts';
import { Replication } from './run.ts';

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
    nodes: [...masters, ...workers],
    storageClasses: [{ name: 'standard', binding: 'zone' }],
    defaultStorageClass: 'standard',
    remediation: 'none',
    operatorReplicas: 2,
    ...more,
  };
}

export function pool(replicas: number, more: Partial<NodePoolPlan> = {}): NodePoolPlan {
  return {
    name: 'workers',
    replicas,
    upgradeType: 'Replace',
    release: '4.19.8',
    zones: [],
    machine: { cpuMillis: 7500, memoryMib: 31_000, pods: 250 },
    autoRepair: false,
    nodeSelector: {},
    ...more,
  };
}

export function hostedCluster(name: string, more: Partial<HostedClusterPlan> = {}): HostedClusterPlan {
  return {
    name,
    namespace: 'clusters',
    managementCluster: 'mgmt',
    release: '4.19.8',
    platform: 'AWS',
    controllerAvailabilityPolicy: 'HighlyAvailable',
    infrastructureAvailabilityPolicy: 'SingleReplica',
    isolation: 'SharedEverything',
    etcd: { management: 'Managed', storageClass: '', volumeMib: 8192 },
    services: {},
    router: false,
    olmCatalogPlacement: 'management',
    oauthNeedsDataPlane: false,
    secretEncryption: false,
    nodeSelector: {},
    tolerations: [],
    disabledComponents: [],
    requestServingNodeSelector: {},
    nodePools: [pool(3)],
    workloads: [{ name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024 }],
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

export interface ScenarioMore {
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  readonly duration?: Micros;
  readonly parameters?: ParameterOverrides;
}

const DAY_US = 86_400_000_000 as Micros;

export function scenarioOf(fleet: FleetPlan, more: ScenarioMore = {}): ScenarioPlan {
  return {
    name: 'test',
    description: '',
    fleet,
    duration: more.duration ?? DAY_US,
    seed: more.seed ?? 1,
    faults: more.faults ?? [],
    parameters: parameterValues(more.parameters ?? {}),
  };
}

export const ZONES = ['a', 'b', 'c'] as const;

/** A replication that has been run to the end of its scenario. */
export function ran(plan: ScenarioPlan): Replication {
  const replication = new Replication(plan, 0);
  replication.run(plan.duration);
  return replication;
}

/** The value of a metric for a cluster, or for the fleet. */
export function metric(replication: Replication, id: string, cluster?: string): number {
  const found = replication
    .metrics()
    .find(
      (value) => value.metric === id && (cluster === undefined || Object.values(value.labels)[0] === cluster),
    );
  if (found === undefined) throw new RangeError(`no value of ${id} for ${cluster}`);
  return found.value;
}
