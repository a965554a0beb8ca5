/** Conditions on metrics: what a statistic over their values is, and how it is compared with a bound. */
import type { MetricValue } from '../../sim/result.ts';
import type { ConditionOp, StopCondition } from '../plan/campaign.ts';

/**
 * A statistic over values, of which there is at least one.
 * @param stat min, max, mean or p1 to p99; percentiles by nearest rank
 */
export function statistic(stat: string, values: readonly number[]): number {
  if (stat === 'mean') return values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = values.toSorted((a, b) => a - b);
  if (stat === 'min') return sorted[0]!;
  if (stat === 'max') return sorted.at(-1)!;
  const rank = Math.ceil((Number(stat.slice(1)) / 100) * sorted.length);
  return sorted[Math.max(1, rank) - 1]!;
}

/** Whether a measured value stands to a bound as the operator says. */
export function holds(measured: number, op: ConditionOp, bound: number): boolean {
  switch (op) {
    case '>=':
      return measured >= bound;
    case '>':
      return measured > bound;
    case '<=':
      return measured <= bound;
    case '<':
      return measured < bound;
    case '==':
      return measured === bound;
  }
}

/** What a condition measures over metrics when it holds; undefined when it does not, or when there is nothing to measure. */
export function heldBy(condition: StopCondition, metrics: readonly MetricValue[]): number | undefined {
  const values = metrics
    .filter(({ metric, labels, value }) => {
      const selected = Object.entries(condition.select).every(([label, names]) =>
        names.includes(labels[label] ?? ''),
      );
      return metric === condition.metric && selected && Number.isFinite(value);
    })
    .map(({ value }) => value);
  if (values.length === 0) return undefined;
  const measured = statistic(condition.stat, values);
  return holds(measured, condition.op, condition.value) ? measured : undefined;
}
