/** Which release a node pool may be told: condition ValidReleaseImage. While it is False the pool is not reconciled; its nodes run on. */
import type { NodePoolUpgrade } from '../facts.ts';
import { windowOf } from '../operators.ts';
import type { Rule } from '../rule.ts';
import { minorName, minorOf } from '../version.ts';

const POOL = {
  subject: 'NodePool',
  where: 'reconcile',
  source:
    'openshift/hypershift hypershift-operator/controllers/nodepool/nodepool_controller.go @3ee96155, lines 703 to 774',
} as const;

const aboveCluster: Rule<NodePoolUpgrade> = {
  ...POOL,
  id: 'node-pool.above-hosted-cluster',
  remedy: 'Its hosted cluster is upgraded first.',
  statement:
    'The minor of a node pool is at most that of the newest release that its hosted cluster has completed.',
  check({ to, hostedCluster }) {
    const after = minorOf(to);
    const most = minorOf(hostedCluster);
    if (after === undefined || most === undefined || after <= most) return undefined;
    return `${to} is a later minor than ${hostedCluster}, which the hosted cluster has completed`;
  },
};

/** The check of hosted clusters is called with the release of the hosted cluster as the latest, and takes no more than its own latest for that. */
const aboveOperator: Rule<NodePoolUpgrade> = {
  ...POOL,
  id: 'node-pool.above-operator',
  remedy: 'The operator of its management cluster is updated first.',
  statement: 'The minor of a node pool is at most the latest that the operator supports.',
  source: 'openshift/hypershift support/supportedversion/version.go IsValidReleaseVersion @3ee96155',
  check({ to, operator, platform }) {
    const after = minorOf(to);
    const latest = windowOf(operator, platform)?.latest;
    if (after === undefined || latest === undefined || after <= latest) return undefined;
    return `${to} is above ${minorName(latest)}, the latest of ${operator.product} ${operator.version}`;
  },
};

const belowMinimum: Rule<NodePoolUpgrade> = {
  ...POOL,
  id: 'node-pool.below-minimum',
  remedy: 'It takes a newer release.',
  statement: 'The minor of a node pool is at least the oldest that the operator supports.',
  check({ to, operator, platform }) {
    const after = minorOf(to);
    const min = windowOf(operator, platform)?.min;
    if (after === undefined || min === undefined || after >= min) return undefined;
    return `${to} is below ${minorName(min)}, the oldest of ${operator.product} ${operator.version}`;
  },
};

const downgrade: Rule<NodePoolUpgrade> = {
  ...POOL,
  id: 'node-pool.downgrade',
  remedy: 'Another pool of the earlier release takes its place.',
  statement: 'A node pool does not go back to an earlier minor.',
  check({ from, to }) {
    const before = minorOf(from);
    const after = minorOf(to);
    if (before === undefined || after === undefined || after >= before) return undefined;
    return `${to} is an earlier minor than ${from}`;
  },
};

const architecture: Rule<NodePoolUpgrade> = {
  ...POOL,
  id: 'node-pool.architecture',
  remedy: 'The hosted cluster takes a release image for all architectures (multi).',
  statement: 'The release image of the hosted cluster is built for the architecture of the pool, or for all.',
  source:
    'openshift/hypershift hypershift-operator/controllers/nodepool/nodepool_controller.go validateHCPayloadSupportsNodePoolCPUArch @3ee96155',
  check: ({ arch, payload }) =>
    payload === 'multi' || payload === arch
      ? undefined
      : `${arch} machines with a release image for ${payload}`,
};

export const POOL_RELEASE: readonly Rule<NodePoolUpgrade>[] = [
  aboveCluster,
  aboveOperator,
  belowMinimum,
  downgrade,
  architecture,
];
