/**
 * Results as the records of the published JSON format. Names and their order are a contract: adding is free, renaming is
 * a breaking change. Spans are durations (`1h0m47.1s`), values are seconds, ratios or counts, never percent.
 */
import { formatDuration, formatSpan } from '../../sim/duration.ts';
import type {
  CampaignFutures,
  CampaignResult,
  GateVerdict,
  InjectedEvent,
  Interval,
  Labels,
  MetricValue,
  Outage,
  PendingPod,
  RunResult,
  Segment,
  SkewResult,
  TimelineRow,
  Unhealed,
  UpgradeResult,
} from '../../sim/result.ts';
import { type Micros, toSeconds } from '../../sim/time.ts';

/** Labels in order of their keys, so that equal labels are equal bytes. */
export function labelsRecord(labels: Labels) {
  const keys = Object.keys(labels).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(keys.map((key) => [key, labels[key]!]));
}

function intervalRecord(interval: Interval | null) {
  if (!interval) return null;
  const { low, high, halfWidth, confidence } = interval;
  return { low, high, halfWidth, confidence };
}

export function metricRecord({ metric, unit, labels, value, interval }: MetricValue) {
  return { metric, unit, labels: labelsRecord(labels), value, interval: intervalRecord(interval) };
}

export function outageRecord(outage: Outage) {
  return {
    service: outage.service,
    labels: labelsRecord(outage.labels),
    from: formatDuration(outage.from),
    to: formatDuration(outage.to),
    seconds: toSeconds((outage.to - outage.from) as Micros),
    lowest: outage.lowest,
    causes: outage.causes,
    endedBy: outage.endedBy,
    ...(outage.ceased ? { ceased: true } : {}),
    open: outage.open,
    replication: outage.replication,
    segments: outage.segments.map(segmentRecord),
  };
}

function segmentRecord({ from, to, value, causes }: Segment) {
  return { from: formatDuration(from), to: formatDuration(to), value, causes };
}

export function gateRecord(gate: GateVerdict) {
  return {
    name: gate.name,
    verdict: gate.verdict,
    metric: gate.metric,
    measured: gate.measured ?? null,
    op: gate.op,
    bound: gate.bound,
    interval: intervalRecord(gate.interval),
    samples: gate.samples,
    stat: gate.stat,
    unit: gate.unit,
    worst: gate.worst ? labelsRecord(gate.worst) : null,
    note: gate.note,
  };
}

export function timelineRecord({ service, labels, steps }: TimelineRow) {
  const at = steps.map((step) => ({ at: formatDuration(step.at), value: step.value }));
  return { service, labels: labelsRecord(labels), steps: at };
}

export function injectedRecord({ kind, label, at, until, targets, missed }: InjectedEvent) {
  const end = until === undefined ? null : formatDuration(until);
  return { kind, label, at: formatDuration(at), until: end, targets, missed: [...(missed ?? [])] };
}

export function pendingRecord({ pod, labels, since, until, message, nodes }: PendingPod) {
  return {
    pod,
    labels: labelsRecord(labels),
    since: formatDuration(since),
    until: until === undefined ? null : formatDuration(until),
    message,
    nodes: nodes.map(({ node, reason }) => ({ node, reason })),
  };
}

export function unhealedRecord({ what, why, remedy, labels }: Unhealed) {
  return { what, why, remedy, labels: labelsRecord(labels) };
}

/** An instant that may not have come by the end of the run. */
const instant = (at: Micros | undefined): string | null => (at === undefined ? null : formatDuration(at));

function spanRecord({ from, to }: { readonly from: Micros; readonly to?: Micros }) {
  return { from: formatDuration(from), to: instant(to) };
}

