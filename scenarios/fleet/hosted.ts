/** The compact form of hosted clusters: counts are expanded, defaults taken. */
import {
  controlPlaneNamespace,
  type HostedClusterPlan,
  type NodePoolPlan,
  type PublishedService,
  type PublishingStrategy,
  type Toleration,
} from '../../models/plan/fleet.ts';
import { settledPools } from '../../models/plan/settled-pools.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import type { FleetSpec } from '../schema/fleet.ts';
import type { HostedClusterSpec, TolerationSpec, WorkerPoolSpec } from '../schema/hosted-cluster.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { checkedBounds } from './auto-scaling.ts';
import { defaultWorkloads, MANAGEMENT_CLUSTER, WORKER_MACHINE } from './defaults.ts';
import { checkDuplicates, type FleetDraft } from './draft.ts';
import { DEDICATED } from './labels.ts';
import { bootOf, memoryMib, writtenMachine } from './machine.ts';
import { rolloutPlan, upgradePolicyPlan } from './rollout.ts';
import { workloadPlan } from './workload.ts';

type Services = HostedClusterPlan['services'];

/** Adds every hosted cluster that an entry stands for: itself, or NAME-0, NAME-1, ... */
export function addHostedClusters(
  spec: HostedClusterSpec,
  fleet: FleetSpec,
  cursor: Cursor,
  draft: FleetDraft,
): void {
  const template = expandedOnce(spec, fleet, cursor, draft);
  const names =
    spec.count === undefined
      ? [spec.name]
      : Array.from({ length: spec.count }, (_, i) => `${spec.name}-${i}`);
  for (const name of names) {
    const plan = { ...template, name };
    const namespace = controlPlaneNamespace(plan);
    draft.addHostedCluster(
      { ...plan, nodeSelector: nodeSelector(spec, namespace) },
      namespace,
      cursor.to('name'),
    );
  }
}

function expandedOnce(
  spec: HostedClusterSpec,
  fleet: FleetSpec,
  cursor: Cursor,
  draft: FleetDraft,
): HostedClusterPlan {
  checkDuplicates(
    spec.nodePools.map((pool) => pool.name),
    'node pool',
    (i) => cursor.to('nodePools', i, 'name'),
  );
  checkDuplicates(
    (spec.workloads ?? []).map((one) => one.name),
    'workload',
    (i) => cursor.to('workloads', i, 'name'),
  );
  const host = managementClusterOf(spec, fleet, cursor);
  checkStorageClass(spec, host, fleet, cursor);
  const services = publishing(spec.services);
  const pools = spec.nodePools.map((pool, i) => workerPool(pool, spec, cursor.to('nodePools', i), draft));
  const workers = pools.reduce((sum, pool) => sum + pool.replicas, 0);
  const workloads =
    spec.workloads?.map((one, i) => workloadPlan(one, pools, cursor.to('workloads', i))) ??
    defaultWorkloads(workers);
  return {
    name: spec.name,
    namespace: spec.namespace,
    labels: spec.labels,
    managementCluster: host,
    release: spec.release,
    ...upgradePolicyPlan(spec),
    platform: spec.platform,
    controllerAvailabilityPolicy: spec.controllerAvailabilityPolicy,
    infrastructureAvailabilityPolicy: spec.infrastructureAvailabilityPolicy,
    isolation: spec.isolation,
    etcd: {
      management: spec.etcd.management,
      storageClass: spec.etcd.storageClass,
      volumeMib: memoryMib(spec.etcd.size, 'up'),
    },
    services,
    apiHostname: spec.services.APIServerHostname ?? '',
    router: services.APIServer === 'Route' && spec.platform !== 'IBMCloud',
    olmCatalogPlacement: spec.olmCatalogPlacement,
    oauthNeedsDataPlane: spec.oauthNeedsDataPlane,
    failClosedWebhooks: spec.failClosedWebhooks,
    secretEncryption: false,
    nodeSelector: spec.nodeSelector,
    tolerations: spec.tolerations.map(toleration),
    disabledComponents: [],
    requestServingNodeSelector: {},
    paused: false,
    nodePools: settledPools(pools, workloads),
    workloads,
  };
}

/** The affinity to nodes of one's own is only a preference; shared nothing makes it a condition. */
function nodeSelector(spec: HostedClusterSpec, namespace: string): Readonly<Record<string, string>> {
  return spec.isolation === 'SharedNothing'
    ? { [DEDICATED]: namespace, ...spec.nodeSelector }
    : spec.nodeSelector;
}

