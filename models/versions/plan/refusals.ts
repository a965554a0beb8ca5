/** What a plan does not bring to its target, and why. */
import type { Finding, RuleText } from '../rule.ts';
import { parseVersion } from '../version.ts';
import { forbidsHosted, forbidsPool, goalOfPools, isOlder, poolsInTheWay } from './hosted.ts';
import { BY_OPERATOR, hostedInTheWay, nextOfManagement, nextOfOperator } from './management.ts';
import type { HostedState, PoolState, Site } from './site.ts';
import type { Hindrance, Refusal } from './steps.ts';
import type { Target } from './target.ts';

/** The rule of a release image of which nobody can say what comes after it. */
export const WITHOUT_VERSION = 'release.without-version';

const UNREADABLE: RuleText = {
  id: WITHOUT_VERSION,
  subject: 'HostedCluster',
  where: 'policy',
  remedy: 'A release image with a version is written, or the release is told in the fleet.',
  statement:
    'A release image that names no version has no place in the order of versions: no rule says what comes after it.',
  source: 'semver.org 2.0.0, item 11',
};

const unreadable = (release: string): readonly Finding[] => [
  { rule: UNREADABLE, found: `the release image "${release}" names no version` },
];

/** To be asked when no step is left. */
export function refusalsOf(site: Site, target: Target): readonly Refusal[] {
  const { name, version: from, operator } = site.plan;
  const refused: Refusal[] = [];
  const add: Add = (of, from, reaches, findings, heldUpBy = []) => {
    refused.push({ managementCluster: name, target: of, from, reaches, findings, heldUpBy });
  };
  const behindOperator = keptByOperator(site, target);
  if (parseVersion(site.version) === undefined)
    add({ kind: 'managementCluster', name }, from, site.version, unreadable(site.version));
  else if (target.isAheadOf(site.version)) {
    const { findings } = nextOfManagement(site, target);
    add({ kind: 'managementCluster', name }, from, site.version, findings, behindOperator(findings));
  }
  const { findings } = nextOfOperator(site, target);
  if (findings.length > 0) {
    const of = { kind: 'operator', name, product: operator.product } as const;
    add(of, operator.version, site.operator.version, findings, strandedBy(site, target));
  }
  for (const hosted of site.hosted) addHosted(site, hosted, target, behindOperator, add);
  return refused;
}

type Add = (
  of: Refusal['target'],
  from: string,
  reaches: string,
  findings: readonly Finding[],
  heldUpBy?: readonly Hindrance[],
) => void;

/** What holds up whoever waits for the operator of a site: the operator, and what holds it up. */
function keptByOperator(site: Site, target: Target): (findings: readonly Finding[]) => readonly Hindrance[] {
  const { product, version } = site.operator;
  const operator = { kind: 'operator', name: site.plan.name, product } as const;
  const all = [{ target: operator, at: version }, ...strandedBy(site, target)];
  return (findings) => (findings.some(({ rule }) => BY_OPERATOR.has(rule.id)) ? all : []);
}

function addHosted(
  site: Site,
  hosted: HostedState,
  target: Target,
  behindOperator: (findings: readonly Finding[]) => readonly Hindrance[],
  add: Add,
): void {
  const { name, release: from } = hosted.plan;
  if (parseVersion(hosted.release) === undefined) {
    add({ kind: 'hostedCluster', name }, from, from, unreadable(from));
  } else if (target.isAheadOf(hosted.release)) {
    const findings = forbidsHosted(site, hosted, target);
    const heldUpBy = [...behindOperator(findings), ...laggingPools(site, hosted, target)];
    add({ kind: 'hostedCluster', name }, from, hosted.release, findings, heldUpBy);
  }
  for (const pool of hosted.pools) {
    const of = nodePool(hosted, pool);
    const { release } = pool;
    if (parseVersion(release) === undefined) add(of, pool.plan.release, release, unreadable(release));
    else if (target.isAheadOf(release)) {
      const goal = goalOfPools(hosted, target);
      const to = isOlder(release, goal) ? goal : target.text;
      const findings = forbidsPool(site, hosted, pool, to);
      add(of, pool.plan.release, release, findings, behindOperator(findings));
    }
  }
}

function laggingPools(site: Site, hosted: HostedState, target: Target): readonly Hindrance[] {
  return poolsInTheWay(site, hosted, target.after(hosted.release)).map((pool) => ({
    target: nodePool(hosted, pool),
    at: pool.release,
  }));
}

const nodePool = ({ plan }: HostedState, pool: PoolState) =>
  ({ kind: 'nodePool', name: pool.plan.name, hostedCluster: plan.name }) as const;

/** Hosted clusters without which the operator could go on. */
function strandedBy(site: Site, target: Target): readonly Hindrance[] {
  return hostedInTheWay(site, target).map(({ plan: { name }, release }) => ({
    target: { kind: 'hostedCluster', name },
    at: release,
  }));
}
