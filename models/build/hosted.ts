/** Builds a hosted cluster: its control plane's pods on the management cluster, its workers, its workloads. */
import { NONE } from '../../sim/entities.ts';
import { SECOND } from '../../sim/time.ts';
import { type Door, OTHER_SERVICES } from '../hosted/api-path.ts';
import {
  componentsOf,
  mostPods,
  type PlacedComponent,
  PRIORITY,
  updateStrategyOf,
} from '../hosted/components.ts';
import { ROLE, type Role } from '../hosted/roles.ts';
import type { ClusterId, NodeId, SetId } from '../ids.ts';
import { isLeader } from '../kubernetes/leadership.ts';
import type { Spread } from '../kubernetes/sets.ts';
import {
  type BudgetPlan,
  controlPlaneNamespace,
  etcdStorageClass,
  type HostedClusterPlan,
  type ManagementClusterPlan,
  type NodePoolPlan,
  type PublishingStrategy,
  type Taint,
  type Toleration,
} from '../plan/fleet.ts';
import { largest, poolKey } from '../plan/machines-at-once.ts';
import { hardwareOf, type Platform } from '../plan/platforms.ts';
import { type PlacementSpec, PlacementTable, tolerates } from '../scheduler/placement.ts';
import { minorOnOneScale, parseVersion } from '../versions/version.ts';
import type { World } from '../world.ts';
import { bootTime, provisionTime, unhealthyTimeout } from './hardware.ts';

const CONTROL_PLANE = 'hypershift.openshift.io/control-plane';
const CLUSTER = 'hypershift.openshift.io/cluster';
const REQUEST_SERVING = 'hypershift.openshift.io/request-serving-component';

/** Host names of workers that stand outside the fleet's places are their own. */
const workerName = (plan: HostedClusterPlan, pool: NodePoolPlan, ordinal: number): string =>
  `${plan.name}-${pool.name}-${ordinal}`;

export function addHostedCluster(
  world: World,
  plan: HostedClusterPlan,
  host: ClusterId,
  hostPlan: ManagementClusterPlan,
  reserve: ReadonlyMap<string, number>,
): ClusterId {
  const cluster = world.clusters.add(plan.name, host);
  const components = componentsOf(plan);
  const { gracePeriod, gracePeriodIbmCloud } = world.parameters.node;
  world.lifecycle.begin(cluster, plan.platform === 'IBMCloud' ? gracePeriodIbmCloud : gracePeriod);
  const { readinessFailures, fastReadinessFailures } = world.parameters.kubeApiserver;
  world.hosted.readinessFailures.set(
    cluster,
    failsOverFast(world, plan) ? fastReadinessFailures : readinessFailures,
  );
  publish(world, cluster, plan, hostPlan);
  addLeaders(world, cluster, host, components);
  addTunnels(world, cluster, plan, components);
  const members = components.find((component) => component.role === 'etcd')?.wanted ?? 0;
  world.hosted.ensemble.set(
    cluster,
    world.ensembles.add(cluster, members, plan.etcd.management === 'Managed'),
  );
  const storage = etcdStorageClass(plan, { managementClusters: [hostPlan] });
  world.disks.enter(world.hosted.ensemble.at(cluster), storage?.performance ?? 'cloud-ssd');
  if (plan.paused) world.pauses.pause(cluster);
  if (recoversEtcd(plan, members)) world.etcdRecovery.enable(cluster);
  if (members > 0)
    world.database.enter(
      world.hosted.ensemble.at(cluster),
      plan.controllerAvailabilityPolicy === 'HighlyAvailable',
    );
  const sets = components.map((component) => addComponent(world, cluster, host, plan, hostPlan, component));
  world.hostedReleases.order.enter(cluster, components, sets);
  world.hostedReleases.enter(cluster, world.upgrades.releases.of(plan.release));
  const workers = plan.nodePools.flatMap((pool) => {
    const most = reserve.get(poolKey(plan.name, pool.name)) ?? largest(pool);
    return addNodePool(world, cluster, host, plan, pool, most);
  });
  world.placements[cluster] = new PlacementTable(
    workers,
    workers.map(() => ({ labels: {}, taints: [], unschedulable: false })),
  );
  const workloads =
    workers.length === 0 ? [] : plan.workloads.map((_, i) => addWorkload(world, cluster, plan, i));
  const { oauthNeedsDataPlane, failClosedWebhooks } = plan;
  world.health.describe(cluster, { oauthNeedsDataPlane, failClosedWebhooks, workloads });
  return cluster;
}

/** Only a managed etcd of three members is recovered without people. */
function recoversEtcd(plan: HostedClusterPlan, members: number): boolean {
  return (
    plan.etcd.management === 'Managed' &&
    plan.controllerAvailabilityPolicy === 'HighlyAvailable' &&
    members === 3
  );
}

