import type { BuiltFleet } from '../build/fleet.ts';
import type { AgentId, ClusterId, PodId } from '../ids.ts';
import type { HostedPods, KonnectivityFailure } from '../plan/faults.ts';
import type { Effect, Found, Hit } from './effect.ts';
import { Finding } from './finding.ts';
import { findPods, isMeant, recall, remember } from './pods.ts';

/** The pods that the servers are part of. */
const hosts = ({ targets }: KonnectivityFailure): HostedPods[] =>
  targets.map((target) => ({ ...target, component: 'kube-apiserver' }));

function findServers(fleet: BuiltFleet, fault: KonnectivityFailure): Found {
  const finding = new Finding<PodId>();
  findPods(fleet, hosts(fault), finding, 'konnectivity-server');
  return finding.found(fault.only);
}

function findAgents(fleet: BuiltFleet, { targets, only }: KonnectivityFailure): Found {
  const finding = new Finding<AgentId>();
  for (const { hostedCluster: of, ordinal } of targets) {
    const there = agentsOf(fleet, fleet.hostedClusters.get(of)!);
    const name = (_agent: AgentId, position: number): string => `${of}/konnectivity-agent-${position}`;
    finding.choose(there, ordinal, name, { noun: 'agent', of });
  }
  return finding.found(only);
}

/** Agents of workers that there are, pool by pool. */
function agentsOf({ world }: BuiltFleet, cluster: ClusterId): AgentId[] {
  const { nodePools, workers, konnectivity } = world;
  const slots = nodePools.ofCluster.list(cluster).flatMap((pool) => nodePools.slots.list(pool));
  return slots.map((node) => workers.agentOf(node)).filter((agent) => konnectivity.belongs(agent));
}

/** A server's container is part of the kube-apiserver pod: while it is down the pod is not Ready, and no endpoint lists it. */
function stopServers(fleet: BuiltFleet, pods: readonly PodId[]): Hit {
  const { world } = fleet;
  for (const pod of pods) {
    world.endpoints.sidecarDown(pod);
    const cluster = world.sets.serves.at(world.pods.set.at(pod));
    world.konnectivity.serverDown(cluster, world.pods.ordinal.at(pod), true);
  }
  return remember(fleet, pods);
}

function startServers(fleet: BuiltFleet, hit: Hit): void {
  const { world } = fleet;
  for (const pod of recall(fleet, hit)) {
    world.endpoints.sidecarUp(pod);
    if (!world.pods.isRunning(pod) || world.endpoints.lacksSidecar(pod)) continue;
    world.konnectivity.serverUp(world.sets.serves.at(world.pods.set.at(pod)), world.pods.ordinal.at(pod));
  }
}

/** Those whose worker has not been deleted since. */
function startAgents({ world: { konnectivity } }: BuiltFleet, { ids, lives }: Hit): void {
  (ids as readonly AgentId[]).forEach((agent, i) => {
    if (konnectivity.tenure.at(agent) === lives![i]) konnectivity.agentUp(agent);
  });
}

/**
 * Konnectivity servers or agents are killed, loudly: their connections break at once. While all servers of a hosted cluster fail, so do those of pods that
 * come meanwhile.
 */
export const konnectivityFailure: Effect<KonnectivityFailure> = {
  find: (fleet, fault) => (fault.side === 'server' ? findServers(fleet, fault) : findAgents(fleet, fault)),
  begin(fleet, { side }, { ids }) {
    if (side === 'server') return stopServers(fleet, ids as readonly PodId[]);
    const { konnectivity } = fleet.world;
    const agents = ids as readonly AgentId[];
    for (const agent of agents) konnectivity.agentDown(agent, true);
    return { ids: agents, lives: agents.map((agent) => konnectivity.tenure.at(agent)) };
  },
  joined(fleet, fault, pod) {
    if (fault.side === 'agent' || fault.only !== undefined || !isMeant(fleet, hosts(fault), pod))
      return false;
    fleet.world.endpoints.sidecarDown(pod);
    return true;
  },
  end(fleet, fault, hit) {
    if (fault.side === 'server') startServers(fleet, hit);
    else startAgents(fleet, hit);
  },
};
