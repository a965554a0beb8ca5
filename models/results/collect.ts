/** From what the recorders hold to metrics: one value per metric of the catalogue and cluster. */

import type { Labels, MetricValue } from '../../sim/result.ts';
import { type Micros, START, toSeconds } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { CampaignId, ClusterId } from '../ids.ts';
import { METRICS, type Metric } from '../metrics.ts';
import { SERVICES, type Service, serviceSubject } from '../services.ts';
import type { Campaigns } from '../upgrades/campaign/campaigns.ts';
import { reachOf } from './campaign-reach.ts';
import type { ExposureRecorder } from './exposure-recorder.ts';
import type { PendingRecorder } from './pending-recorder.ts';
import { type ServiceRecorder, type Step, type StepSummary, summarize } from './service-recorder.ts';
import type { SkewRecorder } from './skew-recorder.ts';
import { blocked, longestUpgrade, unfinished } from './upgrades.ts';
import { type Mark, peakSince, stepsSince, totalsOf } from './window.ts';

export interface Recorders {
  readonly services: ServiceRecorder;
  readonly exposure: ExposureRecorder;
  readonly pending: PendingRecorder;
  readonly skew: SkewRecorder;
}

/** The same future with the hosted control planes held up, as far as it was run. */
export type HeldUp = Pick<Recorders, 'services'> | undefined;

/** What a metric needs to be computed for one cluster. */
interface Sources {
  readonly summaries: ReadonlyMap<number, StepSummary>;
  /** The same of the future with the hosted control planes held up; undefined when that was not run. */
  readonly heldUp: ReadonlyMap<number, StepSummary> | undefined;
  readonly recorders: Recorders;
  readonly fleet: BuiltFleet;
  /** Measured are these instants and what is between them. */
  readonly from: Micros;
  readonly end: Micros;
  /** What had been added up at `from`; undefined from the beginning of the run. */
  readonly mark: Mark | undefined;
}

type Estimator = (cluster: ClusterId, sources: Sources) => number;

const lengthOf = ({ from, end }: Sources): number => end - from;

const totals = (cluster: ClusterId, { fleet, recorders, end }: Sources) =>
  totalsOf(fleet, recorders.exposure, cluster, end);

/** What was added to a total since the measurement began. */
const added = (total: 'exposed' | 'vacant', cluster: ClusterId, sources: Sources): number =>
  totals(cluster, sources)[total] - (sources.mark?.totals.get(cluster)?.[total] ?? 0);

const peak =
  (of: 'longestGap' | 'rpo' | 'rto'): Estimator =>
  (cluster, sources) =>
    peakSince(totals(cluster, sources)[of], sources.mark?.totals.get(cluster)?.[of]);

const ofApi =
  (read: (summary: StepSummary) => number): Estimator =>
  (cluster, { summaries }) =>
    read(summaries.get(serviceSubject(cluster, 'api'))!);

const availability =
  (service: Service): Estimator =>
  (cluster, { summaries }) =>
    summaries.get(serviceSubject(cluster, service))?.mean ?? Number.NaN;

/** Replicas times time that were there with the control plane held up, and were not without. */
function lostToControlPlane(cluster: ClusterId, { summaries, heldUp }: Sources): number {
  const subject = serviceSubject(cluster, 'workloads');
  const real = summaries.get(subject);
  const held = heldUp?.get(subject);
  if (real === undefined || held === undefined) return Number.NaN;
  return toSeconds((held.served - real.served) as Micros);
}

const OWN_ESTIMATORS: Readonly<Record<string, Estimator>> = {
  'api.uptime': (cluster, sources) => 1 - ofApi((s) => s.down)(cluster, sources) / lengthOf(sources),
  'api.downtime': ofApi((s) => toSeconds(s.down as Micros)),
  'api.degraded': ofApi((s) => toSeconds(s.degraded as Micros)),
  'api.outages': ofApi((s) => s.outages),
  'api.longestOutage': ofApi((s) => toSeconds(s.longestOutage as Micros)),
  'exposure.api': (cluster, sources) => added('exposed', cluster, sources) / lengthOf(sources),
  'restore.rpo': peak('rpo'),
  'restore.rto': peak('rto'),
  'workloads.lostToControlPlane': lostToControlPlane,
  'leaders.availability': (cluster, sources) => {
    const leases = sources.fleet.world.leadership.of(cluster).length;
    return 1 - added('vacant', cluster, sources) / (leases * lengthOf(sources));
  },
  'leaders.longestGap': (cluster, sources) => toSeconds(peak('longestGap')(cluster, sources) as Micros),
  'upgrade.duration': (cluster, { fleet, from, end }) =>
    toSeconds(longestUpgrade(fleet, cluster, { from, to: end }) as Micros),
  'upgrade.blocked': (cluster, { fleet, from, end }) =>
    toSeconds(blocked(fleet, cluster, { from, to: end }) as Micros),
  'upgrade.unfinished': (cluster, { fleet, from }) => unfinished(fleet, cluster, from),
  'skew.violations': (cluster, { recorders, from }) =>
    recorders.skew.violations(cluster).filter((one) => one.from >= from).length,
  'pods.pending': (cluster, { recorders, from }) => recorders.pending.most(cluster, from),
};

