/** A plan of upgrades as a scenario: a campaign per management cluster takes its steps, one stage when the one before is finished. */
import { stringify } from 'yaml';
import type { Stage, Step, StepTarget, UpgradePlan } from '../../models/versions/plan/steps.ts';
import { compareNames, mergeNames } from '../../reports/view/names.ts';
import type { FleetSource } from '../../scenarios/fleet-source.ts';
import { formatSpan } from '../../sim/duration.ts';
import { DAY, type Micros } from '../../sim/time.ts';
import { grouped } from './lines.ts';

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
  return `${remarks(plan)}${stringify(scenario, { lineWidth: 120 })}`;
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

/** Steps of one stage that one stage of a campaign cannot hold come one after another, each named by what it brings. */
function stagesOf({ number, steps }: Stage, managementCluster: string): unknown[] {
  const groups = together(steps.filter((step) => step.managementCluster === managementCluster));
  return groups.map((group) => ({
    name: groups.length === 1 ? `stage ${number}` : `stage ${number}, ${broughtBy(group)}`,
    ...wanted(group),
  }));
}

/** What a stage of a campaign can hold: one kind of target that is brought to one release, wherever it comes from. */
function together(steps: readonly Step[]): readonly (readonly Step[])[] {
  const wish = ({ target: { kind }, action, to }: Step): string => JSON.stringify([kind, action, to]);
  return grouped(steps, (step) => {
    if (step.target.kind !== 'nodePool') return wish(step);
    // Pools are named beside hosted clusters, not one by one: nobody else is meant where all of these have the same ones.
    const owner = ownerOf(step);
    const alike = steps.filter((other) => ownerOf(other) === owner && wish(other) === wish(step));
    return JSON.stringify([wish(step), alike.map(({ target }) => target.name).sort()]);
  });
}

const ownerOf = ({ target }: Step): string | undefined =>
  target.kind === 'nodePool' ? target.hostedCluster : undefined;

const NOUNS: Readonly<Record<StepTarget['kind'], string>> = {
  managementCluster: 'management cluster',
  machineConfigPools: 'machine config pools',
  operator: 'operator',
  hostedCluster: 'hosted clusters',
  nodePool: 'node pools',
};

/** `hosted clusters to 4.20`, `node pools a, b to 4.20`: differs between the steps of a stage that are not taken together. */
function broughtBy(steps: readonly Step[]): string {
  const [{ target, action, to }] = steps as readonly [Step];
  const pools = target.kind === 'nodePool' ? ` ${mergeNames(namesOf(steps).toSorted(compareNames))}` : '';
  return action === 'update' ? `${NOUNS[target.kind]}${pools} to ${to}` : `${action} ${NOUNS[target.kind]}`;
}

const namesOf = (steps: readonly Step[]): string[] => [...new Set(steps.map(({ target: { name } }) => name))];

/** What is asked of steps that are taken together. */
function wanted(steps: readonly Step[]): Readonly<Record<string, unknown>> {
  const { target, action, to } = steps[0]!;
  const names = namesOf(steps);
  switch (target.kind) {
    case 'machineConfigPools':
      return { machineConfigPool: oneOrMany(target.pools), managementCluster: target.name, change: action };
    case 'nodePool': {
      const owners = [...new Set(steps.flatMap((step) => ownerOf(step) ?? []))];
      return { nodePool: oneOrMany(names), hostedCluster: oneOrMany(owners), to };
    }
    default:
      return { [target.kind]: oneOrMany(names), to };
  }
}

const oneOrMany = (names: readonly string[]): string | readonly string[] =>
  names.length === 1 ? names[0]! : names;

/** What a reader of the scenario should know before: what is left out of it, and what takes longer than it need. */
function remarks(plan: UpgradePlan): string {
  return [...refusedRemark(plan), ...orderRemark(plan)].map((line) => `# ${line}\n`).join('');
}

function refusedRemark({ refused: { length: count } }: UpgradePlan): string[] {
  if (count === 0) return [];
  const [does, stays] = count === 1 ? ['does', 'stays'] : ['do', 'stay'];
  return [
    `${count} ${does} not get there, and ${stays} where no rule forbids it; hcpsim plan-upgrade says why.`,
  ];
}

function orderRemark({ stages }: UpgradePlan): string[] {
  const parted = stages.filter(({ steps }) =>
    grouped(steps, (step) => step.managementCluster).some((own) => together(own).length > 1),
  );
  if (parted.length === 0) return [];
  const numbers = parted.map(({ number }) => number).join(', ');
  return [
    `A stage of a campaign brings one kind of target to one release: what does not wait for each other in ${parted.length === 1 ? 'stage' : 'stages'} ${numbers}`,
    'of the plan comes one after the other here, which takes longer than it need.',
  ];
}
