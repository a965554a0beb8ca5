/** The fleet on which the validation book tries its scenarios, and what it reads from a run. */
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import type { Fault, NodeFailure } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, ZONES } from '../plan/sample.ts';
import { Replication } from '../run.ts';

/** A HighlyAvailable cluster on AWS with a router, as the sizing figures describe it. */
export const HIGHLY_AVAILABLE = hostedCluster('tenant', { router: true });

/** Nine hosting nodes in three zones, and that one cluster. */
export function bookFleet(
  more: Partial<ManagementClusterPlan> = {},
  tenant: Partial<HostedClusterPlan> = {},
): FleetPlan {
  return fleetOf(management(ZONES, 9, more), [{ ...HIGHLY_AVAILABLE, ...tenant }]);
}

/** The node that hosts a component's first replica is switched off after an hour and stays so. */
export function hostLost(component: string): NodeFailure {
  const hosting = [{ hostedCluster: 'tenant', component, ordinal: 0 }];
  return { kind: 'nodeFailure', at: HOUR, label: `host of ${component}`, nodes: [], hosting };
}

export function replay(fleet: FleetPlan, faults: readonly Fault[], seed: number): Replication {
  const scenario = {
    name: 'validation',
    description: '',
    fleet,
    seed,
    faults,
    parameters: parameterValues(),
  };
  const replication = new Replication({ ...scenario, duration: (3 * HOUR) as Micros }, 0);
  replication.run((3 * HOUR) as Micros);
  return replication;
}

/** Seconds from the fault to the first fact of a kind about a component; undefined when there was none. */
export function secondsTo(
  { fleet: { world } }: Replication,
  kind: string,
  component: string,
): number | undefined {
  const { facts } = world.sim;
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind && world.sets.names[fact.subject] === component && fact.at > HOUR) {
      return (fact.at - HOUR) / SECOND;
    }
  }
  return undefined;
}
