/** etcd under the blows that HyperShift's own chaos tests deal it, and alone: how long until it is whole. */

import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import { Ensembles } from '../etcd/ensembles.ts';
import type { ClusterId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import { bookFleet, replay } from './fleets.ts';

/** Seconds from a crash of the leader of three members until another leads. */
export function withoutLeader(seed: number): number {
  const sim = new Simulation({ seed });
  const ensembles = new Ensembles(sim, () => 'etcd', parameterValues());
  const ensemble = ensembles.add(0 as ClusterId, 3);
  sim.run(HOUR);
  ensembles.memberDown(ensembles.leader.at(ensemble));
  let elected = 0;
  ensembles.changed.subscribe(() => {
    if (elected === 0 && ensembles.leader.at(ensemble) !== NONE) elected = sim.now - HOUR;
  });
  sim.run((2 * HOUR) as Micros);
  return elected / SECOND;
}

const member = (ordinal: number) => ({ hostedCluster: 'tenant', ordinal });
const crash = (ordinals: readonly number[], failure: 'process' | 'data', second: number): Fault => ({
  kind: 'etcdMemberFailure',
  failure,
  at: (HOUR + second * SECOND) as Micros,
  label: 'chaos',
  members: ordinals.map(member),
});

/** The blows: a random member killed every 5 s for 30 s, all members killed at once, the data of one member gone. */
export const CHAOS: Readonly<Record<string, (seed: number) => readonly Fault[]>> = {
  'a member killed every 5 s for 30 s': (seed) =>
    Array.from({ length: 6 }, (_, i) => crash([(seed + i * 2) % 3], 'process', 5 * i)),
  'all members killed': () => [crash([0, 1, 2], 'process', 0)],
  'the data of one member lost': (seed) => [crash([seed % 3], 'data', 0)],
};

/** Seconds from the first blow until all three members run again; Infinity when they never do. */
export function wholeAfter(blows: readonly Fault[], seed: number): number {
  const { fleet } = replay(bookFleet(), blows, seed);
  const { sim, sets, ensembles, hosted } = fleet.world;
  const ensemble = hosted.ensemble.at(fleet.hostedClusters.get('tenant')!);
  if (ensembles.members.alive(ensemble) < 3) return Number.POSITIVE_INFINITY;
  let last = 0;
  for (let i = 1; i < sim.facts.length; i++) {
    const fact = sim.facts.get(i as never);
    if (fact.kind.name === 'pod-ready' && sets.names[fact.subject] === 'etcd') last = fact.at;
  }
  return (last - HOUR) / SECOND;
}
