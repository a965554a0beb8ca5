/** A plan of upgrades as a scenario: a campaign per management cluster takes its steps, one stage when the one before is finished. */
import { stringify } from 'yaml';
import type { Stage, Step, UpgradePlan } from '../../models/versions/plan/steps.ts';
import type { FleetSource } from '../../scenarios/fleet-source.ts';
import { formatSpan } from '../../sim/duration.ts';
import { DAY, type Micros } from '../../sim/time.ts';
import { groupsOf } from './lines.ts';

/** The first steps are taken when the fleet has run for so long. */
const BEGINS = '1h';

/** @param duration how long the run lasts, microseconds; undefined: a day for each stage, and one more */
export function planScenario(
  plan: UpgradePlan,
  { fleet, parameters }: FleetSource,
  duration = ((plan.stages.length + 1) * DAY) as Micros,
): string {
  const scenario = {
    apiVersion: 'hcpsim/v1alpha1',
    kind: 'Scenario',
    metadata: { name: `upgrade-to-${plan.to}` },
    spec: {
      fleet,
      ...(parameters === undefined ? {} : { parameters }),
      duration: formatSpan(duration).replaceAll(' ', ''),
      ...(plan.stages.length === 0 ? {} : { campaigns: campaignsOf(plan), gates: GATES }),
    },
  };
  return `${remark(plan)}${stringify(scenario, { lineWidth: 120 })}`;
}

const GATES = [
  { name: 'no two versions run side by side that must not', metric: 'skew.violations', op: '==', value: 0 },
  { name: 'every upgrade is completed', metric: 'upgrade.unfinished', op: '==', value: 0 },
  { name: 'every step of the plan is taken', metric: 'campaign.reached', op: '>=', value: '100%' },
];

/** Management clusters do not wait for each other. */
function campaignsOf({ stages }: UpgradePlan): unknown[] {
  const names = new Set(stages.flatMap(({ steps }) => steps.map((step) => step.managementCluster)));
  return [...names].map((name) => ({
    name,
    at: BEGINS,
    stages: stages.flatMap((stage) => stagesOf(stage, name)),
  }));
}

/** Steps of one stage that differ in more than whom they are about come one after another: a stage of a campaign has one target release. */
function stagesOf({ number, steps }: Stage, managementCluster: string): unknown[] {
  const own = steps.filter((step) => step.managementCluster === managementCluster);
  return groupsOf({ number, steps: own }).map((group) => ({ name: `stage ${number}`, ...wanted(group) }));
}

/** What is asked of steps that differ in whom they are about only. */
function wanted(steps: readonly Step[]): Readonly<Record<string, unknown>> {
  const { target, action, to } = steps[0]!;
  const names = [...new Set(steps.map(({ target: { name } }) => name))];
  switch (target.kind) {
    case 'machineConfigPools':
      return { machineConfigPool: oneOrMany(target.pools), managementCluster: target.name, change: action };
    case 'nodePool': {
      const owners = steps.flatMap((step) =>
        step.target.kind === 'nodePool' ? step.target.hostedCluster : [],
      );
      return { nodePool: oneOrMany(names), hostedCluster: oneOrMany(owners), to };
    }
    default:
      return { [target.kind]: oneOrMany(names), to };
  }
}

const oneOrMany = (names: readonly string[]): string | readonly string[] =>
  names.length === 1 ? names[0]! : names;

function remark({ refused }: UpgradePlan): string {
  const count = refused.length;
  if (count === 0) return '';
  return `# ${count} ${count === 1 ? 'does' : 'do'} not get there, and ${count === 1 ? 'stays' : 'stay'} where no rule forbids it; hcpsim plan-upgrade says why.\n`;
}
