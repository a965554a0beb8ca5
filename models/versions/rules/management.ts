/** Updates of a management cluster, an OpenShift cluster like any other. */
import type { ManagementClusterUpgrade } from '../facts.ts';
import { isWithin, mceRelease } from '../operators.ts';
import type { Rule } from '../rule.ts';
import { isNewer, minorOf, parseVersion } from '../version.ts';

const skipsMinor: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.skips-a-minor',
  subject: 'managementCluster',
  where: 'cli',
  remedy: 'It takes each minor in between first.',
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

const giantHop: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.giant-hop',
  subject: 'managementCluster',
  where: 'reconcile',
  remedy: 'It takes the minors in between first; from 4.x it goes to 5.0.',
  statement:
    'The cluster version operator goes at most one minor on at a time, as minors are written, and from a 4.x to no release of 5.x but 5.0: from ' +
    '4.23 to 5.1 it goes through 5.0, with which 4.23 stands level. The way to 5.0 is marked there as temporary.',
  source: 'openshift/cluster-version-operator pkg/payload/precondition/clusterversion/gianthop.go @41bc86b8',
  check({ from, to }) {
    const [before, after] = [parseVersion(from), parseVersion(to)];
    if (before === undefined || after === undefined || after.major < before.major) return undefined;
    if (after.major === before.major)
      return after.minor > before.minor + 1 ? `${to} is more than one minor after ${from}` : undefined;
    const isWayTo5 = before.major === 4 && after.major === 5 && after.minor === 0;
    return isWayTo5 ? undefined : `${to} is of another major than ${from}, and not 5.0`;
  },
};

const ROLLBACK =
  'openshift/cluster-version-operator pkg/payload/precondition/clusterversion/rollback.go @55fa1518 (pulls 918, 996)';

/** Both releases where a step goes back; undefined where it does not, or nobody can tell. */
function wayBack(from: string, to: string): { readonly sameMinor: boolean } | undefined {
  const [before, after] = [parseVersion(from), parseVersion(to)];
  if (before === undefined || after === undefined || !isNewer(before, after)) return undefined;
  return { sameMinor: before.major === after.major && before.minor === after.minor };
}

const earlierMinor: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.downgrade',
  subject: 'managementCluster',
  where: 'reconcile',
  remedy: 'Nothing: go on to a release in which the fault is mended.',
  statement:
    'The cluster version operator does not go back to an earlier minor. Majors and minors are compared as they are written, so 5.0 does not ' +
    'go back to 4.23 either.',
  source: ROLLBACK,
  check({ from, to }) {
    const back = wayBack(from, to);
    if (back === undefined || back.sameMinor) return undefined;
    return `${to} is an earlier minor than ${from}`;
  },
};

const notTheOneBefore: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.rollback-too-far',
  subject: 'managementCluster',
  where: 'reconcile',
  remedy: 'It goes back to the version before, or on.',
  statement:
    'Within a minor the cluster version operator goes back to the version that it had before, whether that was complete or not, and to no other.',
  source: ROLLBACK,
  check({ from, to, previous }) {
    const back = wayBack(from, to);
    if (back === undefined || !back.sameMinor || previous === undefined || previous === to) return undefined;
    return `${to} is older than ${from}, and the version before that was ${previous}`;
  },
};

const rollback: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.rollback',
  subject: 'managementCluster',
  where: 'policy',
  remedy: 'Nothing that is supported: go on to a release in which the fault is mended.',
  statement:
    'Going back to an earlier patch is tried when somebody asks for it, may not succeed, and is not supported.',
  source: 'openshift/api config/v1/types_cluster_version.go desiredUpdate (pull 2581)',
  check({ from, to }) {
    return wayBack(from, to) === undefined ? undefined : `${to} is older than ${from}`;
  },
};

