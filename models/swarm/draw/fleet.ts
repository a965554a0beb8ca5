/** A small fleet of any shape that a loader would accept: enough machines for most of its pods, not always for all. */
import { MINUTE, SECOND } from '../../../sim/time.ts';
import { DISK_PERFORMANCES } from '../../plan/disk-performance.ts';
import {
  type Allocatable,
  type AutoScalingPlan,
  type BudgetPlan,
  controlPlaneNamespace,
  type FleetPlan,
  type HostedClusterPlan,
  type ManagementClusterPlan,
  type NodePlan,
  type NodePoolPlan,
  type PlacePlan,
  type SpreadConstraint,
} from '../../plan/fleet.ts';
import { PLATFORMS, type Platform } from '../../plan/platforms.ts';
import { hostedCluster, management, node, pool } from '../../plan/sample.ts';
import type { Dice } from './dice.ts';

const CLUSTER = 'hypershift.openshift.io/cluster';
const REQUEST_SERVING = 'hypershift.openshift.io/request-serving-component';
const ZONES = ['a', 'b', 'c', 'd'];

const MACHINES: readonly Allocatable[] = [
  { cpuMillis: 7_500, memoryMib: 31_000, pods: 110 },
  { cpuMillis: 15_500, memoryMib: 64_512, pods: 250 },
  { cpuMillis: 31_500, memoryMib: 128_000, pods: 500 },
];
const WORKER: Allocatable = { cpuMillis: 3_500, memoryMib: 15_000, pods: 250 };
const MANAGEMENT_VERSIONS = ['4.14', '4.18.6', '4.19', '4.20', '5.0'];
const RELEASES = ['4.13.0-x86_64', '4.14.3', '4.17.2', '4.19.8', '4.21.0', '5.1.0'];

/** A shared pool loses leaders every few seconds: events without end that show nothing new. */
const PERFORMANCES = DISK_PERFORMANCES.filter((disk) => disk !== 'shared-pool');

/** Places of the fleet and how management nodes stand in them. */
interface Site {
  readonly zones: readonly string[];
  readonly racksPerZone: number;
}

const rackOf = ({ racksPerZone }: Site, zone: string, i: number): string =>
  racksPerZone === 0 || zone === '' ? '' : `${zone}/${i % racksPerZone}`;

export function drawFleet(dice: Dice): FleetPlan {
  const zones = ZONES.slice(0, dice.chance(0.6) ? 3 : dice.int(1, 4));
  const site: Site = { zones, racksPerZone: dice.chance(0.3) ? 2 : 0 };
  const clusters = dice.times(dice.chance(0.25) ? 2 : 1, (i) => drawManagement(dice, site, `m-${i}`));
  const hosted = dice.times(dice.int(1, 3), (i) => drawHosted(dice, site, `t-${i}`, dice.pick(clusters)));
  return {
    name: 'swarm',
    places: places(site),
    managementClusters: clusters.map((cluster) => withIsolatedNodes(cluster, hosted, site)),
    hostedClusters: hosted,
    notes: [],
  };
}

function places(site: Site): PlacePlan[] {
  const racks = site.zones.flatMap((zone) =>
    Array.from({ length: site.racksPerZone }, (_, i) => ({ name: `${zone}/${i}`, parent: zone })),
  );
  return [
    { name: 'region', kind: 'region', parent: '' },
    ...site.zones.map((name) => ({ name, kind: 'zone' as const, parent: 'region' })),
    ...racks.map((rack) => ({ ...rack, kind: 'rack' as const })),
  ];
}

function drawManagement(dice: Dice, site: Site, name: string): ManagementClusterPlan {
  const { zones } = site;
  const machine = dice.pick(MACHINES);
  const unlabelled = dice.chance(0.05);
  const zoneOf = (i: number): string => (unlabelled ? '' : zones[i % zones.length]!);
  const rack = (i: number): string => rackOf(site, zoneOf(i), Math.floor(i / zones.length));
  const plan = management(zones, 0);
  // A listing without control-plane nodes is one whose control plane somebody else runs.
  const masters = dice.chance(0.15) ? [] : plan.nodes.filter((entry) => entry.controlPlane);
  const hosting = dice.times(dice.int(3, 9), (i) =>
    node(`${name}-h-${i}`, zoneOf(i), { rack: rack(i), allocatable: machine }),
  );
  return {
    ...plan,
    name,
    version: dice.pick(MANAGEMENT_VERSIONS),
    nodes: [
      ...masters.map((entry, i) => ({ ...entry, name: `${name}-cp-${i}`, zone: zoneOf(i), rack: rack(i) })),
      ...hosting,
    ],
    storageClasses: (['zone', 'node', 'free'] as const).map((binding) => ({
      ...plan.storageClasses[0]!,
      name: binding,
      binding,
      performance: dice.pick(PERFORMANCES),
    })),
    defaultStorageClass: dice.pick(['zone', 'zone', 'node', 'free']),
    remediation: dice.pick(['none', 'none', 'self-node-remediation', 'fence-agents']),
    operatorReplicas: dice.int(1, 3),
  };
}

