/** Whether a hosted cluster that says it must stay at its minor is upgraded. What the gate refuses is not reconciled at all. */
import type { HostedClusterUpgrade } from '../facts.ts';
import type { Rule } from '../rule.ts';
import { parseVersion } from '../version.ts';

const GATE =
  'openshift/hypershift hypershift-operator/controllers/hostedcluster/hostedcluster_controller.go isUpgrading @3ee96155';

/**
 * True when the gate looks at ClusterVersionUpgradeable: an upgrade to another minor, not forced, and of the whole cluster.
 * Minors are compared as written, so 4.23 to 5.0 is another minor although both are the same release.
 */
export function isGated({ from, to, policy }: HostedClusterUpgrade): boolean {
  const before = parseVersion(from);
  const after = parseVersion(to);
  if (before === undefined || after === undefined) return false;
  if (before.major === after.major && before.minor === after.minor) return false;
  return policy.forceUpgradeTo !== to && policy.controlPlaneRelease === '';
}

const notUpgradeable: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.not-upgradeable',
  subject: 'HostedCluster',
  where: 'reconcile',
  remedy:
    "What its condition ClusterVersionUpgradeable names is put right; or the annotation force-upgrade-to is set, at one's own risk.",
  statement:
    'While its condition ClusterVersionUpgradeable is False, a hosted cluster takes patches of its minor only, unless the annotation ' +
    'force-upgrade-to names the very release or spec.controlPlaneRelease is set.',
  source: GATE,
  check: (facts) =>
    facts.policy.upgradeable || !isGated(facts)
      ? undefined
      : `${facts.from} to ${facts.to} while ClusterVersionUpgradeable is False`,
};

const techPreview: Rule<HostedClusterUpgrade> = {
  id: 'hosted-cluster.tech-preview',
  subject: 'HostedCluster',
  where: 'reconcile',
  remedy:
    'Nothing: the feature set cannot be taken back; workloads move to another hosted cluster, without it.',
  statement:
    'The feature set TechPreviewNoUpgrade cannot be taken back and makes the cluster report that it is not upgradeable to another minor.',
  source: `openshift/hypershift docs/content/how-to/feature-gates.md; ${GATE}`,
  check: (facts) =>
    facts.policy.techPreview && isGated(facts)
      ? `${facts.from} to ${facts.to} with TechPreviewNoUpgrade`
      : undefined,
};

export const HOSTED_GATE: readonly Rule<HostedClusterUpgrade>[] = [notUpgradeable, techPreview];