export function upgradeRecord(upgrade: UpgradeResult) {
  const { kind, name, labels, before, after, change, asked, byItself, began, ended, outcome } = upgrade;
  return {
    kind,
    name,
    labels: labelsRecord(labels),
    from: before,
    to: after,
    change: change ?? null,
    asked: formatDuration(asked),
    byItself: byItself !== undefined,
    requested: instant(byItself === undefined ? asked : byItself.requested),
    began: instant(began),
    ended: instant(ended),
    outcome,
    refusal: upgrade.refusal,
    remarks: upgrade.remarks,
    phases: upgrade.phases.map((phase) => ({ name: phase.name, ...spanRecord(phase) })),
    waits: upgrade.waits.map(({ phase, why, causes, ...span }) => ({
      phase,
      why,
      causes,
      ...spanRecord(span),
    })),
    affected: upgrade.affected.map(({ service, labels, lowest, lost }) => ({
      service,
      labels: labelsRecord(labels),
      lowest,
      lost,
    })),
  };
}

export function campaignRecord({ begun, ended, waves, ...campaign }: CampaignResult) {
  const { name, outcome, why, reason, left, targets, reached, rollbacks, futures } = campaign;
  return {
    name,
    begun: instant(begun),
    ended: instant(ended),
    outcome,
    why,
    reason,
    futures: futures === undefined ? null : futuresRecord(futures),
    left,
    targets,
    reached,
    waves: waves.map((wave) => ({
      stage: wave.stage,
      kind: wave.kind,
      to: wave.to ?? null,
      change: wave.change ?? null,
      wave: wave.wave,
      ofWaves: wave.ofWaves,
      subjects: wave.subjects,
      from: formatDuration(wave.from),
      until: instant(wave.until),
      soakedUntil: instant(wave.soakedUntil),
      closed: wave.closed.map((span) => spanRecord(span)),
      completed: wave.completed,
      refused: wave.refused,
      superseded: wave.superseded,
      goingOn: wave.goingOn,
      alreadyThere: wave.alreadyThere,
      left: wave.left,
      failed: wave.failed,
    })),
    rollbacks: rollbacks.map(({ name, to, outcome, refusal }) => ({ name, to, outcome, refusal })),
  };
}

function futuresRecord({ completedAt, reasons, ...counts }: CampaignFutures) {
  return {
    replications: counts.replications,
    completed: counts.completed,
    withoutSome: counts.withoutSome,
    stopped: counts.stopped,
    goingOn: counts.goingOn,
    before: counts.before,
    completedAt:
      completedAt === undefined
        ? null
        : { median: formatDuration(completedAt.median), worst: formatDuration(completedAt.worst) },
    reasons: reasons.map(({ reason, replications }) => ({ reason, replications })),
  };
}

export function skewRecord({ labels, steps, apart, nearest, violations }: SkewResult) {
  return {
    labels: labelsRecord(labels),
    steps: steps.map(({ at, part, nodePool = null, oldest, newest }) => ({
      at: formatDuration(at),
      part,
      nodePool,
      oldest,
      newest,
    })),
    apart: apart.map(({ at, minors }) => ({ at: formatDuration(at), minors })),
    nearest: nearest.map(({ rule, ofNodes, left, at }) => ({ rule, ofNodes, left, at: formatDuration(at) })),
    violations: violations.map(({ rule, statement, by, ...span }) => ({
      rule,
      statement,
      by,
      ...spanRecord(span),
    })),
  };
}

/** What identifies a run and says what was simulated, without what came out. */
export function runRecord(run: RunResult) {
  const { fleet } = run;
  return {
    scenario: run.scenario,
    description: run.description,
    file: run.file,
    seed: run.seed,
    replications: run.replications,
    firstReplication: run.firstReplication,
    duration: formatSpan(run.duration),
    events: run.events,
    digest: run.digest,
    digests: run.digests,
    fleet: {
      name: fleet.name,
      managementClusters: fleet.managementClusters,
      hostedClusters: fleet.hostedClusters,
      nodes: fleet.nodes,
      workers: fleet.workers,
      controlPlanePods: fleet.controlPlanePods,
      zones: fleet.zones,
    },
  };
}
