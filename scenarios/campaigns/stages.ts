/** Stages of campaigns: whom they upgrade, cut into waves. */
import type { StagePlan, StopCondition } from '../../models/plan/campaign.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { carries } from '../events/targets.ts';
import { checkGateTargets } from '../gate-targets.ts';
import { readGate } from '../gates.ts';
import { matches } from '../read/globs.ts';
import { parsePercentage } from '../read/percentage.ts';
import type { StageSpec } from '../schema/campaign.ts';
import type { GateSpec } from '../schema/gates.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { kindOfSubject, type Subject, subjectsOf } from '../upgrade-subjects.ts';
import { isOfItsProduct, isWhatFits } from '../upgrade-wishes.ts';
import { wavesOf } from './waves.ts';

/** A stage as it is run, or undefined after reporting why it upgrades nothing. */
export function stageOf(spec: StageSpec, fleet: FleetPlan, cursor: Cursor): StagePlan | undefined {
  const stopWhen = spec.stopWhen.flatMap((one, i) => condition(one, fleet, cursor.to('stopWhen', i)) ?? []);
  const kind = kindOfSubject(spec, cursor, 'stages');
  // Whatever is wrong with a stage is told in one go.
  const before = cursor.problems.reports;
  isWhatFits(kind, spec, cursor);
  if (kind === 'machineConfigPool' && !canBePaused(spec, cursor)) return undefined;
  checkFailure(spec, cursor);
  if (kind === undefined) return undefined;
  const all = subjectsOf(kind, spec, fleet, cursor);
  const chosen = withLabels(all.subjects, spec, cursor);
  if (chosen.length === 0) return undefined;
  isOfItsProduct({ ...all, subjects: chosen }, spec, fleet, cursor);
  const waves = wavesOf(ordered(chosen, spec.order), spec.waves, cursor.to('waves'));
  if (cursor.problems.reports > before) return undefined;
  const { to, change, force } = spec;
  return {
    name: spec.name ?? all.noun,
    kind,
    ...(to === undefined ? {} : { to }),
    ...(change === undefined ? {} : { change }),
    force,
    waves,
    concurrency: spec.concurrency ?? chosen.length,
    soak: readDuration(spec.soak),
    ...(spec.timeout === undefined ? {} : { timeout: readDuration(spec.timeout) }),
    maxFailures: spec.maxFailures,
    stopWhen,
    badReleases: spec.failure === undefined ? 0 : (parsePercentage(spec.failure.probability) ?? 0),
    rollback: spec.rollback,
  };
}

/** True unless a stage that pauses machine config pools, or lets them go on, wants what only a release can have; reports it. */
function canBePaused({ failure, rollback }: StageSpec, cursor: Cursor): boolean {
  const given = [...(failure === undefined ? [] : ['failure']), ...(rollback === 'none' ? [] : ['rollback'])];
  for (const key of given) {
    cursor.to(key).reportKey('conflicting-keys', {
      found: `${key} in a stage of machine config pools`,
      expected: 'change, and when to go on',
      hint: 'bad releases and rollbacks belong into stages of what has a release of its own',
    });
  }
  return given.length === 0;
}

/** Reports bad releases that nothing would ever end: what never becomes Ready is waited for until a timeout. */
function checkFailure({ failure }: StageSpec, cursor: Cursor): void {
  if (failure === undefined || parsePercentage(failure.probability) === 0) return;
  if (cursor.to('timeout').node !== undefined) return;
  cursor.to('failure').reportKey('missing-key', {
    found: 'failure without timeout: the campaign would wait for ever for what never becomes Ready',
    expected: 'timeout: a duration beside it, after which an upgrade has failed',
    hint: 'timeout: 2h',
  });
}

function withLabels(subjects: readonly Subject[], { labels }: StageSpec, cursor: Cursor): readonly Subject[] {
  if (Object.keys(labels).length === 0 || subjects.length === 0) return subjects;
  const chosen = subjects.filter(
    ({ hostedCluster }) => hostedCluster !== undefined && carries(hostedCluster.labels ?? {}, labels),
  );
  if (chosen.length === 0) {
    cursor.to('labels').reportKey('selector-matches-nothing', {
      found: 'no target carries these labels',
      expected: 'labels of hosted clusters of the fleet (spec.hostedClusters[].labels)',
    });
  }
  return chosen;
}

function ordered(subjects: readonly Subject[], order: StageSpec['order']): readonly Subject[] {
  if (order === 'fleet') return subjects;
  if (order === 'reverse') return subjects.toReversed();
  const workers = ({ hostedCluster }: Subject): number =>
    hostedCluster?.nodePools.reduce((sum, pool) => sum + pool.replicas, 0) ?? 0;
  return subjects.toSorted((one, other) => workers(one) - workers(other));
}

/** Metrics that nobody knows while a campaign goes on, and why. */
const KNOWN_LATE: Readonly<Record<string, string>> = {
  'workloads.lostToControlPlane': 'compares two runs from their beginning to their end',
  'campaign.reached': 'says how a campaign ended',
};

/** A condition on metrics; metrics that are known only after the run cannot stop anything. */
function condition(spec: GateSpec, fleet: FleetPlan, cursor: Cursor): StopCondition | undefined {
  const gate = readGate(spec, cursor);
  if (gate === undefined) return undefined;
  const late = KNOWN_LATE[gate.metric];
  if (late !== undefined) {
    cursor.to('metric').report('invalid-value', {
      found: `${gate.metric}, which ${late}`,
      expected: 'a metric that is known while the run goes on',
    });
    return undefined;
  }
  checkGateTargets(gate, fleet, [], cursor);
  const { name, metric, stat, op, value } = gate;
  const known: Readonly<Record<string, readonly { readonly name: string }[]>> = {
    hostedCluster: fleet.hostedClusters,
    managementCluster: fleet.managementClusters,
  };
  const select = Object.entries(gate.select).map(([label, pattern]) => {
    const names = (known[label] ?? []).map((one) => one.name).filter((one) => matches(pattern, one));
    return [label, names] as const;
  });
  return { name, metric, select: Object.fromEntries(select), stat, op, value };
}