/** Platforms whose Services of type LoadBalancer get a load balancer of the cloud; elsewhere a node announces the address. */
const CLOUDS: ReadonlySet<Platform> = new Set(['AWS', 'Azure', 'GCP', 'OpenStack', 'IBMCloud', 'PowerVS']);

/** Routes lead through the control plane's routers where it has some, else through the ingress of the management cluster. */
function doorOf({ router }: HostedClusterPlan, strategy: PublishingStrategy | undefined): Door {
  if (strategy === 'NodePort') return 'nodes';
  return strategy === 'Route' && router ? 'router' : 'own';
}

/** How the API is entered. The routers behind a Route have a Service of type LoadBalancer (openshift/hypershift ingress/router.go). */
function publish(
  world: World,
  cluster: ClusterId,
  plan: HostedClusterPlan,
  hostPlan: ManagementClusterPlan,
): void {
  const strategy = plan.services.APIServer ?? 'LoadBalancer';
  const balanced = CLOUDS.has(plan.platform) ? 'cloud' : 'address';
  world.entry.describe(cluster, strategy === 'NodePort' ? 'nodes' : balanced);
  world.path.describe(cluster, strategy === 'Route' && plan.router);
  for (const service of OTHER_SERVICES)
    world.path.describeService(cluster, service, doorOf(plan, plan.services[service]));
  const dedicated = new Set(dedicatedNodes(plan, hostPlan));
  if (dedicated.size === 0) return;
  const machines = world.machines.ofCluster.list(world.clusters.host.at(cluster));
  hostPlan.nodes.forEach(({ name }, i) => {
    if (dedicated.has(name)) world.entry.balanced.add(cluster, machines[i]!);
  });
}

/** Names of the management nodes that stand alone behind the load balancer of a hosted API; none where all do. */
export function dedicatedNodes(plan: HostedClusterPlan, { nodes }: ManagementClusterPlan): string[] {
  if (plan.isolation !== 'DedicatedRequestServing' || plan.platform !== 'AWS') return [];
  const own = { [REQUEST_SERVING]: 'true', [CLUSTER]: controlPlaneNamespace(plan) };
  return nodes
    .filter(({ labels }) => Object.entries(own).every(([key, value]) => labels[key] === value))
    .map(({ name }) => name);
}

function addLeaders(
  world: World,
  cluster: ClusterId,
  host: ClusterId,
  components: readonly PlacedComponent[],
): void {
  for (const component of components) {
    const { role, lease, wanted } = component;
    if (lease === undefined || !isLeader(role)) continue;
    const terms = {
      timing: lease.timing,
      api: lease.api === 'hosted' ? cluster : host,
      releases: lease.releases,
    };
    world.leadership.add(cluster, role, wanted, terms, mostPods(component) - wanted);
  }
}

/** Konnectivity servers beside kube-apiserver, and the agents beside the control plane. */
function addTunnels(
  world: World,
  cluster: ClusterId,
  plan: HostedClusterPlan,
  components: readonly PlacedComponent[],
): void {
  const of = (role: Role): PlacedComponent | undefined =>
    components.find((component) => component.role === role);
  const servers = of('kube-apiserver')!;
  const agents = of('konnectivity-agent')!;
  world.konnectivity.begin(cluster, servers.wanted, redials(world, plan), mostPods(servers));
  for (let i = 0; i < mostPods(agents); i++) {
    const name = `${world.clusters.key(cluster)}/konnectivity-agent-${i}`;
    const agent = world.konnectivity.add(cluster, 'controlPlane', name);
    if (i >= agents.wanted) world.konnectivity.agentDown(agent, true);
  }
}

/** The tolerations, selectors and preferences that HyperShift gives a control plane's pods (support/controlplane-component/defaults.go). */
export function placementOf(plan: HostedClusterPlan, component: PlacedComponent): PlacementSpec {
  const namespace = controlPlaneNamespace(plan);
  const isolated = plan.isolation === 'DedicatedRequestServing' && component.requestServing;
  const tolerate = (key: string, value: string): Toleration => ({
    key,
    operator: 'Equal',
    value,
    effect: 'NoSchedule',
  });
  const tolerations = [tolerate(CONTROL_PLANE, 'true'), tolerate(CLUSTER, namespace), ...plan.tolerations];
  if (isolated) tolerations.push(tolerate(REQUEST_SERVING, 'true'));
  const dedicated = { [REQUEST_SERVING]: 'true', [CLUSTER]: namespace, ...plan.requestServingNodeSelector };
  return {
    tolerations,
    required: isolated ? { ...plan.nodeSelector, ...dedicated } : plan.nodeSelector,
    preferred: [
      { weight: 50, key: CONTROL_PLANE, value: 'true' },
      { weight: 100, key: CLUSTER, value: namespace },
    ],
  };
}

