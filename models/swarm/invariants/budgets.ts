/** Disruption budgets: what every single voluntary eviction must leave, seen as it happens. */
import type { SetId } from '../../ids.ts';
import type { Replication } from '../../run.ts';
import type { Invariant } from './invariant.ts';

export const BUDGETS = 'a voluntary eviction leaves as many healthy pods as the budget wants';

/**
 * Looks at each eviction of a run. Without a controller manager the budget is what it last wrote, whatever was lost since, so those
 * evictions prove nothing.
 */
export function watchBudgets({ fleet: { world } }: Replication): Invariant {
  const { budgets, pods, endpoints, clusters, sets } = world;
  const broken: string[] = [];
  const healthyOf = (set: SetId): number =>
    pods.ofSet.list(set).filter((pod) => endpoints.believedReady(pod) && !pods.terminating(pod)).length;
  const evict = budgets.evict.bind(budgets);
  budgets.evict = (pod) => {
    const set = pods.set.at(pod);
    const before = healthyOf(set);
    const judged = budgets.has(set) && clusters.controllersLive(sets.cluster.at(set));
    const verdict = evict(pod);
    const left = healthyOf(set);
    if (judged && left < before && left < budgets.desiredHealthy(set))
      broken.push(`${sets.names[set]} has ${left} of ${budgets.desiredHealthy(set)} healthy pods`);
    return verdict;
  };
  return { name: BUDGETS, broken: () => broken };
}
