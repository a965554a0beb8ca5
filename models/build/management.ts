/** Builds a management cluster: nodes, control plane, the operator that drives hosted control planes. */
import { NONE } from '../../sim/entities.ts';
import type { HardwareSpeed } from '../etcd/ticks.ts';
import { PRIORITY } from '../hosted/components.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ManagementClusterPlan, NodePlan, Toleration } from '../plan/fleet.ts';
import { hardwareOf, type ManagementPlatform } from '../plan/platforms.ts';
import { PlacementTable } from '../scheduler/placement.ts';
import type { World } from '../world.ts';
import { bootTime } from './hardware.ts';

/** Keeps a node out of the count of its zone (kubernetes/kubernetes pkg/controller/nodelifecycle). */
const EXCLUDE_DISRUPTION = 'node.kubernetes.io/exclude-disruption';

/** Requests of one replica of the HyperShift operator (openshift/hypershift cmd/install/assets/hypershift_operator.go). */
const OPERATOR = { cpuMillis: 10, memoryMib: 150 } as const;

/** Assumed: control-plane nodes keep their etcd on disks as clouds have them. */
const CONTROL_PLANE_DISKS = 'cloud-ssd';

/** Where etcd gets slow ticks unless somebody says otherwise (openshift/cluster-etcd-operator pkg/etcdenvvar/etcd_env.go); IBMCloud is a VPC. */
const SLOWER: readonly ManagementPlatform[] = ['Azure', 'IBMCloud'];

function hardwareSpeed({ platform }: ManagementClusterPlan): HardwareSpeed {
  return SLOWER.includes(platform) ? 'Slower' : 'Standard';
}

const exists = (key: string): Toleration => ({ key, operator: 'Exists', value: '', effect: '' });

/** Where the operator may run. Assumed: installers let it onto infrastructure and hosting nodes, since it must run somewhere. */
const OPERATOR_TOLERATIONS: readonly Toleration[] = [
  exists('node-role.kubernetes.io/infra'),
  exists('node-role.kubernetes.io/master'),
  exists('node-role.kubernetes.io/control-plane'),
  exists('hypershift.openshift.io/control-plane'),
];

export function addManagementCluster(world: World, plan: ManagementClusterPlan): ClusterId {
  const cluster = world.clusters.add(plan.name, NONE);
  const nodes = plan.nodes.map((node) => addNode(world, cluster, plan, node));
  const order = zoneRoundRobin(world, nodes);
  world.placements[cluster] = new PlacementTable(
    order.map((i) => nodes[i]!),
    order.map((i) => plan.nodes[i]!),
  );
  const workers = order.filter((i) => !plan.nodes[i]!.controlPlane);
  world.entry.open(
    cluster,
    (workers.length > 0 ? workers : order).map((i) => nodes[i]!),
  );
  world.lifecycle.begin(cluster, world.parameters.node.gracePeriod);
  nodes.forEach((node, i) => {
    if (EXCLUDE_DISRUPTION in plan.nodes[i]!.labels) world.lifecycle.zones.exclude(node);
    world.lifecycle.enter(node);
  });
  world.remediation.enable(
    cluster,
    plan.remediation,
    nodes.filter((_, i) => !plan.nodes[i]!.controlPlane),
  );
  world.management.add(
    cluster,
    nodes.filter((_, i) => plan.nodes[i]!.controlPlane),
    hardwareSpeed(plan),
  );
  world.disks.enter(world.management.ensemble(cluster), CONTROL_PLANE_DISKS);
  world.managementUpdates.enter(cluster, plan, nodes);
  return cluster;
}

/** The operator's Deployment; added after the scheduler knows the cluster. */
export function addOperator(world: World, cluster: ClusterId, plan: ManagementClusterPlan): void {
  // A Deployment without a strategy of its own: a quarter more and a quarter fewer.
  const [maxSurge, maxUnavailable] = [
    Math.ceil(plan.operatorReplicas / 4),
    Math.floor(plan.operatorReplicas / 4),
  ];
  const terms = { timing: 'operator', api: cluster, releases: true } as const;
  world.leadership.add(cluster, 'operator', plan.operatorReplicas, terms, maxSurge);
  const set = world.sets.add({
    name: 'operator',
    cluster,
    serves: cluster,
    stateful: false,
    replicas: plan.operatorReplicas,
    ...OPERATOR,
    priority: PRIORITY.operator,
    spread: 'preferredHost',
    colocated: false,
    placement: world.placements[cluster]!.classOf({
      tolerations: OPERATOR_TOLERATIONS,
      required: {},
      preferred: [],
    }),
    waitsFor: 'nothing',
    ready: world.parameters.pod.ready,
    exit: world.parameters.pod.exit,
    toleration: world.parameters.node.toleration,
    role: ROLE.operator,
    claims: false,
    strategy: { type: 'RollingUpdate', maxSurge, maxUnavailable },
    template: world.upgrades.releases.of(plan.operator.version),
  });
  world.hosted.enter(cluster, 'operator', set);
  world.operators.enter(cluster, plan.operator);
}

function addNode(
  world: World,
  cluster: ClusterId,
  { platform }: ManagementClusterPlan,
  plan: NodePlan,
): NodeId {
  const zone = world.places.find(plan.zone);
  const node = world.machines.add({
    name: plan.name,
    cluster,
    place: plan.rack === '' ? zone : world.places.find(plan.rack),
    zone,
    allocatable: plan.allocatable,
    boot: plan.boot ?? bootTime(world.parameters, hardwareOf(platform)),
  });
  const { daemonCpuMillis, daemonMemoryMib, daemonPods } = world.parameters.node;
  world.requested.reserve(node, daemonCpuMillis, daemonMemoryMib, daemonPods);
  return node;
}

/** Positions of nodes in the scheduler's order: one of each zone in turn (kubernetes/kubernetes scheduler node_tree.go). */
function zoneRoundRobin(world: World, nodes: readonly NodeId[]): number[] {
  const zones = new Map<number, number[]>();
  nodes.forEach((node, i) => {
    const zone = world.machines.zone.at(node);
    zones.set(zone, [...(zones.get(zone) ?? []), i]);
  });
  const order: number[] = [];
  for (let round = 0; order.length < nodes.length; round++) {
    for (const members of zones.values()) if (round < members.length) order.push(members[round]!);
  }
  return order;
}
