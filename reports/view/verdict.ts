/** What the gates of a run amount to. */
import type { GateVerdict, RunResult, Verdict } from '../../sim/result.ts';
import { fellShort } from './campaigns.ts';
import { formatApart, formatHalfWidth, formatSpan, formatValue, plural } from './format.ts';
import { owner } from './labels.ts';

/** A failed gate outweighs an inconclusive one, which outweighs a passed one. undefined: no gates, nothing to judge. */
export function overall(gates: readonly GateVerdict[]): Verdict | undefined {
  if (gates.length === 0) return undefined;
  if (gates.some((gate) => gate.verdict === 'fail')) return 'fail';
  return gates.some((gate) => gate.verdict === 'inconclusive') ? 'inconclusive' : 'pass';
}

/**
 * `PASS: 3 gates passed over 1d`, `FAIL: 1 gate failed, 2 passed over 1d`, `NO GATES: …`; and which campaigns fell short, since gates
 * may be about other things.
 */
export function headline(run: RunResult): string {
  const short = run.campaigns.filter((one) => fellShort(one) > 0);
  if (short.length === 0) return gatesText(run);
  const [first, ...others] = short;
  const whose = others.length === 0 ? `campaign ${first!.name}` : plural(short.length, 'campaign');
  const most = `${others.length === 0 ? '' : 'up to '}${Math.max(...short.map(fellShort))}`;
  const often = run.replications > 1 ? ` in ${most} of ${run.replications} replications` : '';
  return `${gatesText(run)}; ${whose} fell short${often}`;
}

function gatesText(run: RunResult): string {
  const over = `over ${formatSpan(run.duration)}`;
  const verdict = overall(run.gates);
  const unjudged = run.unjudgedGates ?? 0;
  if (unjudged > 0)
    return `GATES NOT JUDGED: ${plural(unjudged, 'gate')} of whole runs, ${plural(run.outages.length, 'outage')} ${over}`;
  if (verdict === undefined)
    return `NO GATES: nothing is judged, ${plural(run.outages.length, 'outage')} ${over}`;
  const parts = (['fail', 'inconclusive', 'pass'] as const).flatMap((kind) => {
    const count = run.gates.filter((gate) => gate.verdict === kind).length;
    return count > 0 ? [{ count, word: WORDS[kind] }] : [];
  });
  const text = parts.map(({ count, word }, i) =>
    i === 0 ? `${plural(count, 'gate')} ${word}` : `${count} ${word}`,
  );
  return `${verdict.toUpperCase()}: ${text.join(', ')} ${over}`;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
};

/** What was measured, with its half-width: `99.9456% ±0.001%`, or `nothing to measure`. */
export function measuredText({ measured, bound, interval, unit }: GateVerdict): string {
  if (measured === undefined) return 'nothing to measure';
  const [value] = formatApart(measured, bound, unit);
  return interval ? `${value} ${formatHalfWidth(interval, unit)}` : value;
}

/** `min api.uptime of 20`; a single value has no minimum. */
export function measureName({ stat, metric, samples }: GateVerdict): string {
  if (samples === 1) return metric;
  return samples === 0 ? `${stat} ${metric}` : `${stat} ${metric} of ${samples}`;
}

/** `>= 100%`. */
export function boundText({ op, bound, measured, unit }: GateVerdict): string {
  const text = measured === undefined ? formatValue(bound, unit) : formatApart(measured, bound, unit)[1];
  return `${op} ${text}`;
}

/** Whom the worst value belongs to, where it is somebody's. */
export function worstOwner(gate: GateVerdict): string {
  return gate.worst && gate.verdict !== 'pass' ? owner(gate.worst) : '';
}
