/** From what the recorders hold to metrics: one value per metric of the catalogue and cluster. */

import type { Labels, MetricValue } from '../../sim/result.ts';
import { type Micros, START, toSeconds } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { RestoreLedger } from '../hosted/restore-ledger.ts';
import type { ClusterId } from '../ids.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import { METRICS, type Metric } from '../metrics.ts';
import { SERVICES, type Service, serviceSubject } from '../services.ts';
import type { ExposureRecorder } from './exposure-recorder.ts';
import type { PendingRecorder } from './pending-recorder.ts';
import {
  type ServiceHistory,
  type ServiceRecorder,
  type StepSummary,
  summarize,
} from './service-recorder.ts';
import type { SkewRecorder } from './skew-recorder.ts';
import { blocked, longestUpgrade } from './upgrades.ts';

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
  readonly ledger: RestoreLedger;
  readonly summaries: ReadonlyMap<number, StepSummary>;
  /** The same of the future with the hosted control planes held up; undefined when that was not run. */
  readonly heldUp: ReadonlyMap<number, StepSummary> | undefined;
  readonly recorders: Recorders;
  readonly leadership: Leadership;
  readonly fleet: BuiltFleet;
  readonly window: Micros;
}

type Estimator = (cluster: ClusterId, sources: Sources) => number;

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
  'api.uptime': (cluster, sources) => 1 - ofApi((s) => s.down)(cluster, sources) / (sources.window - START),
  'api.downtime': ofApi((s) => toSeconds(s.down as Micros)),
  'api.degraded': ofApi((s) => toSeconds(s.degraded as Micros)),
  'api.outages': ofApi((s) => s.outages),
  'api.longestOutage': ofApi((s) => toSeconds(s.longestOutage as Micros)),
  'exposure.api': (cluster, { recorders, window }) => recorders.exposure.exposed(cluster, window) / window,
  'restore.rpo': (cluster, { ledger }) => ledger.rpo(cluster),
  'restore.rto': (cluster, { ledger }) => ledger.rto(cluster),
  'workloads.lostToControlPlane': lostToControlPlane,
  'leaders.availability': (cluster, { leadership, window }) => {
    const gaps = leadership.of(cluster).map((lease) => leadership.leases.vacant(lease));
    return 1 - gaps.reduce((sum, gap) => sum + gap, 0) / (gaps.length * (window - START));
  },
  'leaders.longestGap': (cluster, { leadership }) =>
    toSeconds(
      Math.max(...leadership.of(cluster).map((lease) => leadership.leases.longestVacancy(lease))) as Micros,
    ),
  'upgrade.duration': (cluster, { fleet, window }) =>
    toSeconds(longestUpgrade(fleet, cluster, window) as Micros),
  'upgrade.blocked': (cluster, { fleet, window }) => toSeconds(blocked(fleet, cluster, window) as Micros),
  'skew.violations': (cluster, { recorders }) => recorders.skew.violations(cluster).length,
  'pods.pending': (cluster, { recorders }) => recorders.pending.most(cluster),
};

function estimator(metric: Metric): Estimator {
  const own = OWN_ESTIMATORS[metric.id];
  if (own) return own;
  const service = SERVICES.find((candidate) => metric.id === `${candidate}.availability`);
  if (service === undefined) throw new RangeError(`metric ${metric.id} has no estimator`);
  return availability(service);
}

/**
 * All metrics of one replication over the window from 0 to `end`. Services that do not exist somewhere (a tunnel without workers) have no
 * value there, rather than a flattering one.
 */
export function collectMetrics(
  fleet: BuiltFleet,
  recorders: Recorders,
  end: Micros,
  against?: HeldUp,
): MetricValue[] {
  const histories = recorders.services.histories();
  const summaries = summariesOf(histories, end);
  const heldUp = against && summariesOf(against.services.histories(), end);
  const { leadership, ledger } = fleet.world;
  const sources = { fleet, ledger, leadership, summaries, heldUp, recorders, window: end };
  return METRICS.flatMap((metric) => {
    if (metric.scope === 'fleet') return [value(metric, {}, affected(fleet, histories))];
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

function summariesOf(histories: readonly ServiceHistory[], end: Micros): ReadonlyMap<number, StepSummary> {
  return new Map(histories.map((history) => [history.subject, summarize(history.steps(), end)]));
}

function value(metric: Metric, labels: Labels, measured: number): MetricValue {
  return { metric: metric.id, unit: metric.unit, labels, value: measured, interval: null };
}

/** Largest share of hosted clusters whose API was below 1 at one time. */
function affected(fleet: BuiltFleet, histories: readonly ServiceHistory[]): number {
  const bySubject = new Map(histories.map((history) => [history.subject, history]));
  const changes: { at: number; difference: number }[] = [];
  for (const cluster of fleet.hostedClusters.values()) {
    const subject = serviceSubject(cluster, 'api');
    const steps = bySubject.get(subject)?.steps() ?? [];
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
