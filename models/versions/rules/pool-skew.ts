/** How far a node pool may be from its hosted cluster. The operator only says so in a condition; its command line refuses to create such a pool. */
import type { NodePoolUpgrade } from '../facts.ts';
import { poolSkewRules } from '../operators.ts';
import type { Rule, Where } from '../rule.ts';
import { isNewer, minorOf, parseVersion } from '../version.ts';

const STATEMENT =
  'A node pool is never newer than its hosted cluster, patch included, and at most three minors older (with operators before 4.21, as documented, two).';
const REMEDY = 'A pool that would be newer waits for its hosted cluster; one that is behind goes on first.';
const CODE = 'openshift/hypershift support/supportedversion/version.go ValidateVersionSkew @3ee96155';

/** What breaks the skew, or undefined. */
export function poolSkew({ to, hostedCluster, operator }: NodePoolUpgrade): string | undefined {
  const pool = parseVersion(to);
  const cluster = parseVersion(hostedCluster);
  if (pool === undefined || cluster === undefined) return undefined;
  if (isNewer(pool, cluster)) return `${to} is newer than the hosted cluster, ${hostedCluster}`;
  const { behind } = poolSkewRules(operator);
  const distance = minorOf(hostedCluster)! - minorOf(to)!;
  return distance > behind
    ? `${to} is ${distance} minors behind the hosted cluster, ${hostedCluster}; ${behind} are supported`
    : undefined;
}

function rule(
  id: string,
  where: Where,
  source: string,
  applies: (facts: NodePoolUpgrade) => boolean,
): Rule<NodePoolUpgrade> {
  const check = (facts: NodePoolUpgrade) => (applies(facts) ? poolSkew(facts) : undefined);
  return { id, subject: 'NodePool', where, remedy: REMEDY, statement: STATEMENT, source, check };
}

export const POOL_SKEW: readonly Rule<NodePoolUpgrade>[] = [
  rule(
    'node-pool.skew',
    'condition',
    `${CODE}; hypershift-operator/controllers/nodepool/conditions.go (SupportedVersionSkew)`,
    ({ operator }) => poolSkewRules(operator).checked,
  ),
  rule(
    'node-pool.skew-documented',
    'policy',
    'openshift/hypershift docs/content/getting-started/onboarding/lifecycle.md @b1702777',
    ({ operator }) => !poolSkewRules(operator).checked,
  ),
  rule(
    'node-pool.skew-at-creation',
    'cli',
    `${CODE}, called by cmd/nodepool`,
    ({ from, operator }) => from === '' && poolSkewRules(operator).checked,
  ),
];
