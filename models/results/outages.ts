/** Turns the steps of a service into outages: stretches below 1, each with the causal chains of its fall, of its levels and of its end. */
import type { Labels, Outage, Segment, TimelineRow } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import type { Narrative } from './narrative.ts';
import type { ServiceHistory, Step } from './service-recorder.ts';

export interface OutageContext {
  readonly service: string;
  readonly labels: Labels;
  readonly replication: number;
  readonly end: Micros;
}

/** The stretches in which the service was below 1, or until it applied no longer. Levels that last no time are left out. */
export function outagesOf(history: ServiceHistory, context: OutageContext, narrative: Narrative): Outage[] {
  const outages: Outage[] = [];
  let open: Segment[] = [];
  const steps = history.steps();
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    const to = steps[i + 1]?.at ?? context.end;
    const below = step.value < 1;
    if (below && to > step.at)
      open.push({ from: step.at, to, value: step.value, causes: narrative.chain(step.fact) });
    if (!below && to > step.at && open.length > 0) {
      const outage = close(open, context, narrative.chain(step.fact));
      outages.push(Number.isNaN(step.value) ? { ...outage, ceased: true } : outage);
      open = [];
    }
  }
  if (open.length > 0) outages.push({ ...close(open, context, []), open: true });
  return outages;
}

function close(segments: readonly Segment[], context: OutageContext, endedBy: readonly string[]): Outage {
  const { service, labels, replication } = context;
  return {
    service,
    labels,
    replication,
    from: segments[0]!.from,
    to: segments.at(-1)!.to,
    lowest: Math.min(...segments.map((segment) => segment.value)),
    causes: chains(segments),
    endedBy,
    open: false,
    segments,
  };
}

/** The chain of the first fall, then what the chains of deeper levels add to it. */
function chains(segments: readonly Segment[]): string[] {
  const causes: string[] = [...segments[0]!.causes];
  let lowest = segments[0]!.value;
  for (const segment of segments) {
    if (segment.value >= lowest) continue;
    lowest = segment.value;
    for (const cause of segment.causes) if (!causes.includes(cause)) causes.push(cause);
  }
  return causes;
}

/** The service over the whole run, for timelines; several steps at one instant show as their last. */
export function timelineOf(history: ServiceHistory, service: string, labels: Labels): TimelineRow {
  const steps = history.steps();
  const last = (step: Step, i: number): boolean => steps[i + 1]?.at !== step.at;
  return { service, labels, steps: steps.filter(last).map(({ at, value }) => ({ at, value })) };
}
