/** Builds a hosted cluster: its control plane's parts, how it is entered, its leaders and tunnels; components and data plane have files of their own. */
import { NONE } from '../../sim/entities.ts';
import { type Door, OTHER_SERVICES } from '../hosted/api-path.ts';
import { componentsOf, mostPods, type PlacedComponent } from '../hosted/components.ts';
import type { Role } from '../hosted/roles.ts';
import type { ClusterId } from '../ids.ts';
import { isLeader } from '../kubernetes/leadership.ts';
import {
  controlPlaneNamespace,
  etcdStorageClass,
  type HostedClusterPlan,
  type ManagementClusterPlan,
  type PublishingStrategy,
} from '../plan/fleet.ts';
import { largest, poolKey } from '../plan/machines-at-once.ts';
import type { Platform } from '../plan/platforms.ts';
import { PlacementTable } from '../scheduler/placement.ts';
import type { World } from '../world.ts';
import { addComponent, CLUSTER, failsOverFast, REQUEST_SERVING, redials } from './components.ts';
import { addNodePool, addWorkload } from './data-plane.ts';

export function addHostedCluster(
  world: World,
  plan: HostedClusterPlan,
  host: ClusterId,
  hostPlan: ManagementClusterPlan,
  reserve: ReadonlyMap<string, number>,
): ClusterId {
  const cluster = world.clusters.add(plan.name, host);
  const components = componentsOf(plan);
  const controlPlane = onManagementSide(plan);
  const { gracePeriod, gracePeriodIbmCloud } = world.parameters.node;
  world.lifecycle.begin(cluster, plan.platform === 'IBMCloud' ? gracePeriodIbmCloud : gracePeriod);
  const { readinessFailures, fastReadinessFailures } = world.parameters.kubeApiserver;
  world.hosted.readinessFailures.set(
    cluster,
    failsOverFast(world, controlPlane) ? fastReadinessFailures : readinessFailures,
  );
  publish(world, cluster, plan, hostPlan);
  addLeaders(world, cluster, host, components);
  addTunnels(world, cluster, controlPlane, components);
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
  const sets = components.map((component) =>
    addComponent(world, cluster, host, controlPlane, hostPlan, component),
  );
  world.hostedReleases.order.enter(cluster, components, sets);
  const { releases } = world.upgrades;
  const own = plan.controlPlaneRelease === '' ? NONE : releases.of(plan.controlPlaneRelease);
  world.hostedReleases.enter(cluster, releases.of(plan.release), own);
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

/** What its components on the management side are built from: they may have a release of their own. */
function onManagementSide(plan: HostedClusterPlan): HostedClusterPlan {
  return plan.controlPlaneRelease === '' ? plan : { ...plan, release: plan.controlPlaneRelease };
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
