/** What is asked of upgrades of hosted clusters, and stopped by nobody. */
import type { HostedClusterUpgrade } from '../facts.ts';
import { isWithin, mceRelease, poolSkewRules } from '../operators.ts';
import type { Rule } from '../rule.ts';
import { isNewer, minorOf, parseVersion } from '../version.ts';

const skipsMinor: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.skips-a-minor',
  subject: 'HostedCluster',
  where: 'policy',
  remedy: 'It takes each minor in between first.',
  statement: 'kube-apiserver goes from minor to minor, so a hosted cluster does; the operator sets no limit.',
  source:
    'kubernetes/website content/en/releases/version-skew-policy.md @01bc097; openshift/hypershift support/supportedversion/version.go @3ee96155',
  check({ from, to }) {
    const before = minorOf(from);
    const after = minorOf(to);
    if (before === undefined || after === undefined || after - before <= 1) return undefined;
    return `${from} to ${to} skips ${after - before - 1} ${after - before === 2 ? 'minor' : 'minors'}`;
  },
};

const rollback: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.rollback',
  subject: 'HostedCluster',
  where: 'policy',
  remedy: 'Nothing that is supported: go on to a release in which the fault is mended.',
  statement: 'Going back to an earlier release is not supported, not even to a patch of the same minor.',
  source: 'openshift/hypershift docs/content/how-to/upgrades.md @2384fcba',
  check({ from, to }) {
    const before = parseVersion(from);
    const after = parseVersion(to);
    if (before === undefined || after === undefined || !isNewer(before, after)) return undefined;
    return `${to} is older than ${from}`;
  },
};

const unsupportedByMce: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.not-in-matrix',
  subject: 'HostedCluster',
  where: 'policy',
  remedy: 'The multicluster engine is updated first, or the cluster takes a release that it hosts.',
  statement:
    'A multicluster engine supports hosted clusters of the minors in its matrix, which may be fewer than its operator takes.',
  source: 'openshift/openshift-docs modules/hcp-support-matrix.adoc',
  check({ to, operator }) {
    const mce = operator.product === 'MCE' ? mceRelease(operator.version) : undefined;
    if (mce === undefined || isWithin(to, mce.hosted) !== false) return undefined;
    return `MCE ${mce.version} hosts ${mce.hosted.from} to ${mce.hosted.to}, not ${to}`;
  },
};

const leavesPools: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.leaves-pools-behind',
  subject: 'NodePool',
  where: 'condition',
  remedy: 'Its node pools that are furthest behind are upgraded first.',
  statement:
    'A hosted cluster that goes on leaves no node pool further behind than the skew that pools may have: their SupportedVersionSkew would be False.',
  source: 'openshift/hypershift docs/content/reference/versioning-support.md @ddaa80a7',
  check({ to, pools, operator }) {
    const after = minorOf(to);
    const { behind } = poolSkewRules(operator);
    if (after === undefined) return undefined;
    const left = pools.find((pool) => after - (minorOf(pool) ?? after) > behind);
    return left === undefined
      ? undefined
      : `a pool of ${left} would be more than ${behind} minors behind ${to}`;
  },
};

export const HOSTED_POLICY: readonly Rule<HostedClusterUpgrade>[] = [
  skipsMinor,
  rollback,
  unsupportedByMce,
  leavesPools,
];
