/** Steps and refusals that say the same of several clusters, brought together for readers. */
import { WITHOUT_VERSION } from '../../models/versions/plan/refusals.ts';
import type {
  Hindrance,
  Refusal,
  Stage,
  Step,
  StepTarget,
  UpgradePlan,
} from '../../models/versions/plan/steps.ts';
import type { RuleText, Where } from '../../models/versions/rule.ts';
import { mergeNames } from '../../reports/view/names.ts';

/** Some steps of a stage that differ in whom they are about only. */
export interface StepLine {
  /** `hosted clusters tenant-0 … tenant-19 (20)`. */
  readonly whom: string;
  /** `4.19 → 4.20`. */
  readonly what: string;
  readonly why: string;
}

/** Some refusals for the same reason. */
export interface RefusalLine {
  readonly whom: string;
  /** It is about one alone. */
  readonly single: boolean;
  readonly from: string;
  readonly reaches: string;
  readonly findings: Refusal['findings'];
  /** `operator of east at 2.9; hosted clusters a, b at 4.17.4`; empty when nothing else is in the way. */
  readonly heldUpBy: string;
}

const NOUNS: Readonly<Record<StepTarget['kind'], readonly [one: string, many: string]>> = {
  managementCluster: ['management cluster', 'management clusters'],
  machineConfigPools: ['workers of', 'workers of'],
  operator: ['operator of', 'operators of'],
  hostedCluster: ['hosted cluster', 'hosted clusters'],
  nodePool: ['node pool', 'node pools'],
};

const nameOf = (target: StepTarget): string =>
  target.kind === 'nodePool' ? `${target.hostedCluster}/${target.name}` : target.name;

function whom(targets: readonly StepTarget[]): string {
  const [one, many] = NOUNS[targets[0]!.kind];
  return `${targets.length === 1 ? one : many} ${namesOf(targets)}`;
}

/** Pools that are called alike are told by their clusters: `workers of tenant-0 … tenant-19 (20)`. */
function namesOf(targets: readonly StepTarget[]): string {
  const pools = new Set(targets.map(({ kind, name }) => (kind === 'nodePool' ? name : '')));
  const [pool] = pools;
  if (targets.length < 2 || pools.size > 1 || pool === '') return mergeNames(targets.map(nameOf));
  return `${pool} of ${mergeNames(targets.flatMap((one) => (one.kind === 'nodePool' ? one.hostedCluster : [])))}`;
}

/** What is put together with what. */
export function grouped<T>(all: readonly T[], alike: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = alike(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** The same pool of several clusters is one group; pools of different names are not. */
const poolName = (target: StepTarget): string => (target.kind === 'nodePool' ? target.name : '');

/** Steps of a stage that can be told in one line. */
function groupsOf({ steps }: Stage): readonly (readonly Step[])[] {
  return grouped(steps, ({ target, action, from, to, why }) =>
    JSON.stringify([target.kind, poolName(target), action, from, to, why]),
  );
}

export function stepLines(stage: Stage): readonly StepLine[] {
  return groupsOf(stage).map((steps) => {
    const { action, target, from, to, why } = steps[0]!;
    const product = target.kind === 'operator' ? (target.product === 'MCE' ? 'MCE ' : 'HyperShift ') : '';
    const versions = from === to ? from : `${product}${from} → ${to}`;
    const what =
      action === 'update' ? versions : `${action === 'pause' ? 'paused' : 'resumed'} at ${versions}`;
    return { whom: whom(steps.map((step) => step.target)), what, why };
  });
}

export function refusalLines({ refused }: UpgradePlan): readonly RefusalLine[] {
  const alike = ({ target, from, reaches, findings, heldUpBy }: Refusal): string =>
    JSON.stringify([
      target.kind,
      poolName(target),
      from,
      reaches,
      findings.map(({ rule, found }) => [rule.id, found]),
      heldUpBy.map((one) => [one.target.kind, poolName(one.target) || one.target.name, one.at]),
    ]);
  return grouped(refused, alike).map((group) => {
    const { from, reaches, findings } = group[0]!;
    const heldUpBy = hindranceText(group.flatMap((one) => one.heldUpBy));
    const told = whom(group.map(({ target }) => target));
    return { whom: told, single: group.length === 1, from, reaches, findings, heldUpBy };
  });
}

function hindranceText(all: readonly Hindrance[]): string {
  const alike = ({ target, at }: Hindrance): string => JSON.stringify([target.kind, poolName(target), at]);
  const once = [...new Map(all.map((one) => [nameOf(one.target) + one.target.kind, one])).values()];
  return grouped(once, alike)
    .map((group) => `${whom(group.map(({ target }) => target))} at ${group[0]!.at}`)
    .join('; ');
}

const REFUSES: Readonly<Record<Where, string>> = {
  reconcile: 'an operator refuses',
  condition: 'a condition would say so',
  cli: 'the command line refuses',
  policy: 'documented, not enforced',
};

/** Who stands behind a rule. */
export function refuses({ id, where }: RuleText): string {
  return id === WITHOUT_VERSION ? 'no rule can tell' : REFUSES[where];
}

/** A release as a reader sees it. */
export function releaseName(release: string): string {
  return release === '' ? 'a release image without a name' : release;
}

/** `12 steps in 5 stages`. */
export function sizeOf({ stages, refused }: UpgradePlan): string {
  const steps = stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  if (steps === 0) return refused.length > 0 ? 'no legal step' : 'nothing to do';
  return `${steps} ${steps === 1 ? 'step' : 'steps'} in ${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}`;
}

/** How far all of a fleet gets, for a plan that refuses something. */
export function nearestText({ nearest }: UpgradePlan): string {
  return nearest === undefined
    ? 'No target brings all of it further than it is.'
    : `The nearest target to which everything gets: ${nearest}.`;
}
