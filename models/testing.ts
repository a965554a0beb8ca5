/** What tests of the models share: small fleets, scenarios on them, runs, and what came out. */
import type { Simulation } from '../sim/simulation.ts';
import type { Micros } from '../sim/time.ts';
import { type ParameterOverrides, parameterValues } from './parameters.ts';
import type { Fault } from './plan/faults.ts';
import type { FleetPlan } from './plan/fleet.ts';
import type { ScenarioPlan } from './plan/scenario.ts';
import { Replication } from './run.ts';

export { fleetOf, hostedCluster, MACHINE, management, node, pool, ZONES } from './plan/sample.ts';

export interface ScenarioMore {
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  readonly duration?: Micros;
  readonly parameters?: ParameterOverrides;
}

const DAY_US = 86_400_000_000 as Micros;

export function scenarioOf(fleet: FleetPlan, more: ScenarioMore = {}): ScenarioPlan {
  return {
    name: 'test',
    description: '',
    fleet,
    duration: more.duration ?? DAY_US,
    seed: more.seed ?? 1,
    faults: more.faults ?? [],
    parameters: parameterValues(more.parameters ?? {}),
  };
}

/**
 * A replication that has been run to the end of its scenario.
 * @param prepare called before the clock starts
 */
export function ran(plan: ScenarioPlan, prepare: (replication: Replication) => void = () => {}): Replication {
  const replication = new Replication(plan, 0);
  prepare(replication);
  replication.run(plan.duration);
  return replication;
}

/** What comes of going on from here, and of going on once more after a snapshot of here was restored. */
export function twice<T>(sim: Simulation, goOn: () => T): readonly [T, T] {
  const here = sim.save();
  const first = goOn();
  sim.restore(here);
  return [first, goOn()];
}

/** The value of a metric for a cluster, or for the fleet. */
export function metric(replication: Replication, id: string, cluster?: string): number {
  const found = replication
    .metrics()
    .find(
      (value) => value.metric === id && (cluster === undefined || Object.values(value.labels)[0] === cluster),
    );
  if (found === undefined) throw new RangeError(`no value of ${id} for ${cluster}`);
  return found.value;
}
