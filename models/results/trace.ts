/** What a run did, line by line, for people: every event and every fact, with names instead of numbers. */
import type { TraceLine as EngineLine } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { Injector } from '../faults/injector.ts';
import type { AgentId, ClusterId, NodeId, PodId } from '../ids.ts';
import { agentName, type Narrative } from './narrative.ts';

export interface TraceLine {
  readonly replication: number;
  readonly at: Micros;
  readonly kind: 'event' | 'fact';
  readonly event: string;
  readonly target: string;
  /** The nearest cause in words; empty at the beginning of a chain. */
  readonly cause: string;
  readonly value?: number;
}

/** Turns the engine's lines into named ones. */
export function tracer(
  fleet: BuiltFleet,
  injector: Injector,
  narrative: Narrative,
  listener: (line: TraceLine) => void,
): (line: EngineLine) => void {
  const { world } = fleet;
  const named: Readonly<Record<string, (target: number) => string>> = {
    node: (target) => world.machines.names[target as NodeId]!,
    cluster: (target) => world.clusters.names[target as ClusterId]!,
    ensemble: (target) => `etcd of ${world.clusters.names[world.ensembles.cluster.data[target]!]}`,
    pod: (target) => podName(fleet, target as PodId),
    agent: (target) => agentName(fleet, target as AgentId),
    lease: (target) => world.leadership.leases.names[target]!,
    fault: (target) => injector.label(target),
  };
  return (line) => {
    const { at, kind, event, cause } = line;
    const fact = kind === 'fact';
    const target = fact
      ? narrative.tellAlone(event, { subject: line.target, value: line.value, at })
      : named[line.table]?.(line.target);
    listener({
      replication: world.sim.replication,
      at,
      kind,
      event,
      target: target ?? `${line.table} ${line.target}`,
      cause: narrative.chain(cause).at(-1) ?? '',
      ...(fact ? { value: line.value } : {}),
    });
  };
}

function podName(fleet: BuiltFleet, pod: PodId): string {
  const { world } = fleet;
  const served = world.sets.serves.at(world.pods.set.at(pod));
  return `${world.clusters.names[served]}/${world.pods.name(pod)}`;
}
