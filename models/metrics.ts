/**
 * What a run is measured by: one entry per metric, from which listings, checks of gates and reports derive.
 * Ratios are 0 to 1, times are seconds. All are over the whole run, from its first instant to its last.
 */
import type { Unit } from '../sim/result.ts';

export interface Metric {
  readonly id: string;
  readonly unit: Unit;
  /** What there is one value for: each carries the name as a label (hostedCluster with its managementCluster). cluster: both kinds. */
  readonly scope: 'hostedCluster' | 'managementCluster' | 'cluster' | 'campaign' | 'fleet';
  readonly better: 'higher' | 'lower';
  readonly definition: string;
  /** Why there may be no value at all, for who asks for one. */
  readonly absent?: string;
}

const hosted = (id: string, unit: Unit, better: Metric['better'], definition: string): Metric => ({
  id,
  unit,
  scope: 'hostedCluster',
  better,
  definition,
});

const level = 'averaged over the time of the run';

const NOT_UPGRADED = 'nothing of what is selected was upgraded: nobody asked for it, or all was refused';

export const METRICS: readonly Metric[] = [
  hosted(
    'api.availability',
    'ratio',
    'higher',
    `Share of new requests to the hosted API that would succeed, ${level}. With one of three endpoints dead but still listed it is 2/3; without an etcd quorum, or when the load balancer in front fails, it is 0.`,
  ),
  hosted(
    'api.uptime',
    'ratio',
    'higher',
    '1 less the share of time in which no request to the hosted API would succeed. Partly failing time counts as up.',
  ),
  hosted(
    'api.downtime',
    'seconds',
    'lower',
    'Time in which no request to the hosted API would succeed, summed over all outages.',
  ),
  hosted(
    'api.degraded',
    'seconds',
    'lower',
    'Time in which some requests to the hosted API would fail and some succeed, summed over the run.',
  ),
  hosted(
    'api.outages',
    'count',
    'lower',
    'Stretches of time in which no request to the hosted API would succeed; one that is still open at the end counts.',
  ),
  hosted(
    'api.longestOutage',
    'seconds',
    'lower',
    'The longest stretch of time in which no request to the hosted API would succeed; 0 without one.',
  ),
  hosted(
    'etcd.availability',
    'ratio',
    'higher',
    `Share of time in which the etcd of the hosted cluster has a leader with a quorum, ${level}.`,
  ),
  hosted(
    'controllers.availability',
    'ratio',
    'higher',
    `Share of time in which the hosted cluster heals itself: its controller manager and its scheduler have live leaders that reach the API, ${level}.`,
  ),
  hosted(
    'tunnel.availability',
    'ratio',
    'higher',
    `Share of dials from the API servers into the data plane that succeed through Konnectivity, ${level}: each log, exec and port-forward dials anew, and identity providers in the data plane are reached so. Webhooks and aggregated APIs of the data plane go over connections that are kept open, see \`webhooks.availability\`. Not given for a hosted cluster without workers.`,
  ),
  hosted(
    'oauth.availability',
    'ratio',
    'higher',
    `Share of logins at the OAuth server that would succeed, ${level}. Providers reached through the data plane need a worker and a tunnel.`,
  ),
  hosted(
    'join.availability',
    'ratio',
    'higher',
    `Share of time in which a new worker could fetch its ignition configuration, get its certificate and join the hosted cluster, ${level}. On platforms with a cloud controller manager that needs a leader, too: until it has been initialized, a new node runs no pods.`,
  ),
  hosted(
    'workloads.availability',
    'ratio',
    'higher',
    `Running replicas of the applications of the hosted cluster, as a share of those wanted, ${level}. Not given for a hosted cluster without workers.`,
  ),
  hosted(
    'workloads.lostToControlPlane',
    'seconds',
    'lower',
    'What outages of the hosted control plane cost the applications: share of the wanted replicas that ran in the same future with the control plane held up and did not run without, summed over time. 600 s are all replicas for ten minutes, or half of them for twenty. Measured only with spec.controlPlaneLoss.',
  ),
  hosted(
    'aggregatedApis.availability',
    'ratio',
    'higher',
    `Share of requests to the aggregated APIs of the control plane (OpenShift API, OAuth API, package server; the worst of them) that succeed, ${level}. kube-apiserver reaches them through the Konnectivity agents beside the control plane, over connections that it keeps open: one that is refused comes by another server at once, one that falls silent fails until a keepalive notices.`,
  ),
  hosted(
    'webhooks.availability',
    'ratio',
    'higher',
    `Share of writes that succeed of those that a webhook with failurePolicy Fail in the data plane has to admit, ${level}. The webhook itself is taken to answer. The same share of requests to aggregated APIs in the data plane succeeds. Only given for a hosted cluster with failClosedWebhooks.`,
  ),
  hosted(
    'leaders.availability',
    'ratio',
    'higher',
    `Share of time for which a component of the control plane that elects a leader has one, ${level} and over those components (see the reference of components). Without leader nothing of its work is done, whatever runs.`,
  ),
  hosted(
    'leaders.longestGap',
    'seconds',
    'lower',
    'The longest time for which one of those components had no leader.',
  ),
  hosted(
    'exposure.api',
    'ratio',
    'lower',
    'Share of time in which the hosted API is up and losing one more management node would take it down.',
  ),
  hosted(
    'restore.rpo',
    'seconds',
    'lower',
    'Age of the snapshot from which the etcd of the hosted cluster was restored, at the time of its last write: what was written since is lost. The worst, when it was restored several times; given only for hosted clusters that were.',
  ),
  hosted(
    'restore.rto',
    'seconds',
    'lower',
    'Time from the loss of the quorum, or from the stop of the API servers of an etcd that still served, until the API was back after a restore from a snapshot. The longest of several; given only for hosted clusters whose API came back by a restore.',
  ),
  {
    id: 'upgrade.duration',
    unit: 'seconds',
    scope: 'cluster',
    better: 'lower',
    definition:
      'Time from the moment at which another release or configuration of the hosted cluster or one of its node pools, or of the management cluster, its operator or one of its machine config pools, was asked for until it was completed, or superseded by the next; one that a rule refused, and let pass later without anybody asking again, counts from then; that of a hosted cluster is completed when both its histories say so: status.version, which node pools are measured by, and status.controlPlaneVersion (a phase each). The longest of several; one that goes on at the end of the run counts up to there, one that was refused does not count. Given only for clusters that were upgraded; those of a management cluster carry no hostedCluster.',
    absent: NOT_UPGRADED,
  },
  {
    id: 'upgrade.blocked',
    unit: 'seconds',
    scope: 'cluster',
    better: 'lower',
    definition:
      'Time for which some phase of an upgrade of the hosted cluster or one of its node pools, or of the management cluster, its operator or one of its machine config pools, could not go on: waiting for pods, nodes, disruption budgets, rules on versions. Summed over upgrades. Given only for clusters that were upgraded; those of a management cluster carry no hostedCluster.',
    absent: NOT_UPGRADED,
  },
  {
    id: 'upgrade.unfinished',
    unit: 'count',
    scope: 'cluster',
    better: 'lower',
    definition:
      'Of the hosted cluster and its node pools, or of the management cluster, its operator and its machine config pools: how many are not what was last asked of them, because a rule refuses it or because it still goes on at the end of the run. Given only for clusters of which something was asked; those of a management cluster carry no hostedCluster.',
    absent: 'nothing was asked of what is selected',
  },
  {
    id: 'campaign.reached',
    unit: 'ratio',
    scope: 'campaign',
    better: 'higher',
    definition:
      'Share of the targets of a campaign that have at the end of the run what the campaign brings them to: the release of the last of its stages that has them, and its changes. What ' +
      'was refused, still goes on, was brought back, was asked for something else since, or was never asked for does not count, unless it has that release anyhow. Given only for scenarios with campaigns, one value for each.',
    absent: 'no campaign is selected, or there is none',
  },
  {
    id: 'skew.violations',
    unit: 'count',
    scope: 'cluster',
    better: 'lower',
    definition:
      'Stretches of time in which versions that ran side by side in the hosted or management cluster (API servers, controllers, kubelets) broke a rule of the version skew policy, counted for each rule; one from the beginning, and one that goes on at the end, count. Those of a management cluster carry no hostedCluster.',
  },
  {
    id: 'management.availability',
    unit: 'ratio',
    scope: 'managementCluster',
    better: 'higher',
    definition: `Share of time in which the API of the management cluster answers and its etcd has a quorum, ${level}.`,
  },
  {
    id: 'lifecycle.availability',
    unit: 'ratio',
    scope: 'managementCluster',
    better: 'higher',
    definition: `Share of time in which hosted clusters can be created, changed and destroyed: the management API is up and the HyperShift operator has a live leader, ${level}.`,
  },
  {
    id: 'fleet.affected',
    unit: 'ratio',
    scope: 'fleet',
    better: 'lower',
    definition:
      'The largest share of hosted clusters whose API is below full availability at one and the same time.',
  },
  hosted(
    'pods.pending',
    'count',
    'lower',
    'Most pods of the control plane that wait for a node at one and the same time.',
  ),
];

/** The metric of an id, or undefined. */
export function metricOf(id: string): Metric | undefined {
  return METRICS.find((metric) => metric.id === id);
}

/** The labels that values of a metric carry. */
export function labelsOf(metric: Metric): readonly string[] {
  if (metric.scope === 'fleet') return [];
  if (metric.scope === 'campaign') return ['campaign'];
  return metric.scope === 'managementCluster'
    ? ['managementCluster']
    : ['hostedCluster', 'managementCluster'];
}