const alreadyUpdating: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.already-updating',
  subject: 'managementCluster',
  where: 'cli',
  remedy: 'The update that goes on is waited for, or the command is told that it is known.',
  statement:
    'While the cluster version operator is at work (Progressing), `oc adm upgrade` asks for no other release unless it is told so (--allow-upgrade-with-warnings).',
  source: 'openshift/oc pkg/cli/admin/upgrade/upgrade.go checkForUpgrade @0328dfa3',
  check({ from, updating }) {
    return updating ? `the update to ${from} still goes on` : undefined;
  },
};

const notInMatrix: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.not-in-matrix',
  subject: 'managementCluster',
  where: 'policy',
  remedy: 'The multicluster engine is updated first.',
  statement: 'A management cluster runs an OpenShift version that its multicluster engine runs on.',
  source: 'openshift/openshift-docs modules/hcp-support-matrix.adoc',
  check({ to, operator }) {
    const mce = operator.product === 'MCE' ? mceRelease(operator.version) : undefined;
    if (mce === undefined || isWithin(to, mce.management) !== false) return undefined;
    return `MCE ${mce.version} runs on ${mce.management.from} to ${mce.management.to}, not on ${to}`;
  },
};

const PRECONDITION =
  'openshift/cluster-version-operator pkg/payload/precondition/clusterversion/upgradeable.go';

/** Upgradeable=False of a cluster operator stops what goes forward to another minor, as it is written: 4.23 to 5.0, too; never a patch. */
function asksForUpgradeable(from: string, to: string): boolean {
  const [before, after] = [parseVersion(from), parseVersion(to)];
  if (before === undefined || after === undefined || !isNewer(after, before)) return false;
  return after.major !== before.major || after.minor !== before.minor;
}

/** Minors that kubelets may be behind an OpenShift minor: two where that is even, one where it is odd; 5.1 counts as 4.24 (assumed). */
const kubeletsBehind = (minor: number): number => (minor % 2 === 0 ? 2 : 1);

export const LEAVES_NODES_BEHIND: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.leaves-nodes-behind',
  subject: 'managementCluster',
  where: 'reconcile',
  remedy: 'Its paused machine config pools are resumed, and their nodes follow.',
  statement:
    'The kube-apiserver operator sets Upgradeable=False while a kubelet is further behind than its minor allows (one of an odd OpenShift minor, two ' +
    'of an even one), or would be so at the next minor; the cluster version operator then goes to no other minor.',
  source: `openshift/cluster-kube-apiserver-operator pkg/operator/kubeletversionskewcontroller/kubelet_version_skew_controller.go @11661384; ${PRECONDITION}`,
  check({ from, to, nodes }) {
    const now = minorOf(from);
    if (now === undefined || !asksForUpgradeable(from, to)) return undefined;
    const left = nodes.find((node) => {
      const behind = now - (minorOf(node) ?? now);
      return behind > 0 && (behind > kubeletsBehind(now) || behind + 1 > kubeletsBehind(now + 1));
    });
    return left === undefined ? undefined : `nodes of ${left} would be too far behind ${to}`;
  },
};

const poolUpdating: Rule<ManagementClusterUpgrade> = {
  id: 'management-cluster.pool-updating',
  subject: 'managementCluster',
  where: 'reconcile',
  remedy: 'The pool finishes first.',
  statement:
    'The machine config operator sets Upgradeable=False while a machine config pool brings its nodes to a release; the cluster version operator then goes to no other minor.',
  source: `openshift/machine-config-operator pkg/operator/status.go syncUpgradeableStatus @006209bb; ${PRECONDITION}`,
  check({ from, to, updatingPools }) {
    if (updatingPools.length === 0 || !asksForUpgradeable(from, to)) return undefined;
    return `machine config pool ${updatingPools.join(', ')} still updates its nodes`;
  },
};

export const MANAGEMENT: readonly Rule<ManagementClusterUpgrade>[] = [
  skipsMinor,
  alreadyUpdating,
  giantHop,
  earlierMinor,
  notTheOneBefore,
  rollback,
  notInMatrix,
  LEAVES_NODES_BEHIND,
  poolUpdating,
];
