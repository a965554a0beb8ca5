/** Runs scenarios: one replication is a world built, faults injected, the clock run, results collected. */

import { Digest } from '../sim/digest.ts';
import type {
  CampaignResult,
  FleetSummary,
  InjectedEvent,
  MetricValue,
  Outage,
  RunResult,
} from '../sim/result.ts';
import { meanInterval } from '../sim/statistics/index.ts';
import type { Micros } from '../sim/time.ts';
import { type BuiltFleet, buildFleet } from './build/fleet.ts';
import { Injector } from './faults/injector.ts';
import type { ClusterId } from './ids.ts';
import { machinesAtOnce } from './plan/machines-at-once.ts';
import { releasesNamedBy } from './plan/releases.ts';
import type { ScenarioPlan } from './plan/scenario.ts';
import { withFutures } from './results/campaign-futures.ts';
import { campaignResults } from './results/campaigns.ts';
import { collectMetrics, type Recorders } from './results/collect.ts';
import { ExposureRecorder } from './results/exposure-recorder.ts';
import { missedInAny, missedTargets } from './results/missed-targets.ts';
import { Narrative } from './results/narrative.ts';
import { outagesOf, timelineOf } from './results/outages.ts';
import { PendingRecorder } from './results/pending-recorder.ts';
import { countLacks } from './results/redundancy.ts';
import { Remarks } from './results/remarks.ts';
import { ServiceRecorder } from './results/service-recorder.ts';
import { skewResults } from './results/skew.ts';
import { SkewRecorder } from './results/skew-recorder.ts';
import { type TraceLine, tracer } from './results/trace.ts';
import { unhealed } from './results/unhealed.ts';
import { upgradeResults } from './results/upgrades.ts';
import { markNow } from './results/window.ts';
import { subjectCluster, subjectService } from './services.ts';
import { Campaigns } from './upgrades/campaign/campaigns.ts';

export type { TraceLine } from './results/trace.ts';

export interface RunOptions {
  readonly replications: number;
  /** Number of the first replication; replications are numbered on from there. */
  readonly firstReplication?: number;
  /** Stops the clock early. */
  readonly until?: Micros;
  /** Sees every event and fact of every replication. */
  readonly trace?: (line: TraceLine) => void;
  /** Asked between replications; true ends the run with what there is. */
  readonly shouldStop?: () => boolean;
}

export interface ScenarioOutcome extends Omit<RunResult, 'gates' | 'file'> {
  readonly partial: boolean;
}

/** One replication, built and ready to be run; what `replay`, forks and tests work with. */
export class Replication {
  readonly fleet: BuiltFleet;
  readonly injector: Injector;
  readonly recorders: Recorders;
  readonly campaigns: Campaigns;
  readonly narrative: Narrative;
  readonly remarks: Remarks;
  /** What the fleet lacked from the beginning, by how often. */
  readonly beginning: ReadonlyMap<string, number>;

  constructor(
    readonly plan: ScenarioPlan,
    readonly number: number,
    trace?: (line: TraceLine) => void,
    /** Hosted control planes never fail whatever happens to their pods. */
    readonly hostedHeldUp = false,
  ) {
    const options = {
      hostedHeldUp,
      seed: plan.seed,
      replication: number,
      parameters: plan.parameters,
      reserve: machinesAtOnce(plan),
    };
    let recorders: Recorders | undefined;
    this.fleet = buildFleet(plan.fleet, options, (fleet) => {
      const { sim, health } = fleet.world;
      recorders = {
        services: new ServiceRecorder(sim, health),
        exposure: new ExposureRecorder(sim, health),
        pending: new PendingRecorder(fleet),
        skew: new SkewRecorder(sim, fleet.world.upgrades),
      };
    });
    this.recorders = recorders!;
    for (const cluster of this.fleet.hostedClusters.values()) this.recorders.skew.follow(cluster);
    for (const cluster of this.fleet.managementClusters.values()) this.recorders.skew.follow(cluster);
    this.remarks = new Remarks(this.fleet);
    this.beginning = countLacks(this.fleet);
    this.injector = new Injector(this.fleet);
    const { releases } = this.fleet.world.upgrades;
    for (const name of releasesNamedBy(plan)) releases.of(name);
    releases.seal();
    for (const fault of plan.faults) this.injector.inject(fault);
    this.campaigns = new Campaigns(this.fleet, plan.campaigns ?? [], {
      mark: () => markNow(this.fleet, this.recorders.exposure),
      since: (mark) => collectMetrics(this.fleet, this.recorders, this.fleet.world.sim.now, { mark }),
    });
    this.narrative = new Narrative(this.fleet, this.injector, this.campaigns, this.recorders.pending);
    if (trace) this.fleet.world.sim.trace(tracer(this.fleet, this.injector, this.narrative, trace));
  }

  run(until: Micros): void {
    this.fleet.world.sim.run(until);
  }

  /** The metrics so far; what outages of control planes cost is measured by running the same future with these held up. */
  metrics(): MetricValue[] {
    const { now } = this.fleet.world.sim;
    const against = this.#heldUp(now)?.recorders;
    return collectMetrics(this.fleet, this.recorders, now, { against, campaigns: this.campaigns });
  }

