/**
 * Which hosted clusters are upgraded at one time. Fleets are upgraded in waves, not all in one minute, where a thousand rollouts would wait for the
 * scheduler of their management cluster: of a large fleet a part is in mid-rollout when a failure strikes, picked so that every failure
 * meets some of it.
 */
import type { NodeId } from '../ids.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { kinds } from './failures.ts';

/** Up to so many are upgraded together; more only where there are more kinds or nodes to be met (assumed). */
const AT_ONCE = 100;

/**
 * A wave: the hosted clusters whose own parts are tried, one of each kind, and as many more as it takes to be AT_ONCE and to stand on every node
 * that any of them stands on, as evenly as can be.
 * @param nodesOf where the kube-apiservers of a hosted cluster stand before its upgrade
 * @returns in the order of `candidates`; all of them where they are few
 */
export function waveOf(
  candidates: readonly HostedClusterPlan[],
  nodesOf: (cluster: HostedClusterPlan) => readonly NodeId[],
): HostedClusterPlan[] {
  if (candidates.length <= AT_ONCE) return [...candidates];
  const standing = new Map(candidates.map((cluster) => [cluster, nodesOf(cluster)]));
  const everywhere = new Set([...standing.values()].flat()).size;
  /** How many of the wave stand on a node. */
  const met = new Map<NodeId, number>();
  const left = new Set(candidates);
  const take = (cluster: HostedClusterPlan): void => {
    left.delete(cluster);
    for (const node of standing.get(cluster)!) met.set(node, (met.get(node) ?? 0) + 1);
  };
  for (const [first] of kinds(candidates)) take(first!);
  while (candidates.length - left.size < AT_ONCE || met.size < everywhere)
    take(loneliest(left, standing, met));
  return candidates.filter((cluster) => !left.has(cluster));
}

/** The first of those that stand on most nodes without any of the wave, and beside fewest of it on the others. */
function loneliest(
  left: ReadonlySet<HostedClusterPlan>,
  standing: ReadonlyMap<HostedClusterPlan, readonly NodeId[]>,
  met: ReadonlyMap<NodeId, number>,
): HostedClusterPlan {
  let best: HostedClusterPlan | undefined;
  let [mostNew, fewest] = [-1, 0];
  for (const cluster of left) {
    let [fresh, beside] = [0, 0];
    for (const node of standing.get(cluster)!) {
      const others = met.get(node) ?? 0;
      if (others === 0) fresh++;
      beside += others;
    }
    if (fresh < mostNew || (fresh === mostNew && beside >= fewest)) continue;
    [best, mostNew, fewest] = [cluster, fresh, beside];
  }
  return best!;
}
