/** The fleet on which the validation book tries its scenarios, and what it reads from a run. */
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import type { Fault, NodeFailure } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan, ManagementClusterPlan, NodePlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';

const ZONES = ['a', 'b', 'c'];
const ALLOCATABLE = { cpuMillis: 15_500, memoryMib: 64_512, pods: 250 };
const MASTER = { key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' } as const;

function node(name: string, zone: string, controlPlane: boolean): NodePlan {
  return {
    name,
    zone,
    rack: '',
    labels: controlPlane ? {} : { 'hypershift.openshift.io/control-plane': 'true' },
    taints: controlPlane ? [MASTER] : [],
    allocatable: ALLOCATABLE,
    unschedulable: false,
    controlPlane,
  };
}

function managementCluster(more: Partial<ManagementClusterPlan>): ManagementClusterPlan {
  return {
    name: 'mgmt',
    version: '4.20',
    nodes: [
      ...ZONES.map((zone, i) => node(`control-plane-${i}`, zone, true)),
      ...Array.from({ length: 9 }, (_, i) => node(`hosting-${i}`, ZONES[i % 3]!, false)),
    ],
    storageClasses: [{ name: 'standard', binding: 'zone' }],
    defaultStorageClass: 'standard',
    remediation: 'none',
    operatorReplicas: 2,
    ...more,
  };
}

/** A HighlyAvailable cluster on AWS, as the sizing figures describe it. */
export const HIGHLY_AVAILABLE: HostedClusterPlan = {
  name: 'tenant',
  namespace: 'clusters',
  managementCluster: 'mgmt',
  release: '4.19.8',
  platform: 'AWS',
  controllerAvailabilityPolicy: 'HighlyAvailable',
  infrastructureAvailabilityPolicy: 'SingleReplica',
  isolation: 'SharedEverything',
  etcd: { management: 'Managed', storageClass: '', volumeMib: 8192 },
  services: {},
  router: true,
  olmCatalogPlacement: 'management',
  oauthNeedsDataPlane: false,
  secretEncryption: false,
  nodeSelector: {},
  tolerations: [],
  disabledComponents: [],
  requestServingNodeSelector: {},
  nodePools: [
    {
      name: 'workers',
      replicas: 3,
      upgradeType: 'Replace',
      release: '4.19.8',
      zones: [],
      machine: { cpuMillis: 7500, memoryMib: 31_000, pods: 250 },
      autoRepair: false,
      nodeSelector: {},
    },
  ],
  workloads: [{ name: 'app', replicas: 3, cpuMillis: 500, memoryMib: 1024 }],
};

export function bookFleet(
  more: Partial<ManagementClusterPlan> = {},
  tenant: Partial<HostedClusterPlan> = {},
): FleetPlan {
  return {
    name: 'validation book',
    places: ZONES.map((name) => ({ name, kind: 'zone' as const, parent: '' })),
    managementClusters: [managementCluster(more)],
    hostedClusters: [{ ...HIGHLY_AVAILABLE, ...tenant }],
    notes: [],
  };
}

/** The node that hosts a component's first replica is switched off after an hour and stays so. */
export function hostLost(component: string): NodeFailure {
  const hosting = [{ hostedCluster: 'tenant', component, ordinal: 0 }];
  return { kind: 'nodeFailure', at: HOUR, label: `host of ${component}`, nodes: [], hosting };
}

export function replay(fleet: FleetPlan, faults: readonly Fault[], seed: number): Replication {
  const scenario = {
    name: 'validation',
    description: '',
    fleet,
    seed,
    faults,
    parameters: parameterValues(),
  };
  const replication = new Replication({ ...scenario, duration: (3 * HOUR) as Micros }, 0);
  replication.run((3 * HOUR) as Micros);
  return replication;
}

/** Seconds from the fault to the first fact of a kind about a component; undefined when there was none. */
export function secondsTo(
  { fleet: { world } }: Replication,
  kind: string,
  component: string,
): number | undefined {
  const { facts } = world.sim;
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind && world.sets.names[fact.subject] === component && fact.at > HOUR) {
      return (fact.at - HOUR) / SECOND;
    }
  }
  return undefined;
}