function drawHosted(
  dice: Dice,
  site: Site,
  name: string,
  host: Pick<ManagementClusterPlan, 'name' | 'storageClasses'>,
): HostedClusterPlan {
  const release = dice.pick(RELEASES);
  const platform = dice.chance(0.25) ? 'KubeVirt' : dice.pick(PLATFORMS);
  return hostedCluster(name, {
    managementCluster: host.name,
    release,
    platform,
    controllerAvailabilityPolicy: dice.chance(0.75) ? 'HighlyAvailable' : 'SingleReplica',
    isolation: dice.chance(0.7)
      ? 'SharedEverything'
      : dice.pick(['DedicatedRequestServing', 'SharedNothing']),
    etcd: {
      ...hostedCluster(name).etcd,
      management: dice.chance(0.1) ? 'Unmanaged' : 'Managed',
      storageClass: dice.pick(['', ...host.storageClasses.map((storage) => storage.name)]),
    },
    services: { APIServer: dice.pick(['LoadBalancer', 'NodePort', 'Route']) },
    router: dice.chance(0.5),
    olmCatalogPlacement: dice.pick(['management', 'guest']),
    oauthNeedsDataPlane: dice.chance(0.3),
    secretEncryption: dice.chance(0.2),
    nodePools: dice.times(dice.int(0, 2), (i) => drawPool(dice, site, `pool-${i}`, release, platform)),
    workloads: dice.times(dice.int(0, 2), (i) => ({
      ...hostedCluster(name).workloads[0]!,
      name: `app-${i}`,
      replicas: dice.int(1, 4),
      cpuMillis: dice.pick([100, 500, 1500]),
      needsApi: dice.chance(0.3),
      shutdown: dice.chance(0.3) ? dice.spread(SECOND, 2 * MINUTE) : 0,
      spread: dice.chance(0.3) ? [drawSpread(dice)] : [],
      budget: dice.chance(0.5) ? drawBudget(dice) : undefined,
    })),
  });
}

const drawSpread = (dice: Dice): SpreadConstraint => ({
  by: dice.pick(['zone', 'host'] as const),
  maxSkew: dice.int(1, 2),
  whenUnsatisfiable: dice.pick(['DoNotSchedule', 'ScheduleAnyway'] as const),
});

function drawBudget(dice: Dice): BudgetPlan {
  const relative = dice.chance(0.3);
  return {
    bound: dice.pick(['minAvailable', 'maxUnavailable'] as const),
    amount: relative ? dice.pick([0, 0.5, 1]) : dice.int(0, 3),
    relative,
    unhealthyPods: dice.pick(['AlwaysAllow', 'IfHealthyBudget'] as const),
  };
}

function drawPool(
  dice: Dice,
  { zones }: Site,
  name: string,
  release: string,
  platform: Platform,
): NodePoolPlan {
  const autoScaling = dice.chance(0.25) ? drawBounds(dice, platform) : undefined;
  return pool(autoScaling ? dice.int(autoScaling.min, autoScaling.max) : dice.int(0, 4), {
    autoScaling,
    name,
    release,
    zones: dice.chance(0.5) ? [] : dice.some(zones),
    machine: WORKER,
    autoRepair: dice.chance(0.4),
    upgradeType: dice.pick(['Replace', 'InPlace']),
    rootVolume: { accessMode: dice.pick(['ReadWriteMany', 'ReadWriteOnce']) },
  });
}

/** Only on AWS and Azure a pool scales to zero by itself. */
function drawBounds(dice: Dice, platform: Platform): AutoScalingPlan {
  const min = dice.int(platform === 'AWS' || platform === 'Azure' ? 0 : 1, 2);
  return { min, max: dice.int(Math.max(1, min), 5) };
}

/** Nodes of their own for hosted clusters that are isolated: two for request serving, or one per zone for everything. */
function withIsolatedNodes(
  cluster: ManagementClusterPlan,
  hosted: readonly HostedClusterPlan[],
  site: Site,
): ManagementClusterPlan {
  const own = hosted
    .filter((plan) => plan.managementCluster === cluster.name && plan.isolation !== 'SharedEverything')
    .flatMap((plan) => isolatedNodes(plan, site));
  return { ...cluster, nodes: [...cluster.nodes, ...own] };
}

function isolatedNodes(plan: HostedClusterPlan, site: Site): NodePlan[] {
  const namespace = controlPlaneNamespace(plan);
  const serving = plan.isolation === 'DedicatedRequestServing';
  const taints = [{ key: CLUSTER, value: namespace, effect: 'NoSchedule' as const }];
  return Array.from({ length: serving ? 2 : 3 }, (_, i) => {
    const zone = site.zones[i % site.zones.length]!;
    return node(`${plan.name}-own-${i}`, zone, {
      rack: rackOf(site, zone, i),
      labels: { [CLUSTER]: namespace, ...(serving ? { [REQUEST_SERVING]: 'true' } : {}) },
      taints: serving
        ? [...taints, { key: REQUEST_SERVING, value: 'true', effect: 'NoSchedule' as const }]
        : taints,
    });
  });
}
