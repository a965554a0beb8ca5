/**
 * What a fleet lacks of what it should have: machines, nodes, pods, endpoints, members, leases, services. Recomputed from scratch; a fleet
 * that is whole lacks nothing, and one that was built too small lacks from the beginning what it has no room for.
 */
import { NONE } from '../../sim/entities.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import { ROLE } from '../hosted/roles.ts';
import { SIDES, type Side } from '../hosted/tunnel-links.ts';
import type { ClusterId, EnsembleId, LeaseId, NodeId, PodId, PoolId, SetId } from '../ids.ts';
import { HOSTED_SERVICES, MANAGEMENT_SERVICES, type Service } from '../services.ts';
import type { World } from '../world.ts';

/** Something that should be there. */
export interface Lack {
  /** In words; alike for pods of one set or nodes of one cluster, of which any may be the one that finds no room. */
  readonly what: string;
  /** The cluster that suffers from it. */
  readonly cluster: ClusterId;
}

function* ofNodes({ machines, lifecycle, clusters, drains }: World): Generator<Lack> {
  for (let node = 0 as NodeId; node < machines.table.length; node++) {
    const cluster = machines.cluster.at(node);
    const name = `a node of ${clusters.key(cluster)}`;
    if (!machines.exists(node)) continue;
    if (!machines.running(node)) yield { what: `${name} is down`, cluster };
    else if (!lifecycle.registered(node)) yield { what: `${name} has no Node object`, cluster };
    else if (!lifecycle.ready(node)) yield { what: `${name} is not Ready`, cluster };
    else if (lifecycle.tainted(node)) yield { what: `${name} is tainted`, cluster };
    else if (drains.cordoned(node)) yield { what: `${name} is cordoned`, cluster };
  }
}

function* ofNodePools({ nodePools, clusters }: World): Generator<Lack> {
  for (let pool = 0 as PoolId; pool < nodePools.table.length; pool++) {
    const cluster = nodePools.ofCluster.parent(pool);
    const name = `node pool ${nodePools.names[pool]} of ${clusters.key(cluster)}`;
    const [count, wanted] = [nodePools.count(pool), nodePools.wishes.of(pool)];
    if (count < wanted) yield { what: `a machine of ${name} is missing`, cluster };
    if (count > wanted) yield { what: `a machine of ${name} is too many`, cluster };
  }
}

function* ofPods(world: World): Generator<Lack> {
  const { sets, pods } = world;
  for (let set = 0 as SetId; set < sets.table.length; set++) {
    // Virtual machines are wanted as workers are; those that are lacking are nodes that are down.
    let missing = sets.role.at(set) === ROLE['virtual-machine'] ? 0 : sets.replicas.at(set);
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod))
      if (pods.isRunning(pod) && !pods.terminating(pod)) missing--;
    const lack = { what: `a pod of ${setName(world, set)} does not run`, cluster: served(world, set) };
    for (; missing > 0; missing--) yield lack;
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) yield* ofPod(world, pod);
  }
}

function* ofPod(world: World, pod: PodId): Generator<Lack> {
  const { pods, endpoints } = world;
  const set = pods.set.at(pod);
  const name = setName(world, set);
  const cluster = served(world, set);
  if (pods.terminating(pod)) yield { what: `a pod of ${name} is Terminating`, cluster };
  else if (endpoints.ready(pod) && !endpoints.inUse(pod))
    yield { what: `an endpoint of ${name} is not listed`, cluster };
  if (!pods.isRunning(pod) && endpoints.listed(pod))
    yield { what: `an endpoint of ${name} is stale`, cluster };
}

const served = ({ sets }: World, set: SetId): ClusterId => sets.serves.at(set);
const setName = ({ sets, clusters }: World, set: SetId): string =>
  `${sets.names[set]} of ${clusters.key(sets.serves.at(set))}`;

function* ofEtcd({ ensembles, clusters }: World): Generator<Lack> {
  const { members } = ensembles;
  for (let ensemble = 0 as EnsembleId; ensemble < ensembles.table.length; ensemble++) {
    const cluster = ensembles.cluster.at(ensemble);
    const name = `etcd of ${clusters.key(cluster)}`;
    if (!ensembles.hasLeader(ensemble)) yield { what: `${name} has no leader`, cluster };
    for (const member of members.of.list(ensemble))
      if (!members.up(member) || members.stalled(member))
        yield { what: `a member of ${name} is down`, cluster };
  }
}

function* ofLeases({ leadership }: World): Generator<Lack> {
  const { leases } = leadership;
  for (let lease = 0 as LeaseId; lease < leases.table.length; lease++) {
    if (!leases.held(lease))
      yield { what: `lease of ${leases.names[lease]} is not held`, cluster: leadership.servedBy(lease) };
  }
}

/** What a fleet lacks when a service is not whole. */
export const serviceLack = (service: Service, key: string): string => `${service} of ${key} is below 1`;

function* ofServices({ clusters, health }: World): Generator<Lack> {
  for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++) {
    for (const service of clusters.isHosted(cluster) ? HOSTED_SERVICES : MANAGEMENT_SERVICES)
      if (health.value(cluster, service) < 1)
        yield { what: serviceLack(service, clusters.key(cluster)), cluster };
    if (health.exposed(cluster))
      yield { what: `${clusters.key(cluster)} is one failure from an outage`, cluster };
  }
}

function* ofTunnels({ clusters, konnectivity: { tunnels } }: World): Generator<Lack> {
  for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++) {
    for (const side of SIDES)
      if (clusters.isHosted(cluster) && !tunnels.complete(cluster, side, tunnels.listedAndUp(cluster)))
        yield { what: `tunnels of ${clusters.key(cluster)} to the ${SIDE_NAMES[side]} lack a link`, cluster };
  }
}

const SIDE_NAMES: Readonly<Record<Side, string>> = { dataPlane: 'data plane', controlPlane: 'control plane' };

/** What the fleet lacks right now. */
function* lacks({ world }: BuiltFleet): Generator<Lack> {
  yield* ofNodes(world);
  yield* ofNodePools(world);
  yield* ofPods(world);
  yield* ofEtcd(world);
  yield* ofLeases(world);
  yield* ofTunnels(world);
  yield* ofServices(world);
}

/** How often the fleet lacks each thing. */
export function countLacks(fleet: BuiltFleet): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { what } of lacks(fleet)) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}

/** What the fleet lacks right now beyond what it lacked before. */
export function newLacks(fleet: BuiltFleet, before: ReadonlyMap<string, number>): Lack[] {
  const left = new Map(before);
  return [...lacks(fleet)].filter(({ what }) => {
    const known = left.get(what) ?? 0;
    left.set(what, known - 1);
    return known <= 0;
  });
}
