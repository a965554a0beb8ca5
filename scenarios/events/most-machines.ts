/** How many machines a node pool may be given in a scenario: events may mean machines that do not exist in the beginning. */
import type { NodePoolPlan } from '../../models/plan/fleet.ts';
import { largest } from '../../models/plan/machines-at-once.ts';
import { matchesAny } from '../read/globs.ts';
import type { EventSpec } from '../schema/scenario.ts';
import { asList } from '../schema/values.ts';

/** The most machines that the plan of a pool, its bounds, or an event of these wants of it. */
export function mostMachines(
  events: readonly EventSpec[],
): (hostedCluster: string, pool: NodePoolPlan) => number {
  const scales = events.flatMap(({ scale }) => (scale?.nodePool === undefined ? [] : [scale]));
  return (hostedCluster, pool) =>
    scales
      .filter((scale) => matchesAny(asList(scale.hostedCluster), hostedCluster))
      .filter((scale) => matchesAny(asList(scale.nodePool), pool.name))
      .reduce((most, { replicas }) => Math.max(most, replicas), largest(pool));
}
