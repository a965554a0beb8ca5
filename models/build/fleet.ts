/**
 * Builds the world of a fleet plan and puts it into its steady state: every pod placed by the scheduler, in order of priority and then of
 * the fleet, and running since long; leaders elected, tunnels connected.
 */
import { NONE } from '../../sim/entities.ts';
import type { Labels } from '../../sim/result.ts';
import { ROLE, ROLES } from '../hosted/roles.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import { isLeader } from '../kubernetes/leadership.ts';
import { WAITS_FOR } from '../kubernetes/sets.ts';
import type { ParameterValues } from '../parameters.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { World } from '../world.ts';
import { addHostedCluster } from './hosted.ts';
import { addManagementCluster, addOperator } from './management.ts';
import { rehouse } from './rehouse.ts';
import { operatorCheck, releaseCheck } from './release-check.ts';
import { retuneOnUpdate } from './retune.ts';

export interface BuildOptions {
  readonly seed: number;
  readonly replication: number;
  readonly parameters: ParameterValues;
  /** Machines that there can be in a pool at one time, by hosted cluster and pool, where that is more than its replicas. */
  readonly reserve?: ReadonlyMap<string, number>;
  /** Hosted control planes never fail whatever happens to their pods. */
  readonly hostedHeldUp?: boolean;
}

/** A world and who is who in it. */
export interface BuiltFleet {
  readonly world: World;
  readonly plan: FleetPlan;
  readonly managementClusters: ReadonlyMap<string, ClusterId>;
  readonly hostedClusters: ReadonlyMap<string, ClusterId>;
  /** Management nodes by name. */
  readonly nodes: ReadonlyMap<string, NodeId>;
  /** Pods that the hosted control planes want. */
  readonly controlPlanePods: number;
  /** Labels of results about a cluster. */
  labelsOf(cluster: ClusterId): Labels;
}

/** @param attach called before the first pod is placed: observers see the run from its beginning */
export function buildFleet(
  plan: FleetPlan,
  options: BuildOptions,
  attach: (fleet: BuiltFleet) => void = () => {},
): BuiltFleet {
  const world = new World({ ...options, places: plan.places });
  const managementClusters = new Map<string, ClusterId>();
  const hostedClusters = new Map<string, ClusterId>();
  for (const cluster of plan.managementClusters)
    managementClusters.set(cluster.name, addManagementCluster(world, cluster));
  const nodes = new Map<string, NodeId>(world.machines.names.map((name, i) => [name, i as NodeId]));
  for (const cluster of plan.hostedClusters) {
    const host = managementClusters.get(cluster.managementCluster)!;
    const hostPlan = plan.managementClusters.find(
      (candidate) => candidate.name === cluster.managementCluster,
    )!;
    hostedClusters.set(
      cluster.name,
      addHostedCluster(world, cluster, host, hostPlan, options.reserve ?? new Map()),
    );
  }
  for (const cluster of plan.managementClusters)
    addOperator(world, managementClusters.get(cluster.name)!, cluster);
  retuneOnUpdate(world, plan);
  world.hostedReleases.requests.check = releaseCheck(world, plan);
  world.operators.check = operatorCheck(world, plan);
  for (const cluster of hostedClusters.values()) {
    world.hostedReleases.requests.judgeSettled(cluster);
    world.nodePoolUpgrades.judgeSettled(cluster);
  }
  const { statefulSetsWaitFrom } = options.parameters.upgrade;
  world.pods.updatesWaitForAll = (cluster) =>
    world.managementUpdates.releases.minor(cluster) >= statefulSetsWaitFrom;
  world.moves.rehouse = (cluster, to) => rehouse(world, plan, nodes, cluster, to);
  world.scheduler.begin();
  const controlPlanePods = wantedControlPlanePods(world);
  const labels = world.clusters.names.map((_, cluster) => labelsFor(world, cluster as ClusterId));
  const labelsOf = (cluster: ClusterId): Labels => labels[cluster]!;
  const fleet = { world, plan, managementClusters, hostedClusters, nodes, controlPlanePods, labelsOf };
  attach(fleet);
  settle(world);
  return fleet;
}