function managementClusterOf(spec: HostedClusterSpec, fleet: FleetSpec, cursor: Cursor): string {
  const names = fleet.managementClusters.map((cluster) => cluster.name);
  const wanted = spec.managementCluster;
  if (wanted !== undefined) {
    if (!names.includes(wanted)) {
      cursor.to('managementCluster').report('unknown-management-cluster', {
        found: `no management cluster "${wanted}"`,
        expected: names.length === 0 ? 'an entry in spec.managementClusters' : `one of ${listed(names)}`,
        hint: didYouMean(wanted, names),
      });
    }
    return wanted;
  }
  if (names.length > 1) {
    cursor.report('ambiguous-management-cluster', {
      found: `hosted cluster ${spec.name} without managementCluster in a fleet that has ${names.length}`,
      expected: `managementCluster: one of ${listed(names)}`,
    });
  }
  return names[0] ?? MANAGEMENT_CLUSTER;
}

function checkStorageClass(spec: HostedClusterSpec, host: string, fleet: FleetSpec, cursor: Cursor): void {
  const cluster = fleet.managementClusters.find((one) => one.name === host);
  const wanted = spec.etcd.storageClass;
  if (cluster === undefined || wanted === '') return;
  const names = cluster.storageClasses.map((one) => one.name);
  if (names.includes(wanted)) return;
  cursor.to('etcd', 'storageClass').report('unknown-storage-class', {
    found: `unknown storage class "${wanted}"`,
    expected: `one of ${listed(names)}`,
    hint: didYouMean(wanted, names),
  });
}

function publishing({ APIServerHostname: _, ...written }: HostedClusterSpec['services']): Services {
  const defaults: Services = {
    APIServer: 'LoadBalancer',
    OAuthServer: 'Route',
    Konnectivity: 'Route',
    Ignition: 'Route',
  };
  const given = Object.entries(written).filter(([, strategy]) => strategy !== undefined);
  return {
    ...defaults,
    ...(Object.fromEntries(given) as Partial<Record<PublishedService, PublishingStrategy>>),
  };
}

function workerPool(
  pool: WorkerPoolSpec,
  spec: HostedClusterSpec,
  cursor: Cursor,
  draft: FleetDraft,
): NodePoolPlan {
  if (pool.zones !== undefined) draft.checkZones(pool.zones, cursor.to('zones'));
  const { machine = WORKER_MACHINE } = pool;
  const boot = bootOf(machine);
  return {
    name: pool.name,
    ...sizeOf(pool, spec, cursor),
    upgradeType: pool.upgradeType,
    ...rolloutPlan(pool, pool.upgradeType, cursor),
    release: pool.release ?? spec.release,
    arch: pool.arch,
    zones: pool.zones ?? [],
    machine: writtenMachine(machine, draft.parameters, cursor.to('machine')),
    ...(boot === undefined ? {} : { boot }),
    autoRepair: pool.autoRepair,
    paused: false,
    nodeDrainTimeout: readDuration(pool.nodeDrainTimeout),
    ...agentsOf(pool, spec, cursor),
    nodeSelector: pool.nodeSelector,
    rootVolume: pool.rootVolume,
  };
}

/** Hosts are counted on the platform Agent only, and the first machines are some of them. */
function agentsOf(
  { agents, replicas, autoScaling }: WorkerPoolSpec,
  { platform }: HostedClusterSpec,
  cursor: Cursor,
): Pick<NodePoolPlan, 'agents'> {
  if (agents === undefined) return {};
  if (platform !== 'Agent')
    cursor.to('agents').reportKey('conflicting-keys', {
      found: `agents on platform ${platform}`,
      expected: 'agents only on platform Agent',
    });
  const first = autoScaling?.min ?? replicas;
  if (agents < first)
    cursor.to('agents').report('out-of-range', {
      found: `${agents} agents for ${first} machines`,
      expected: `${first} or more`,
    });
  return { agents };
}

/** Fixed, or between bounds: then the lower one to begin with, as long as no workload needs more. */
function sizeOf(
  { replicas, autoScaling }: WorkerPoolSpec,
  { platform }: HostedClusterSpec,
  cursor: Cursor,
): Pick<NodePoolPlan, 'replicas' | 'autoScaling'> {
  if (autoScaling === undefined) return { replicas };
  const place = cursor.to('autoScaling');
  if (cursor.to('replicas').node !== undefined)
    place.reportKey('replicas-and-autoscaling', {
      found: 'replicas beside autoScaling',
      expected: 'one of replicas and autoScaling',
    });
  return { replicas: autoScaling.min, autoScaling: checkedBounds(autoScaling, platform, place) };
}

function toleration(written: TolerationSpec): Toleration {
  const { key, operator, value, effect = '', tolerationSeconds } = written;
  return { key, operator, value, effect, ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) };
}