function estimator(metric: Metric): Estimator {
  const own = OWN_ESTIMATORS[metric.id];
  if (own) return own;
  const service = SERVICES.find((candidate) => metric.id === `${candidate}.availability`);
  if (service === undefined) throw new RangeError(`metric ${metric.id} has no estimator`);
  return availability(service);
}

export interface CollectOptions {
  readonly against?: HeldUp;
  readonly mark?: Mark;
  /** Undefined where they go on still: how far they got is known at the end. */
  readonly campaigns?: Campaigns;
}

/**
 * All metrics of one replication from its beginning, or from a mark, to `end`. Services that do not exist somewhere (a tunnel without workers) have no
 * value there, rather than a flattering one.
 */
export function collectMetrics(
  fleet: BuiltFleet,
  recorders: Recorders,
  end: Micros,
  { against, mark, campaigns }: CollectOptions = {},
): MetricValue[] {
  const from = mark?.at ?? START;
  const steps = stepsOf(recorders, from);
  const summaries = summariesOf(steps, end);
  const heldUp = against && summariesOf(stepsOf(against, from), end);
  const sources = { fleet, summaries, heldUp, recorders, from, end, mark };
  return METRICS.flatMap((metric) => {
    if (metric.scope === 'fleet') return [value(metric, {}, affected(fleet, steps))];
    if (metric.scope === 'campaign') return campaigns === undefined ? [] : reached(metric, fleet, campaigns);
    const estimate = estimator(metric);
    return clustersOf(metric, fleet)
      .map((cluster) => value(metric, fleet.labelsOf(cluster), estimate(cluster, sources)))
      .filter((entry) => !Number.isNaN(entry.value));
  });
}

function clustersOf({ scope }: Metric, { hostedClusters, managementClusters }: BuiltFleet): ClusterId[] {
  return [
    ...(scope === 'managementCluster' ? [] : hostedClusters.values()),
    ...(scope === 'hostedCluster' ? [] : managementClusters.values()),
  ];
}

/** The steps of every service, by subject. */
type StepsBySubject = ReadonlyMap<number, readonly Step[]>;

function stepsOf({ services }: Pick<Recorders, 'services'>, from: Micros): StepsBySubject {
  return new Map(services.histories().map((history) => [history.subject, stepsSince(history.steps(), from)]));
}

function summariesOf(steps: StepsBySubject, end: Micros): ReadonlyMap<number, StepSummary> {
  return new Map([...steps].map(([subject, own]) => [subject, summarize(own, end)]));
}

function value(metric: Metric, labels: Labels, measured: number): MetricValue {
  return { metric: metric.id, unit: metric.unit, labels, value: measured, interval: null };
}

function reached(metric: Metric, fleet: BuiltFleet, campaigns: Campaigns): MetricValue[] {
  return campaigns.plans.map((plan, i) => {
    const { targets, reached } = reachOf(fleet, plan, campaigns.record(i as CampaignId));
    return value(metric, { campaign: plan.name }, reached / targets);
  });
}

/** Largest share of hosted clusters whose API was below 1 at one time. */
function affected(fleet: BuiltFleet, bySubject: StepsBySubject): number {
  const changes: { at: number; difference: number }[] = [];
  for (const cluster of fleet.hostedClusters.values()) {
    const subject = serviceSubject(cluster, 'api');
    const steps = bySubject.get(subject) ?? [];
    let low = false;
    steps.forEach((step, i) => {
      if (steps[i + 1]?.at === step.at) return;
      if (step.value < 1 !== low) changes.push({ at: step.at, difference: low ? -1 : 1 });
      low = step.value < 1;
    });
  }
  changes.sort((a, b) => a.at - b.at || a.difference - b.difference);
  let now = 0;
  let most = 0;
  for (const change of changes) {
    now += change.difference;
    most = Math.max(most, now);
  }
  return fleet.hostedClusters.size === 0 ? 0 : most / fleet.hostedClusters.size;
}