/** Zone anti-affinity is only preferred on KubeVirt and OpenStack (support/controlplane-component/defaults.go). */
function spreadOf(plan: HostedClusterPlan, component: PlacedComponent): Spread {
  if (component.wanted <= 1 || component.spread === 'none') return 'none';
  if (component.spread === 'preferred-host') return 'preferredHost';
  return plan.platform === 'KubeVirt' || plan.platform === 'OpenStack'
    ? 'requiredHostPreferredZone'
    : 'requiredHostAndZone';
}

function readyTime(world: World, component: PlacedComponent): number {
  if (component.role === 'etcd') return world.parameters.etcd.ready;
  if (component.role === 'kube-apiserver') return world.parameters.kubeApiserver.ready;
  return world.parameters.pod.ready;
}

/** How a process of the component ends when it is told to: bounded by terminationGracePeriodSeconds of 135, 120 and 30 s. */
function ending(world: World, { role }: PlacedComponent): { shutdown: number; exit: number } {
  const { shutdownDelay, watchTermination, dependentShutdownDelay } = world.parameters.kubeApiserver;
  if (role === 'kube-apiserver') return { shutdown: shutdownDelay, exit: watchTermination };
  const dependent = role === 'openshift-apiserver' || role === 'openshift-oauth-apiserver';
  return { shutdown: dependent ? dependentShutdownDelay : 0, exit: world.parameters.pod.exit };
}

const UNREACHABLE: Taint = { key: 'node.kubernetes.io/unreachable', value: '', effect: 'NoExecute' };

/** Newer releases have their control planes leave a silent node, and a kube-apiserver without etcd its endpoints, much sooner. */
export function failsOverFast(world: World, plan: HostedClusterPlan): boolean {
  const version = parseVersion(plan.release);
  return version !== undefined && minorOnOneScale(version) >= world.parameters.kubeApiserver.fastFailoverFrom;
}

/** Agents look again for a server that they have lost. */
export function redials({ parameters }: World, plan: HostedClusterPlan): boolean {
  const version = parseVersion(plan.release);
  return version !== undefined && minorOnOneScale(version) >= parameters.konnectivity.redialFrom;
}

/** How long the pods of a component stay on an unreachable node, microseconds. */
export function tolerationOf(world: World, plan: HostedClusterPlan, component: PlacedComponent): number {
  return unreachableToleration(plan.tolerations, defaultToleration(world, plan, component));
}

function defaultToleration(world: World, plan: HostedClusterPlan, component: PlacedComponent): number {
  const critical = component.priority === 'etcd' || component.priority === 'apiCritical';
  const { toleration, fastToleration } = world.parameters.node;
  return critical && failsOverFast(world, plan) ? fastToleration : toleration;
}

/**
 * How long pods with these tolerations stay on an unreachable node, microseconds: the default that the API server adds, unless they
 * tolerate the taint themselves (kubernetes/website taint-and-toleration.md).
 */
export function unreachableToleration(tolerations: readonly Toleration[], byDefault: number): number {
  const own = tolerations.filter((toleration) => tolerates(toleration, UNREACHABLE));
  if (own.length === 0) return byDefault;
  const bounded = own.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return bounded.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(...bounded)) * SECOND;
}

/** HyperShift lets one pod of a component go under HighlyAvailable, and none that is healthy under SingleReplica (support/controlplane-component/common.go). */
function budgetOf(plan: HostedClusterPlan): BudgetPlan {
  const single = plan.controllerAvailabilityPolicy === 'SingleReplica';
  return {
    bound: single ? 'minAvailable' : 'maxUnavailable',
    amount: 1,
    relative: false,
    unhealthyPods: 'AlwaysAllow',
  };
}

function addComponent(
  world: World,
  cluster: ClusterId,
  host: ClusterId,
  plan: HostedClusterPlan,
  hostPlan: ManagementClusterPlan,
  component: PlacedComponent,
): SetId {
  const set = world.sets.add({
    name: component.name,
    cluster: host,
    serves: cluster,
    stateful: component.stateful,
    replicas: component.wanted,
    cpuMillis: component.cpuMillis,
    memoryMib: component.memoryMib,
    priority: PRIORITY[component.priority],
    spread: spreadOf(plan, component),
    colocated: true,
    placement: world.placements[host]!.classOf(placementOf(plan, component)),
    waitsFor: component.waitsFor,
    ready: readyTime(world, component),
    ...ending(world, component),
    toleration: tolerationOf(world, plan, component),
    role: ROLE[component.role],
    claims: component.role === 'etcd',
    strategy: updateStrategyOf(component),
    template: world.upgrades.releases.of(plan.release),
  });
  if (component.budget) world.budgets.give(set, budgetOf(plan));
  if (component.role !== 'other') world.hosted.enter(cluster, component.role, set);
  if (component.role === 'etcd') {
    const storage = etcdStorageClass(plan, { managementClusters: [hostPlan] });
    world.volumes.claim(set, component.wanted, storage?.binding ?? 'zone');
  }
  return set;
}