  #heldUp(until: Micros): Replication | undefined {
    if (this.plan.controlPlaneLoss !== true || this.hostedHeldUp) return undefined;
    const held = new Replication(this.plan, this.number, undefined, true);
    held.run(until);
    return held;
  }

  outages(): Outage[] {
    const end = this.fleet.world.sim.now;
    return this.recorders.services.histories().flatMap((history) => {
      const labels = this.fleet.labelsOf(subjectCluster(history.subject) as ClusterId);
      const service = subjectService(history.subject);
      return outagesOf(history, { service, labels, replication: this.number, end }, this.narrative);
    });
  }
}

/**
 * Runs a scenario.
 * @throws InvariantViolation with seed, replication and position when the simulator itself is at fault
 */
export function runScenario(plan: ScenarioPlan, options: RunOptions): ScenarioOutcome {
  const end =
    options.until === undefined ? plan.duration : (Math.min(options.until, plan.duration) as Micros);
  const first = options.firstReplication ?? 0;
  const digests: string[] = [];
  const samples: MetricValue[][] = [];
  const outages: Outage[] = [];
  const campaigns: CampaignResult[][] = [];
  const missed: string[][] = [];
  let shown: Replication | undefined;
  let events = 0;
  let partial = false;
  for (let i = 0; i < options.replications && !partial; i++) {
    const replication = new Replication(plan, first + i, options.trace);
    replication.run(end);
    shown ??= replication;
    samples.push(replication.metrics());
    missed.push(missedTargets(replication.injector));
    for (const outage of replication.outages()) outages.push(outage);
    campaigns.push(campaignResults(replication.fleet, replication.campaigns));
    events += replication.fleet.world.sim.events;
    digests.push(replication.fleet.world.sim.digest);
    partial = i + 1 < options.replications && (options.shouldStop?.() ?? false);
  }
  return {
    scenario: plan.name,
    description: plan.description,
    seed: plan.seed,
    replications: samples.length,
    firstReplication: first,
    duration: end,
    fleet: summaryOf(shown!.fleet),
    events,
    digest: combined(digests),
    digests,
    metrics: overReplications(samples),
    outages,
    timeline: shown!.recorders.services.histories().map((history) => {
      const labels = shown!.fleet.labelsOf(subjectCluster(history.subject) as ClusterId);
      return timelineOf(history, subjectService(history.subject), labels);
    }),
    injected: injectedInto(shown!),
    pending: shown!.recorders.pending.episodes(),
    notes: [...plan.fleet.notes, ...missedInAny(missed), ...shown!.remarks.lines()],
    unhealed: unhealed(shown!),
    upgrades: upgradeResults(shown!.fleet, shown!.recorders.services, shown!.narrative),
    campaigns: withFutures(campaigns),
    skew: skewResults(shown!.fleet, shown!.recorders.skew),
    partial,
  };
}

/** One replication's own digest, or one over those of several. */
function combined(digests: readonly string[]): string {
  if (digests.length === 1) return digests[0]!;
  const digest = new Digest();
  for (const one of digests) digest.text(one);
  return digest.hex();
}

/** Means with intervals; a metric that some replication lacks is averaged over those that have it. */
function overReplications(samples: readonly MetricValue[][]): MetricValue[] {
  if (samples.length === 1) return samples[0]!;
  const key = (value: MetricValue): string => JSON.stringify([value.metric, value.labels]);
  const groups = new Map<string, MetricValue[]>();
  for (const value of samples.flat()) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups.values()].map((values) => {
    const numbers = values.map((value) => value.value);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    return { ...values[0]!, value: mean, interval: meanInterval(numbers) };
  });
}

function summaryOf(fleet: BuiltFleet): FleetSummary {
  const { plan } = fleet;
  const workers = plan.hostedClusters.flatMap((cluster) => cluster.nodePools.map((pool) => pool.replicas));
  const zones = plan.managementClusters.flatMap((cluster) => cluster.nodes.map((node) => node.zone));
  return {
    name: plan.name,
    managementClusters: plan.managementClusters.length,
    hostedClusters: plan.hostedClusters.length,
    nodes: plan.managementClusters.reduce((sum, cluster) => sum + cluster.nodes.length, 0),
    workers: workers.reduce((sum, replicas) => sum + replicas, 0),
    controlPlanePods: fleet.controlPlanePods,
    zones: [...new Set(zones.filter((zone) => zone !== ''))],
  };
}

function injectedInto({ plan, injector }: Replication): InjectedEvent[] {
  return plan.faults.map((fault, id) => {
    const duration = injector.duration(fault);
    const missed = injector.missing(id);
    const base = {
      kind: fault.kind,
      label: injector.label(id),
      at: fault.at,
      targets: injector.targets(id),
      ...(missed.length === 0 ? {} : { missed }),
    };
    return duration === undefined || duration === 0
      ? base
      : { ...base, until: (fault.at + duration) as Micros };
  });
}
