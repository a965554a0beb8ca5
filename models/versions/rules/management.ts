/** Updates of a management cluster, an OpenShift cluster like any other. */
import type { ManagementClusterUpgrade } from '../facts.ts';
import { isWithin, mceRelease } from '../operators.ts';
import { kubernetesMinor } from '../releases.ts';
import type { Rule } from '../rule.ts';
import { isNewer, minorOf, parseVersion } from '../version.ts';
import { kubeletLimit } from './kubelet.ts';

const skipsMinor: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.skips-a-minor',
  subject: 'managementCluster',
  where: 'cli',
  statement:
    'An OpenShift cluster goes from minor to minor: the update graph has no other way, and `oc adm upgrade` takes no other target.',
  source:
    'openshift/openshift-docs modules/updating-eus-to-eus-upgrade-cli.adoc @06c7408f; kubernetes/website content/en/releases/version-skew-policy.md @01bc097',
  check({ from, to }) {
    const before = minorOf(from);
    const after = minorOf(to);
    if (before === undefined || after === undefined || after - before <= 1) return undefined;
    return `${from} to ${to} skips ${after - before - 1} ${after - before === 2 ? 'minor' : 'minors'}`;
  },
};

const earlierMinor: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.downgrade',
  subject: 'managementCluster',
  where: 'reconcile',
  statement: 'The cluster version operator does not go back to an earlier minor.',
  source: 'openshift/cluster-version-operator pkg/payload/precondition/clusterversion/rollback.go (pull 996)',
  check({ from, to }) {
    const before = minorOf(from);
    const after = minorOf(to);
    if (before === undefined || after === undefined || after >= before) return undefined;
    return `${to} is an earlier minor than ${from}`;
  },
};

const rollback: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.rollback',
  subject: 'managementCluster',
  where: 'policy',
  statement:
    'Going back to an earlier patch is tried when somebody asks for it, may not succeed, and is not supported.',
  source: 'openshift/api config/v1/types_cluster_version.go desiredUpdate (pull 2581)',
  check({ from, to }) {
    const before = parseVersion(from);
    const after = parseVersion(to);
    if (before === undefined || after === undefined || !isNewer(before, after)) return undefined;
    return `${to} is older than ${from}`;
  },
};

const notInMatrix: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.not-in-matrix',
  subject: 'managementCluster',
  where: 'policy',
  statement: 'A management cluster runs an OpenShift version that its multicluster engine runs on.',
  source: 'openshift/openshift-docs modules/hcp-support-matrix.adoc',
  check({ to, operator }) {
    const mce = operator.product === 'MCE' ? mceRelease(operator.version) : undefined;
    if (mce === undefined || isWithin(to, mce.management) !== false) return undefined;
    return `MCE ${mce.version} runs on ${mce.management.from} to ${mce.management.to}, not on ${to}`;
  },
};

const leavesNodes: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.leaves-nodes-behind',
  subject: 'managementCluster',
  where: 'policy',
  statement:
    'Nodes whose machine config pool is paused keep their kubelet; the control plane does not go further ahead of it than kubelets may be behind.',
  source: 'kubernetes/website content/en/releases/version-skew-policy.md @01bc097',
  check({ to, nodes }) {
    const after = kubernetesMinor(to);
    if (after === undefined) return undefined;
    const left = nodes.find((node) => {
      const kubelet = kubernetesMinor(node) ?? after;
      return after - kubelet > kubeletLimit(kubelet);
    });
    return left === undefined ? undefined : `nodes of ${left} would be too far behind ${to}`;
  },
};

export const MANAGEMENT: readonly Rule<ManagementClusterUpgrade>[] = [
  skipsMinor,
  earlierMinor,
  rollback,
  notInMatrix,
  leavesNodes,
];
