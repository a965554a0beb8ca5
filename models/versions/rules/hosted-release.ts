/** Which release a hosted cluster may be told: the operator's check of spec.release. The annotation skip-release-image-validation skips it. */
import type { HostedClusterUpgrade } from '../facts.ts';
import { windowOf } from '../operators.ts';
import type { Rule } from '../rule.ts';
import { minorName, minorOf } from '../version.ts';

const SOURCE = 'openshift/hypershift support/supportedversion/version.go IsValidReleaseVersion @3ee96155';
const RELEASE = { subject: 'HostedCluster', where: 'reconcile', source: SOURCE } as const;

/** Runs a check on the minors of both releases unless the annotation is set, or the target tells no version. */
function unlessSkipped(
  check: (facts: HostedClusterUpgrade, to: number, from: number | undefined) => string | undefined,
): Rule<HostedClusterUpgrade>['check'] {
  return (facts) => {
    const to = minorOf(facts.to);
    if (facts.policy.skipReleaseValidation || to === undefined) return undefined;
    return check(facts, to, minorOf(facts.from));
  };
}

const aboveOperator: Rule<HostedClusterUpgrade> = {
  ...RELEASE,
  id: 'hosted-cluster.above-operator',
  remedy: 'The operator of its management cluster is updated first.',
  statement: 'The minor of a hosted cluster is at most the latest that its operator supports.',
  check: unlessSkipped(({ to: release, operator, platform }, to) => {
    const window = windowOf(operator, platform);
    if (window === undefined || to <= window.latest) return undefined;
    return `${release} is above ${minorName(window.latest)}, the latest of ${operator.product} ${operator.version}`;
  }),
};

const belowMinimum: Rule<HostedClusterUpgrade> = {
  ...RELEASE,
  id: 'hosted-cluster.below-minimum',
  remedy: 'It takes a newer release.',
  statement:
    'The minor of a hosted cluster is at least the oldest that its operator supports: 4.14, with operators up to 4.16 two before their own.',
  check: unlessSkipped(({ to: release, operator, platform }, to) => {
    const window = windowOf(operator, platform);
    if (window === undefined || to >= window.min) return undefined;
    return `${release} is below ${minorName(window.min)}, the oldest of ${operator.product} ${operator.version}`;
  }),
};

const downgrade: Rule<HostedClusterUpgrade> = {
  ...RELEASE,
  id: 'hosted-cluster.downgrade',
  remedy: 'Nothing: restore a snapshot of its etcd, or make another cluster of the earlier minor.',
  statement:
    'A hosted cluster does not go back to an earlier minor; an earlier patch of its minor passes, and so does 4.23 after 5.0, which are ' +
    'compared as 4.23 both.',
  source: `${SOURCE} (5.x as 4.(23+x): pull 8225)`,
  check: unlessSkipped(({ from: before, to: release }, to, from) =>
    from === undefined || to >= from ? undefined : `${release} is an earlier minor than ${before}`,
  ),
};

const openShiftSdn: Rule<HostedClusterUpgrade> = {
  ...RELEASE,
  id: 'hosted-cluster.openshift-sdn',
  remedy:
    'Nothing: its network cannot be changed; workloads move to another hosted cluster, with OVN-Kubernetes.',
  statement: 'A hosted cluster with the network OpenShiftSDN does not go to another minor.',
  check: unlessSkipped(({ from: before, to: release, policy }, to, from) =>
    policy.network !== 'OpenShiftSDN' || from === undefined || to <= from
      ? undefined
      : `${before} to ${release} with OpenShiftSDN`,
  ),
};

export const HOSTED_RELEASE: readonly Rule<HostedClusterUpgrade>[] = [
  aboveOperator,
  belowMinimum,
  downgrade,
  openShiftSdn,
];
