/** Clusters by services: one row per cluster, or per group of clusters whose figures are the same. */
import type { MetricValue, RunResult } from '../../sim/result.ts';
import { toSeconds } from '../../sim/time.ts';
import { groupReadably, keyOf } from './labels.ts';
import { compareNames } from './names.ts';

export interface Column {
  readonly title: string;
  /** Id of a metric that is a share of time or of requests. */
  readonly metric: string;
}

export const HOSTED_COLUMNS: readonly Column[] = [
  { title: 'api uptime', metric: 'api.uptime' },
  { title: 'api', metric: 'api.availability' },
  ...['etcd', 'controllers', 'tunnel', 'oauth', 'join', 'workloads'].map((service) => ({
    title: service,
    metric: `${service}.availability`,
  })),
];

export const MANAGEMENT_COLUMNS: readonly Column[] = ['management', 'lifecycle'].map((service) => ({
  title: service,
  metric: `${service}.availability`,
}));

/** The figures of a group in one column: worst and best; the same value twice when all are equal. */
export interface Cell {
  readonly worst: MetricValue;
  readonly best: MetricValue;
}

export interface MatrixRow {
  readonly clusters: readonly string[];
  /** One per column; undefined where the cluster has no such metric. */
  readonly cells: readonly (Cell | undefined)[];
}

interface ClusterFigures {
  readonly cluster: string;
  readonly values: readonly (MetricValue | undefined)[];
}

/**
 * The table of a run, worst rows first. Clusters with equal figures share a row; when that leaves more than `most` rows, those
 * whose same services were touched share one, with the worst and the best figure.
 */
export function matrix(
  run: RunResult,
  columns: readonly Column[],
  label: 'hostedCluster' | 'managementCluster',
  most = 12,
): MatrixRow[] {
  const figures = collect(run.metrics, columns, label);
  const groups = groupReadably(figures, [exactKey, touchedKey, () => 'all'], most);
  return groups
    .map((group) => toRow(group, columns.length))
    .sort((a, b) => lost(b) - lost(a) || compareNames(a.clusters[0]!, b.clusters[0]!));
}

/** The time that a value below 1 cost: (1 - value) of the window, in seconds. For a service that is up or down, its down time. */
export function lostSeconds(value: MetricValue, run: RunResult): number {
  return (1 - value.value) * toSeconds(run.duration);
}

function collect(
  metrics: readonly MetricValue[],
  columns: readonly Column[],
  label: 'hostedCluster' | 'managementCluster',
): ClusterFigures[] {
  const index = new Map(columns.map((column, i) => [column.metric, i]));
  const byCluster = new Map<string, (MetricValue | undefined)[]>();
  for (const metric of metrics) {
    const column = index.get(metric.metric);
    const cluster = metric.labels[label];
    if (column === undefined || cluster === undefined) continue;
    const values = byCluster.get(cluster) ?? columns.map(() => undefined);
    values[column] = metric;
    byCluster.set(cluster, values);
  }
  return [...byCluster].map(([cluster, values]) => ({ cluster, values }));
}

const exactKey = ({ values }: ClusterFigures): string =>
  keyOf(...values.map((v) => (v ? [v.value, v.interval?.halfWidth ?? null] : null)));

const touchedKey = ({ values }: ClusterFigures): string =>
  keyOf(...values.map((v) => (v ? (v.value === 1 ? 'up' : v.value === 0 ? 'down' : 'between') : null)));

function toRow(group: readonly ClusterFigures[], columns: number): MatrixRow {
  const cells = Array.from({ length: columns }, (_, i) => {
    const values = group.flatMap((figures) => figures.values[i] ?? []);
    if (values.length === 0) return undefined;
    const worst = values.reduce((a, b) => (b.value < a.value ? b : a));
    const best = values.reduce((a, b) => (b.value > a.value ? b : a));
    return { worst, best };
  });
  return { clusters: group.map((figures) => figures.cluster).sort(compareNames), cells };
}

const lost = (row: MatrixRow): number =>
  row.cells.reduce((total, cell) => total + (cell ? 1 - cell.worst.value : 0), 0);
