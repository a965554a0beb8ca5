import type { BuiltFleet } from '../build/fleet.ts';
import type { AgentId, PodId } from '../ids.ts';
import type { KonnectivityFailure } from '../plan/faults.ts';
import type { Effect, Hit } from './effect.ts';
import { findPod, recall, remember } from './pods.ts';

function serversOf(fleet: BuiltFleet, fault: KonnectivityFailure): PodId[] {
  return fault.targets
    .map((target) => findPod(fleet, { ...target, component: 'kube-apiserver' }))
    .filter((pod): pod is PodId => pod !== undefined);
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

/** Konnectivity servers or agents are killed, loudly: their connections break at once. */
export const konnectivityFailure: Effect<KonnectivityFailure> = {
  begin(fleet, fault) {
    if (fault.side === 'server') return stopServers(fleet, serversOf(fleet, fault));
    const { konnectivity } = fleet.world;
    const agents = fault.targets.flatMap(
      (t) => konnectivity.tunnels.agent(fleet.hostedClusters.get(t.hostedCluster)!, t.ordinal) ?? [],
    );
    for (const agent of agents) konnectivity.agentDown(agent, true);
    return { ids: agents, lives: agents.map((agent) => konnectivity.tenure.at(agent)) };
  },
  end(fleet, fault, hit) {
    if (fault.side === 'server') startServers(fleet, hit);
    else startAgents(fleet, hit);
  },
};
