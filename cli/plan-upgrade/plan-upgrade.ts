/** `hcpsim plan-upgrade`: a fleet and a release in, the legal steps out. */
import { isAbsolute, relative } from 'node:path';
import { planUpgrade } from '../../models/versions/plan/plan.ts';
import type { UpgradePlan } from '../../models/versions/plan/steps.ts';
import type { FleetSource } from '../../scenarios/fleet-source.ts';
import type { Micros } from '../../sim/time.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { loadFleet } from '../load.ts';
import { columns, put, wantsColor } from '../terminal.ts';

export interface PlanUpgradeOptions {
  readonly to: string;
  readonly duration?: Micros;
  readonly set?: readonly string[];
  readonly output: string;
}

export async function planUpgradeOf(file: string, options: PlanUpgradeOptions): Promise<ExitCode> {
  const fleet = loadFleet([file], options);
  if (fleet === undefined) return EXIT.usage;
  const plan = planUpgrade(fleet.plan, options.to);
  put(await RENDERERS[options.output]!(plan, fleet.source, options));
  return plan.refused.length > 0 ? EXIT.gateFailed : EXIT.ok;
}

type Renderer = (plan: UpgradePlan, source: FleetSource, options: PlanUpgradeOptions) => Promise<string>;

const RENDERERS: Readonly<Record<string, Renderer>> = {
  text: async (plan) => {
    const { planText } = await import('./text.ts');
    return planText(plan, { width: columns(), color: wantsColor(process.stdout) });
  },
  json: async (plan) => (await import('./json.ts')).planJson(plan),
  markdown: async (plan) => (await import('./markdown.ts')).planMarkdown(plan),
  scenario: async (plan, source, { duration }) =>
    (await import('./scenario.ts')).planScenario(plan, fromHere(source), duration),
};

/** A fleet below the working directory by its path from there, however it was given: a file that is committed must not name places of one machine. */
function fromHere(source: FleetSource): FleetSource {
  const { fleet } = source;
  if (typeof fleet !== 'string' || !isAbsolute(fleet)) return source;
  const path = relative(process.cwd(), fleet);
  return path.startsWith('..') || isAbsolute(path) ? source : { ...source, fleet: path };
}
