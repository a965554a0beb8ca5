/** Leases on their own: what outages of their API and ends of their holder cost. */
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { SECOND, seconds } from '../../sim/time.ts';
import type { LeaseId } from '../ids.ts';
import { Clusters } from '../kubernetes/clusters.ts';
import { Leases } from '../kubernetes/leases.ts';
import { parameterValues } from '../parameters.ts';

const BEGIN = seconds(1000);
const END = seconds(3000);

interface Stage {
  readonly sim: Simulation;
  readonly leases: Leases;
  readonly lease: LeaseId;
  setApi(up: boolean): void;
}

function stage(seed: number): Stage {
  const { schedulerDuration, schedulerRenew, schedulerRetry } = parameterValues().lease;
  const sim = new Simulation({ seed });
  const clusters = new Clusters(sim);
  const cluster = clusters.add('c', NONE);
  const leases = new Leases(sim, clusters);
  const spec = { duration: schedulerDuration, renew: schedulerRenew, retry: schedulerRetry };
  const lease = leases.add('component', cluster, spec, 2);
  sim.run(BEGIN);
  return { sim, leases, lease, setApi: (up) => clusters.setApi(cluster, up) };
}

/** Seconds until the lease is held again after its holder ended. */
function takeover(seed: number, end: 'down' | 'released'): number {
  const { sim, leases, lease } = stage(seed);
  let held = 0;
  leases.changed.subscribe((_, up) => {
    if (up) held = sim.now;
  });
  leases[end](leases.holder.at(lease));
  sim.run(END);
  return (held - BEGIN) / SECOND;
}

function survives(seed: number, outage: number): boolean {
  const { sim, leases, lease, setApi } = stage(seed);
  const before = leases.lastLoss.at(lease);
  setApi(false);
  sim.run(seconds(1000 + outage));
  setApi(true);
  sim.run(END);
  return leases.lastLoss.at(lease) === before;
}

/** Worst takeovers over so many futures, and the longest outage of the API, in whole seconds, that all of them survived. */
export function leaseTakeovers(futures: number): {
  survived: number;
  afterCrash: number;
  afterRelease: number;
} {
  const seeds = Array.from({ length: futures }, (_, i) => i + 1);
  let survived = 0;
  // Longer than the renew deadline plus one retry nobody survives.
  while (survived < 140 && seeds.every((seed) => survives(seed, survived + 1))) survived++;
  return {
    survived,
    afterCrash: Math.max(...seeds.map((seed) => takeover(seed, 'down'))),
    afterRelease: Math.max(...seeds.map((seed) => takeover(seed, 'released'))),
  };
}