function labelsFor(world: World, cluster: ClusterId): Labels {
  const name = world.clusters.names[cluster]!;
  if (!world.clusters.isHosted(cluster)) return { managementCluster: name };
  return { hostedCluster: name, managementCluster: world.clusters.names[world.clusters.host.at(cluster)]! };
}

function wantedControlPlanePods(world: World): number {
  const elsewhere = [ROLE.operator, ROLE.workload, ROLE['virtual-machine']];
  let wanted = 0;
  for (let set = 0 as SetId; set < world.sets.table.length; set++) {
    if (!elsewhere.includes(world.sets.role.at(set))) wanted += world.sets.replicas.at(set);
  }
  return wanted;
}

function settle(world: World): void {
  for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++) {
    if (!world.clusters.isHosted(cluster)) settlePods(world, cluster);
  }
  for (let pod = 0 as PodId; pod < world.pods.table.length; pod++) {
    if (world.pods.node.at(pod) === NONE) noteMissing(world, pod);
  }
  for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++) {
    if (world.clusters.isHosted(cluster)) settleWaiting(world, cluster);
    settleTunnels(world, cluster);
    world.hosted.settle(cluster);
    world.health.touch(cluster);
  }
  world.sim.settle();
  // What runs in a hosted cluster got there through its control plane: without one there is nothing.
  for (let cluster = 0 as ClusterId; cluster < world.clusters.count; cluster++) {
    if (!world.clusters.isHosted(cluster) || !world.clusters.scheduled(cluster)) continue;
    settlePods(world, cluster);
    world.health.touch(cluster);
  }
  world.sim.settle();
}

function settlePods(world: World, cluster: ClusterId): void {
  for (const set of world.sets.ofCluster.list(cluster)) world.pods.controllers.reconcile(set);
  world.scheduler.settle(cluster, (pod, node) => {
    world.pods.settle(pod, node);
    world.endpoints.settle(pod);
    world.workers.settle(pod);
  });
}

/** Pods whose init containers wait for an etcd or an API that never came have not started. */
function settleWaiting(world: World, cluster: ClusterId): void {
  if (!world.ensembles.serving(world.hosted.ensemble.at(cluster))) holdBack(world, cluster, WAITS_FOR.etcd);
  const servers = world.hosted.set(cluster, 'kube-apiserver') as SetId;
  if (world.pods.containers.runningOf.at(servers) === 0) holdBack(world, cluster, WAITS_FOR.api);
}

function holdBack(world: World, cluster: ClusterId, waitsFor: number): void {
  for (const set of world.sets.ofServed.list(cluster)) {
    if (world.sets.waitsFor.at(set) !== waitsFor) continue;
    for (const pod of world.pods.ofSet.list(set)) {
      if (!world.pods.isRunning(pod)) continue;
      world.pods.containers.settleWaiting(pod);
      world.endpoints.settleWaiting(pod);
      noteMissing(world, pod);
    }
  }
}

/** A pod that found no node is no member, no candidate. */
function noteMissing(world: World, pod: PodId): void {
  const role = ROLES[world.hosted.role(pod)]!;
  const outer = world.sim.enter(world.scheduler.refusal(pod));
  const cluster = world.sets.serves.at(world.pods.set.at(pod));
  const ordinal = world.pods.ordinal.at(pod);
  if (role === 'etcd')
    world.ensembles.missing(world.ensembles.member(world.hosted.ensemble.at(cluster), ordinal));
  if (role === 'konnectivity-agent') world.hosted.agentMissing(pod);
  if (isLeader(role)) world.leadership.candidateMissing(cluster, role, ordinal);
  world.health.touch(cluster);
  world.sim.leave(outer);
}

function settleTunnels(world: World, cluster: ClusterId): void {
  if (!world.clusters.isHosted(cluster)) return;
  const set = world.hosted.set(cluster, 'kube-apiserver') as SetId;
  let servers = 0;
  for (const pod of world.pods.ofSet.list(set))
    if (world.pods.isRunning(pod)) servers |= 1 << world.pods.ordinal.at(pod);
  world.konnectivity.settle(cluster, servers);
}
