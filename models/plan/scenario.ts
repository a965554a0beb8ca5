import type { Micros } from '../../sim/time.ts';
import type { ParameterValues } from '../parameters.ts';
import type { CampaignPlan } from './campaign.ts';
import type { Fault } from './faults.ts';
import type { FleetPlan } from './fleet.ts';

/** One scenario, ready to run: a fleet, what happens to it, for how long, under which parameters. */
export interface ScenarioPlan {
  readonly name: string;
  readonly description: string;
  readonly fleet: FleetPlan;
  readonly duration: Micros;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** Upgrade plans; default none. */
  readonly campaigns?: readonly CampaignPlan[];
  readonly parameters: ParameterValues;
  /** Each replication is run a second time with the hosted control planes held up, for what their outages cost the workloads. */
  readonly controlPlaneLoss?: boolean;
}
