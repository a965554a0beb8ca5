/** Updates of the operator: what runs while it changes must be known to the old one and the new one. */
import type { OperatorUpgrade } from '../facts.ts';
import { isWithin, MCE_RELEASES, mceRelease, windowOf } from '../operators.ts';
import type { Rule } from '../rule.ts';
import { compareVersions, minorName, minorOf, parseVersion } from '../version.ts';

const OPERATOR = { subject: 'operator', where: 'policy' } as const;
const MATRIX = 'openshift/openshift-docs modules/hcp-support-matrix.adoc';

const OLM = 'operator-framework/operator-lifecycle-manager doc/design/how-to-update-operators.md @65b8158c';

const mceOf = ({ to }: OperatorUpgrade) => (to.product === 'MCE' ? mceRelease(to.version) : undefined);

export const OPERATOR_UNKNOWN: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.unknown',
  remedy: "Nothing that is known: what no document names as supported is nobody's to plan.",
  statement:
    'The documents say what each version of the multicluster engine supports; of others nobody knows.',
  source: MATRIX,
  check: ({ to }) =>
    to.product === 'MCE' && mceRelease(to.version) === undefined
      ? `MCE ${to.version} is not in the table`
      : undefined,
};

const notInMatrix: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.not-in-matrix',
  remedy: 'The management cluster is updated first.',
  statement: 'A multicluster engine runs on the OpenShift versions of its matrix.',
  source: MATRIX,
  check(facts) {
    const mce = mceOf(facts);
    if (mce === undefined || isWithin(facts.management, mce.management) !== false) return undefined;
    return `MCE ${mce.version} runs on ${mce.management.from} to ${mce.management.to}, not on ${facts.management}`;
  },
};

/** `a hosted cluster of 4.17.4`, `hosted clusters of 4.16.4, 4.17.4`. */
function ofReleases(hostedClusters: OperatorUpgrade['hostedClusters']): string {
  const releases = new Set(hostedClusters.map(({ release }) => release));
  const noun = hostedClusters.length === 1 ? 'a hosted cluster' : 'hosted clusters';
  return `${noun} of ${[...releases].join(', ')}`;
}

const hostedDuringUpdate: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.hosted-during-update',
  remedy:
    'The hosted clusters outside of that range are upgraded first, move to another management cluster, or are detached from the engine.',
  statement:
    'While a multicluster engine is updated, hosted clusters run the versions that the documents name for the update.',
  source: MATRIX,
  check(facts) {
    const mce = mceOf(facts);
    const during = mce?.duringUpdate;
    if (during === undefined || mceRelease(facts.from.version) === mce) return undefined;
    const outside = facts.hostedClusters.filter(({ release }) => isWithin(release, during) === false);
    return outside.length === 0
      ? undefined
      : `${ofReleases(outside)}; the update to MCE ${facts.to.version} is for ${during.from} to ${during.to}`;
  },
};

const oneAtATime: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.skips-a-version',
  where: 'reconcile',
  remedy: 'It takes each version in between first.',
  statement:
    'A multicluster engine is updated from each version to the next: the Operator Lifecycle Manager installs what the update graph leads to, and nothing else.',
  source: OLM,
  check({ from, to }) {
    if (from.product !== 'MCE' || to.product !== 'MCE') return undefined;
    const [before, after] = [from, to].map(({ version }) => MCE_RELEASES.indexOf(mceRelease(version)!));
    if (before === -1 || after === -1 || after! - before! <= 1) return undefined;
    return `MCE ${from.version} to ${to.version} skips ${after! - before! - 1} in the table`;
  },
};

const isOlder = (from: string, to: string): boolean => {
  const [before, after] = [parseVersion(from), parseVersion(to)];
  return before !== undefined && after !== undefined && compareVersions(after, before) < 0;
};

const downgrade: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.downgrade',
  where: 'reconcile',
  remedy: 'Nothing: go on to a version in which the fault is mended.',
  statement: 'The Operator Lifecycle Manager never takes a multicluster engine back to an earlier version.',
  source: OLM,
  check({ from, to }) {
    if (from.product !== 'MCE' || to.product !== 'MCE') return undefined;
    return isOlder(from.version, to.version) ? `${to.version} is older than ${from.version}` : undefined;
  },
};

const rollback: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.rollback',
  remedy: 'Nothing that is supported: go on to a version in which the fault is mended.',
  statement:
    'A HyperShift operator that `hypershift install` put there can be put back, and nobody has tried what it then makes of newer objects.',
  source: 'openshift/hypershift cmd/install/install.go (assumed: no check, no test of it)',
  check({ from, to }) {
    if (from.product !== 'HyperShift' || to.product !== 'HyperShift') return undefined;
    return isOlder(from.version, to.version) ? `${to.version} is older than ${from.version}` : undefined;
  },
};

const strandsHosted: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.strands-hosted-clusters',
  remedy:
    'The hosted clusters outside of that range are upgraded first, or move to another management cluster.',
  statement:
    'A hosted cluster whose release the new operator does not take is not reconciled any more; nothing keeps the operator from being updated.',
  source: 'openshift/hypershift support/supportedversion/version.go IsValidReleaseVersion @3ee96155',
  check({ to, hostedClusters }) {
    const stranded = hostedClusters.filter(({ release, platform }) => {
      const minor = minorOf(release);
      const window = windowOf(to, platform);
      if (minor === undefined || window === undefined) return false;
      return minor < window.min || minor > window.latest;
    });
    if (stranded.length === 0) return undefined;
    const { min, latest } = windowOf(to, stranded[0]!.platform)!;
    return `${ofReleases(stranded)}; ${to.product} ${to.version} takes ${minorName(min)} to ${minorName(latest)}`;
  },
};

const managementFirst: Rule<OperatorUpgrade> = {
  ...OPERATOR,
  id: 'operator.before-management',
  remedy: 'The management cluster is updated first.',
  statement:
    'The order of updates is management cluster, operator, hosted clusters, node pools: an operator for a newer management version waits for ' +
    'it, as long as the old operator runs on that version, too.',
  source: 'openshift/openshift-docs modules/hcp-updating-requirements.adoc @13310561',
  check({ from, to, management }) {
    const before = from.product === 'MCE' ? mceRelease(from.version) : undefined;
    const after = to.product === 'MCE' ? mceRelease(to.version) : undefined;
    const minor = minorOf(management);
    if (before === undefined || after === undefined || minor === undefined || before === after)
      return undefined;
    if (minor >= minorOf(before.management.to)!) return undefined;
    return `MCE ${from.version} runs on ${before.management.to}, too; the management cluster is at ${management}`;
  },
};

export const OPERATOR_RULES: readonly Rule<OperatorUpgrade>[] = [
  OPERATOR_UNKNOWN,
  notInMatrix,
  hostedDuringUpdate,
  oneAtATime,
  downgrade,
  rollback,
  strandsHosted,
  managementFirst,
];
