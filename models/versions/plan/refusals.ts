/** What a plan does not bring to its target, and why. */
import type { Finding, RuleText } from '../rule.ts';
import { parseVersion } from '../version.ts';
import { forbidsHosted, forbidsPool, goalOfPools, isOlder } from './hosted.ts';
import { nextOfManagement, nextOfOperator } from './management.ts';
import type { HostedState, Site } from './site.ts';
import type { Refusal } from './steps.ts';
import type { Target } from './target.ts';

/** The rule of a release image of which nobody can say what comes after it. */
export const WITHOUT_VERSION = 'release.without-version';

const UNREADABLE: RuleText = {
  id: WITHOUT_VERSION,
  subject: 'HostedCluster',
  where: 'policy',
  statement:
    'A release image that names no version has no place in the order of versions: no rule says what comes after it.',
  source: 'semver.org 2.0.0, item 11',
};

const unreadable = (release: string): readonly Finding[] => [
  { rule: UNREADABLE, found: `the release image "${release}" names no version` },
];

/** To be asked when no step is left. */
export function refusalsOf(site: Site, target: Target): readonly Refusal[] {
  const { name, version: from } = site.plan;
  const refused: Refusal[] = [];
  const add = (of: Refusal['target'], from: string, reaches: string, findings: readonly Finding[]): void => {
    refused.push({ managementCluster: name, target: of, from, reaches, findings });
  };
  if (parseVersion(site.version) === undefined)
    add({ kind: 'managementCluster', name }, from, site.version, unreadable(site.version));
  else if (target.isAheadOf(site.version))
    add({ kind: 'managementCluster', name }, from, site.version, nextOfManagement(site, target).findings);
  const operator = nextOfOperator(site, target).findings;
  if (operator.length > 0) {
    const { product, version } = site.plan.operator;
    add({ kind: 'operator', name, product }, version, site.operator.version, operator);
  }
  for (const hosted of site.hosted) addHosted(site, hosted, target, add);
  return refused;
}

function addHosted(
  site: Site,
  hosted: HostedState,
  target: Target,
  add: (of: Refusal['target'], from: string, reaches: string, findings: readonly Finding[]) => void,
): void {
  const { name, release: from } = hosted.plan;
  const stuck = target.isAheadOf(hosted.release);
  const unknown = parseVersion(hosted.release) === undefined;
  if (unknown) add({ kind: 'hostedCluster', name }, from, from, unreadable(from));
  else if (stuck)
    add({ kind: 'hostedCluster', name }, from, hosted.release, forbidsHosted(site, hosted, target));
  for (const pool of hosted.pools) {
    const of = { kind: 'nodePool', name: pool.plan.name, hostedCluster: name } as const;
    const { release } = pool;
    if (parseVersion(release) === undefined) add(of, pool.plan.release, release, unreadable(release));
    else if (target.isAheadOf(release)) {
      const goal = goalOfPools(hosted, target);
      const to = isOlder(release, goal) ? goal : target.text;
      add(of, pool.plan.release, release, forbidsPool(site, hosted, pool, to));
    }
  }
}