/** @param most machines that there can be at one time; those beyond the replicas do not exist yet */
function addNodePool(
  world: World,
  cluster: ClusterId,
  host: ClusterId,
  plan: HostedClusterPlan,
  pool: NodePoolPlan,
  most: number,
): NodeId[] {
  const hardware = hardwareOf(plan.platform);
  const virtual = hardware === 'virtualMachine';
  const id = world.nodePools.add({
    name: pool.name,
    cluster,
    replicas: pool.replicas,
    provision: provisionTime(world.parameters, hardware),
    drainTimeout: pool.nodeDrainTimeout,
    virtual,
    release: world.upgrades.releases.of(pool.release),
    rollout: pool,
  });
  world.nodePoolUpgrades.enter(id, { arch: pool.arch, payload: plan.payload, platform: plan.platform });
  if (pool.paused) world.nodePools.pause(id);
  const workers: NodeId[] = [];
  for (let ordinal = 0; ordinal < most; ordinal++) {
    const zone = pool.zones.length === 0 ? NONE : world.places.find(pool.zones[ordinal % pool.zones.length]!);
    const node = world.machines.add({
      name: workerName(plan, pool, ordinal),
      cluster,
      place: virtual ? NONE : zone,
      zone,
      allocatable: pool.machine,
      boot: pool.boot ?? bootTime(world.parameters, hardware),
      off: virtual,
      absent: ordinal >= pool.replicas,
    });
    world.contact.settle(node);
    if (!virtual && ordinal < pool.replicas) world.lifecycle.enter(node);
    world.nodePools.enter(id, node);
    world.workers.enter(node, cluster);
    if (pool.autoRepair) world.machineHealthChecks.watch(node, unhealthyTimeout(world.parameters, hardware));
    workers.push(node);
  }
  if (pool.autoScaling !== undefined) world.autoscaler.enter(id, pool.autoScaling);
  if (virtual && workers.length > 0)
    world.workers.hostedBy(addVirtualMachines(world, cluster, host, pool, most), workers[0]!);
  return workers;
}

/**
 * Virtual machines run at most once: a lost one comes back only when its pod's object is gone, like a StatefulSet's. That of another
 * Machine, made in place of a deleted one, waits for nothing.
 */
function addVirtualMachines(
  world: World,
  cluster: ClusterId,
  host: ClusterId,
  pool: NodePoolPlan,
  most: number,
): SetId {
  const set = world.sets.add({
    name: `virt-launcher-${pool.name}`,
    cluster: host,
    serves: cluster,
    stateful: true,
    replicas: most,
    cpuMillis: pool.machine.cpuMillis,
    memoryMib: pool.machine.memoryMib,
    priority: PRIORITY.workload,
    spread: 'preferredHost',
    colocated: false,
    placement: world.placements[host]!.classOf({
      tolerations: [],
      required: pool.nodeSelector,
      preferred: [],
    }),
    waitsFor: 'nothing',
    ready: world.parameters.pod.ready,
    exit: world.parameters.pod.exit,
    toleration: world.parameters.node.toleration,
    role: ROLE['virtual-machine'],
    claims: false,
  });
  if (pool.rootVolume.accessMode === 'ReadWriteMany') world.migrations.allow(set);
  return set;
}

function addWorkload(world: World, cluster: ClusterId, plan: HostedClusterPlan, index: number): SetId {
  const workload = plan.workloads[index]!;
  const set = world.sets.add({
    name: workload.name,
    cluster,
    serves: cluster,
    stateful: false,
    replicas: workload.replicas,
    cpuMillis: workload.cpuMillis,
    memoryMib: workload.memoryMib,
    priority: PRIORITY.workload,
    spread: 'none',
    colocated: false,
    placement: world.placements[cluster]!.classOf({ tolerations: [], required: {}, preferred: [] }),
    waitsFor: 'nothing',
    ready: world.parameters.pod.ready,
    exit: world.parameters.pod.exit,
    toleration: world.parameters.node.toleration,
    role: ROLE.workload,
    claims: false,
  });
  world.scaling.wishes.begin(set, workload.replicas);
  world.spread.constrain(set, workload.spread);
  if (workload.needsApi) world.tokens.need(set);
  if (workload.budget !== undefined) world.budgets.give(set, workload.budget);
  return set;
}
