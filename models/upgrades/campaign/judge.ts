/** Whether a campaign has to stop, and why, in words. */
import { formatDuration, formatSpan } from '../../../sim/duration.ts';
import type { MetricValue } from '../../../sim/result.ts';
import { seconds } from '../../../sim/time.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import { metricOf } from '../../metrics.ts';
import type { StagePlan, StopCondition } from '../../plan/campaign.ts';
import { heldBy } from '../../results/condition.ts';
import { subjectName, tenantsOf } from '../subjects.ts';
import type { WaveRecord } from './record.ts';

/** Why a campaign stops. */
export interface StopReason {
  readonly why: string;
  /** The same without who it was and how much: equal for what stops different futures alike. */
  readonly reason: string;
}

/** Why a stage has too many failures; undefined when it has not. */
export function tooManyFailures(
  fleet: BuiltFleet,
  stage: StagePlan,
  number: number,
  waves: readonly WaveRecord[],
): StopReason | undefined {
  const { ledger } = fleet.world.upgrades;
  const ofStage = waves.filter((wave) => wave.stage === number);
  const failed = ofStage.flatMap((wave) => wave.failed);
  if (failed.length <= stage.maxFailures) return undefined;
  const asked = ofStage.reduce((sum, wave) => sum + wave.upgrades.length, 0);
  const last = ledger.record(failed.at(-1)!);
  const became =
    last.end === 'refused'
      ? `was refused: ${last.refusal ?? ''}`
      : `was not there after ${formatDuration(stage.timeout!)}`;
  return {
    why: `${failed.length} of ${asked} upgrades failed: ${subjectName(fleet, last)} ${became}`,
    reason: `${stage.maxFailures === 0 ? 'an upgrade' : 'the last of too many upgrades'} ${became}`,
  };
}

/** Which condition holds over what a campaign has touched so far, and what was measured; undefined when none does. */
export function brokenCondition(
  fleet: BuiltFleet,
  conditions: readonly StopCondition[],
  waves: readonly WaveRecord[],
  metrics: readonly MetricValue[],
): StopReason | undefined {
  const touched = ofTouched(fleet, waves, metrics);
  for (const condition of conditions) {
    const measured = heldBy(condition, touched);
    if (measured === undefined) continue;
    const reason = conditionText(condition);
    return { why: `${reason}, measured ${valueText(condition, measured)}`, reason };
  }
  return undefined;
}

/** Metrics of the hosted clusters that were upgraded or are hosted by what was, of their management clusters, and of the fleet. */
function ofTouched(
  fleet: BuiltFleet,
  waves: readonly WaveRecord[],
  metrics: readonly MetricValue[],
): MetricValue[] {
  const { clusters, upgrades } = fleet.world;
  const tenants = new Set<string>();
  const hosts = new Set<string>();
  for (const upgrade of waves.flatMap((wave) => wave.upgrades)) {
    for (const tenant of tenantsOf(fleet, upgrades.ledger.record(upgrade))) {
      tenants.add(clusters.names[tenant]!);
      hosts.add(clusters.names[clusters.host.at(tenant)]!);
    }
  }
  return metrics.filter(({ labels: { hostedCluster, managementCluster } }) => {
    if (hostedCluster !== undefined) return tenants.has(hostedCluster);
    return managementCluster === undefined || hosts.has(managementCluster);
  });
}

/** `api.downtime max > 1m`, after the name that its writer gave it. */
function conditionText(condition: StopCondition): string {
  const { name, metric, stat, op, value } = condition;
  const comparison = `${metric} ${stat} ${op} `;
  return name.startsWith(comparison) ? name : `${name}: ${comparison}${valueText(condition, value)}`;
}

function valueText({ metric }: StopCondition, value: number): string {
  const unit = metricOf(metric)?.unit;
  if (unit === 'seconds') return formatSpan(seconds(Math.round(value * 1000) / 1000));
  return unit === 'ratio' ? `${Number((value * 100).toPrecision(6))}%` : String(value);
}
