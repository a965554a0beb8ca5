/** A plan of upgrades as a scenario whose events ask for its steps, stage by stage, so that a run shows what they do. */
import { stringify } from 'yaml';
import type { Step, UpgradePlan } from '../../models/versions/plan/steps.ts';
import { formatSpan } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { groupsOf } from './lines.ts';

/**
 * @param file where the fleet is written
 * @param every from the beginning of one stage to that of the next; whether a stage is finished by then is for the run to show
 */
export function planScenario(plan: UpgradePlan, file: string, every: Micros): string {
  const after = (stages: number): string => formatSpan((stages * every) as Micros).replaceAll(' ', '');
  const events = plan.stages.flatMap((stage) =>
    groupsOf(stage).flatMap((steps) => {
      const upgrade = upgradeOf(steps);
      return upgrade === undefined ? [] : [{ at: after(stage.number), upgrade }];
    }),
  );
  const scenario = {
    apiVersion: 'hcpsim/v1alpha1',
    kind: 'Scenario',
    metadata: { name: `upgrade-to-${plan.to}` },
    spec: { fleet: file, duration: after(plan.stages.length + 1), events },
  };
  return `${remarks(plan)}${stringify(scenario, { lineWidth: 120 })}`;
}

/** The event that asks for steps which differ in whom they are about only; pauses of machine config pools have none. */
function upgradeOf(steps: readonly Step[]): Readonly<Record<string, unknown>> | undefined {
  const { target, to } = steps[0]!;
  const names = [...new Set(steps.map(({ target: { name } }) => name))];
  switch (target.kind) {
    case 'machineConfigPools':
      return undefined;
    case 'nodePool': {
      const clusters = steps.flatMap((step) =>
        step.target.kind === 'nodePool' ? step.target.hostedCluster : [],
      );
      return { nodePool: oneOrMany(names), hostedCluster: oneOrMany(clusters), to };
    }
    default:
      return { [target.kind]: oneOrMany(names), to };
  }
}

const oneOrMany = (names: readonly string[]): string | readonly string[] =>
  names.length === 1 ? names[0]! : names;

function remarks({ stages, refused }: UpgradePlan): string {
  const pauses = stages.flatMap(({ number, steps }) =>
    steps
      .filter(({ action }) => action !== 'update')
      .map(
        ({ action, managementCluster }) =>
          `# Stage ${number}: ${action} the machine config pools of the workers of ${managementCluster}; no event does that.\n`,
      ),
  );
  const left =
    refused.length === 0
      ? ''
      : `# Not everything gets there: ${refused.length} refused (hcpsim plan-upgrade).\n`;
  return [...pauses, left].join('');
}
