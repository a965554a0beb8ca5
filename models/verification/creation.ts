/** A hosted cluster that comes to be: from nothing until its API answers, its control plane is rolled out, its node pool has its nodes. */
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import type { NodeId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import { Replication } from '../run.ts';
import { bookFleet } from './fleets.ts';

/** Seconds from the creation of a hosted cluster and its node pool. */
export interface Creation {
  readonly available: number;
  readonly rolledOut: number;
  readonly nodePool: number;
}

/** Takes control plane and node pool of the one cluster away, and an hour later has both created anew. */
export function createHostedCluster(seed: number): Creation {
  const plan = { name: 'creation', description: '', fleet: bookFleet(), seed, faults: [] };
  const end = (3 * HOUR) as Micros;
  const replication = new Replication({ ...plan, duration: end, parameters: parameterValues() }, 0);
  const { hostedClusters, world } = replication.fleet;
  const { sim, hostedReleases, upgrades, nodePools, clusters, lifecycle } = world;
  const cluster = hostedClusters.get('tenant')!;
  const [pool] = nodePools.ofCluster.list(cluster);
  const release = hostedReleases.release(cluster);
  const nothing = nodePools.scale(pool!, 0);
  sim.run((HOUR / 2) as Micros);
  hostedReleases.takeAway(cluster);
  sim.run(HOUR);
  const since = (): number => (sim.now - HOUR) / SECOND;
  const seen = { available: Number.NaN, rolledOut: Number.NaN, nodePool: Number.NaN };
  clusters.apiChanged.subscribe((changed, up) => {
    if (changed === cluster && up && Number.isNaN(seen.available)) seen.available = since();
  });
  hostedReleases.completed.subscribe(() => {
    seen.rolledOut = since();
  });
  const ready = (node: NodeId): boolean => lifecycle.registered(node) && lifecycle.ready(node);
  lifecycle.schedulable.subscribe(() => {
    const machines = nodePools.slots.list(pool!).filter((node) => nodePools.stays(node));
    if (Number.isNaN(seen.nodePool) && machines.length > 0 && machines.every(ready)) seen.nodePool = since();
  });
  upgrades.ask('hostedCluster', cluster, release);
  nodePools.withdraw(nothing);
  sim.run(end);
  return seen;
}
