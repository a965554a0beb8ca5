/** Gates: conditions on the metrics of a run, read from their written form and judged. */
import { labelsOf, METRICS, type Metric, metricOf } from '../models/metrics.ts';
import { holds, statistic } from '../models/results/condition.ts';
import { isTooLong, parseDuration } from '../sim/duration.ts';
import type { GateVerdict, Interval, Labels, MetricValue, Unit, Verdict } from '../sim/result.ts';
import { toSeconds } from '../sim/time.ts';
import { didYouMean, listed } from './errors/suggest.ts';
import { matches } from './read/globs.ts';
import { parsePercentage } from './read/percentage.ts';
import type { GateSpec } from './schema/gates.ts';
import { NOT_TOO_LONG } from './schema/values.ts';
import type { Cursor } from './source/cursor.ts';

export type GateOp = GateSpec['op'];

export interface Gate {
  readonly name: string;
  readonly metric: string;
  readonly unit: Unit;
  /** Labels that a value must have, by pattern. */
  readonly select: Labels;
  /** min, max, mean or p1 to p99. */
  readonly stat: string;
  readonly op: GateOp;
  /** A ratio, seconds or a count, by the unit of the metric. */
  readonly value: number;
}

/** The gate as it is judged, or undefined after reporting what is wrong with it. */
export function readGate(spec: GateSpec, cursor: Cursor): Gate | undefined {
  const metric = metricOf(spec.metric);
  if (metric === undefined) {
    const ids = METRICS.map((one) => one.id);
    cursor.to('metric').report('unknown-metric', {
      found: `unknown metric "${spec.metric}"`,
      expected: `one of ${listed(ids, 30)}`,
      hint: didYouMean(spec.metric, ids),
    });
    return undefined;
  }
  checkLabels(spec, metric, cursor);
  const value = readBound(spec.value, metric.unit, cursor.to('value'));
  if (value === undefined) return undefined;
  const { op } = spec;
  const stat = spec.stat ?? (metric.better === 'higher' ? 'min' : 'max');
  const name = spec.name ?? `${metric.id} ${stat} ${op} ${spec.value}`;
  return { name, metric: metric.id, unit: metric.unit, select: spec.select, stat, op, value };
}

function checkLabels(spec: GateSpec, metric: Metric, cursor: Cursor): void {
  const known = labelsOf(metric);
  for (const label of Object.keys(spec.select)) {
    if (known.includes(label)) continue;
    cursor.to('select', label).reportKey('unknown-key', {
      found: `${metric.id} has no label "${label}"`,
      expected: known.length === 0 ? 'no select: the metric has one value' : listed(known),
      hint: didYouMean(label, known),
    });
  }
}

function readBound(written: string | number, unit: Unit, place: Cursor): number | undefined {
  const value = typeof written === 'number' ? numericBound(written, unit) : textBound(written, unit);
  if (value !== undefined) return value;
  if (unit === 'seconds' && isTooLong(String(written))) {
    place.report('out-of-range', { found: String(written), expected: NOT_TOO_LONG });
    return undefined;
  }
  const bare = unit === 'seconds' && /^[0-9.]+$/.test(String(written));
  place.report(bare ? 'bare-duration' : 'bad-gate-value', {
    found: String(written),
    expected: EXPECTED[unit],
    hint: bare ? `say which unit: ${written}s, ${written}m` : percentHint(written, unit),
  });
  return undefined;
}

const EXPECTED: Readonly<Record<Unit, string>> = {
  ratio: 'a ratio from 0 to 1 or a percentage such as 99.9%',
  seconds: 'a duration such as 90s or 5m',
  count: 'a number that is not negative',
};

function numericBound(written: number, unit: Unit): number | undefined {
  if (unit === 'ratio') return written >= 0 && written <= 1 ? written : undefined;
  if (unit === 'seconds') return written === 0 ? 0 : undefined;
  return written >= 0 ? written : undefined;
}

function textBound(written: string, unit: Unit): number | undefined {
  if (unit === 'ratio') return parsePercentage(written);
  if (unit === 'count') return undefined;
  const duration = parseDuration(written);
  return duration === undefined || isTooLong(written) ? undefined : toSeconds(duration);
}

function percentHint(written: string | number, unit: Unit): string {
  return unit === 'ratio' && Number(written) > 1 && Number(written) <= 100 ? `write ${written}%` : '';
}

/**
 * Judges gates over the metrics of a run, in the order of the gates.
 *
 * The statistic is taken over the values that the selector picks; percentiles by nearest rank. Where values carry intervals
 * (several replications), the statistic of their lower ends and of their upper ends bounds it, since every statistic grows
 * with its values; a bound inside that interval leaves the gate inconclusive, as does having nothing to measure.
 */
export function judge(gates: readonly Gate[], metrics: readonly MetricValue[]): readonly GateVerdict[] {
  return gates.map((gate) => judgeOne(gate, metrics));
}

function judgeOne(gate: Gate, metrics: readonly MetricValue[]): GateVerdict {
  const { name, metric, stat, op, unit, value: bound } = gate;
  const selected = metrics.filter((one) => one.metric === metric && selects(gate.select, one.labels));
  const samples = selected.filter((one) => Number.isFinite(one.value));
  const base = { name, metric, stat, op, bound, unit, samples: samples.length };
  if (samples.length === 0) {
    const absent = metricOf(metric)?.absent ?? 'no value of the metric is selected';
    const why = selected.length === 0 ? absent : 'no selected value is a number';
    return { ...base, verdict: 'inconclusive', interval: null, note: why };
  }
  const measured = statistic(
    stat,
    samples.map((one) => one.value),
  );
  const interval = intervalOf(stat, samples);
  const verdict = interval === null ? decide(measured, op, bound) : decideInterval(interval, op, bound);
  const worst = stat === 'mean' ? undefined : samples.find((one) => one.value === measured)?.labels;
  return {
    ...base,
    verdict,
    measured,
    interval,
    ...(worst === undefined ? {} : { worst }),
    note: verdict === 'inconclusive' ? 'the interval contains the bound: more replications would decide' : '',
  };
}

function selects(select: Labels, labels: Labels): boolean {
  return Object.entries(select).every(([label, pattern]) => {
    const value = labels[label];
    return value !== undefined && matches(pattern, value);
  });
}

function intervalOf(stat: string, samples: readonly MetricValue[]): Interval | null {
  const first = samples.find((one) => one.interval !== null)?.interval;
  if (first == null) return null;
  const low = statistic(
    stat,
    samples.map((one) => one.interval?.low ?? one.value),
  );
  const high = statistic(
    stat,
    samples.map((one) => one.interval?.high ?? one.value),
  );
  return { low, high, halfWidth: (high - low) / 2, confidence: first.confidence };
}

function decide(measured: number, op: GateOp, bound: number): Verdict {
  return holds(measured, op, bound) ? 'pass' : 'fail';
}

function decideInterval({ low, high }: Interval, op: GateOp, bound: number): Verdict {
  if (op === '==')
    return low === bound && high === bound ? 'pass' : low > bound || high < bound ? 'fail' : 'inconclusive';
  const [atLow, atHigh] = [holds(low, op, bound), holds(high, op, bound)];
  return atLow && atHigh ? 'pass' : atLow || atHigh ? 'inconclusive' : 'fail';
}
