/** Builds the data plane of a hosted cluster: node pools with their machines, virtual ones among them, and workloads. */
import { NONE } from '../../sim/entities.ts';
import { PRIORITY } from '../hosted/components.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, NodeId, SetId } from '../ids.ts';
import { type HostedClusterPlan, type NodePoolPlan, shutdownOf } from '../plan/fleet.ts';
import { hardwareOf } from '../plan/platforms.ts';
import type { World } from '../world.ts';
import { bootTime, provisionTime, terminationTime, unhealthyTimeout } from './hardware.ts';

/** Host names of workers that stand outside the fleet's places are their own. */
const workerName = (plan: HostedClusterPlan, pool: NodePoolPlan, ordinal: number): string =>
  `${plan.name}-${pool.name}-${ordinal}`;

/** @param most machines that there can be at one time; those beyond the replicas do not exist yet */
export function addNodePool(
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
    terminate: terminationTime(world.parameters, hardware),
    drainTimeout: pool.nodeDrainTimeout,
    finite: pool.agents !== undefined,
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

export function addWorkload(world: World, cluster: ClusterId, plan: HostedClusterPlan, index: number): SetId {
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
    shutdown: shutdownOf(workload),
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
