/**
 * What a run leaves behind: plain data, the contract between whoever simulates and whoever renders.
 * Times are microseconds since the start of the run (renderers print them as durations); values are seconds, ratios or counts.
 */
import type { Micros } from './time.ts';

export type Labels = Readonly<Record<string, string>>;
export type Unit = 'ratio' | 'seconds' | 'count';

/** An interval for the mean over replications. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
  /** Coverage of the interval, e.g. 0.95. */
  readonly confidence: number;
}

export interface MetricValue {
  readonly metric: string;
  readonly unit: Unit;
  readonly labels: Labels;
  readonly value: number;
  /** null for a single replication: one run has no spread. */
  readonly interval: Interval | null;
}

/** One level of a service between two instants, with what brought it there, root cause first. */
export interface Segment {
  readonly from: Micros;
  readonly to: Micros;
  readonly value: number;
  readonly causes: readonly string[];
}

/** A stretch of time in which a service was below 1. */
export interface Outage {
  readonly service: string;
  readonly labels: Labels;
  readonly replication: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly lowest: number;
  /** The causal chain, root first: of the first dip, then what other chains kept it down or pushed it lower. */
  readonly causes: readonly string[];
  /** What ended it, root first; empty when it lasted until the end of the run. */
  readonly endedBy: readonly string[];
  /** It did not come back: there is nothing left that it is about, no worker to reach and no replica that is wanted. Then `endedBy` says why. */
  readonly ceased?: true;
  /** True when the service was still below 1 when the run ended. */
  readonly open: boolean;
  readonly segments: readonly Segment[];
}

/** A service of one hosted or management cluster over the whole run: a step function that starts at time 0. */
export interface TimelineRow {
  readonly service: string;
  readonly labels: Labels;
  readonly steps: readonly { readonly at: Micros; readonly value: number }[];
}

/** A pod that waited for a node for a while, and why each node refused it. */
export interface PendingPod {
  readonly pod: string;
  readonly labels: Labels;
  readonly since: Micros;
  /** When it was bound (or went away); undefined while still Pending at the end. */
  readonly until?: Micros;
  /** The scheduler's one line: `0/9 nodes are available: ...`. */
  readonly message: string;
  readonly nodes: readonly { readonly node: string; readonly reason: string }[];
}

/** Something that does not come back by itself: it waits for a human at the end of the run. */
export interface Unhealed {
  /** The thing itself: `node mgmt-hosting-0`. */
  readonly what: string;
  /** Why nothing in the fleet heals it. */
  readonly why: string;
  /** What a human does about it. */
  readonly remedy: string;
  /** Whom it belongs to; empty when that is more than one cluster. */
  readonly labels: Labels;
}

/** Something that was brought to another release or configuration, or was to be. */
export interface UpgradeResult {
  /** hostedCluster, nodePool, managementCluster, machineConfigPool or operator. */
  readonly kind: string;
  /** `tenant-0`, `tenant-0/workers`, `mgmt`, `mgmt/worker`. */
  readonly name: string;
  readonly labels: Labels;
  /** Releases; the same for another configuration, or when somebody asked for what there was. */
  readonly before: string;
  readonly after: string;
  /** What was asked for instead of a release: config, tuning, platform, pause, resume. */
  readonly change?: string;
  readonly asked: Micros;
  /** A rule had refused it, and let it pass later: it was taken then (`asked`) without anybody asking again; `requested` is when somebody had, if in this run. */
  readonly byItself?: { readonly requested?: Micros };
  /** When its first phase began; undefined when none did. */
  readonly began?: Micros;
  /** undefined when it goes on at the end of the run. */
  readonly ended?: Micros;
  readonly outcome: 'completed' | 'refused' | 'superseded' | 'going-on';
  /** The rule that forbids it, or empty. */
  readonly refusal: string;
  /** What rules and mechanisms say of it that stops nothing, in words. */
  readonly remarks: readonly string[];
  /** Parts, which may overlap; those that go on at the end have no `to`. */
  readonly phases: readonly { readonly name: string; readonly from: Micros; readonly to?: Micros }[];
  readonly waits: readonly UpgradeWaitResult[];
  readonly affected: readonly UpgradeDip[];
}

/** A phase of an upgrade that could not go on for a while. */
export interface UpgradeWaitResult {
  readonly phase: string;
  readonly why: string;
  readonly causes: readonly string[];
  readonly from: Micros;
  readonly to?: Micros;
}

/** A service that fell, while an upgrade went on, below the level that it had when that was asked for. */
export interface UpgradeDip {
  readonly service: string;
  readonly labels: Labels;
  readonly lowest: number;
  /** What was missing of that level, times how long, in seconds. */
  readonly lost: number;
}

/** A wave of a campaign that began. */
export interface CampaignWave {
  readonly stage: string;
  /** Kind of what is upgraded, as of UpgradeResult. */
  readonly kind: string;
  /** The release, or what is changed instead. */
  readonly to?: string;
  readonly change?: string;
  /** Number within its stage, from 1 on, and how many waves that has. */
  readonly wave: number;
  readonly ofWaves: number;
  /** How many are to be upgraded. */
  readonly subjects: number;
  readonly from: Micros;
  /** When the last of its upgrades was over, or the campaign stopped, and until when it soaked. */
  readonly until?: Micros;
  readonly soakedUntil?: Micros;
  /** Times in which an upgrade would have begun, outside of the windows. */
  readonly closed: readonly { readonly from: Micros; readonly to?: Micros }[];
  /** Upgrades by their outcome at the end of the run. */
  readonly completed: number;
  readonly refused: number;
  readonly superseded: number;
  readonly goingOn: number;
  /** Names of those that were refused or took too long. */
  readonly failed: readonly string[];
  /** Those that had the release already. */
  readonly alreadyThere: number;
  /** Those that were never asked for. */
  readonly left: number;
}

/** In how many replications a campaign ended in which way. */
export interface CampaignFutures {
  readonly replications: number;
  /** Came to its end; and those of them without some of its targets, as refusals that were borne leave it. */
  readonly completed: number;
  readonly withoutSome: number;
  readonly stopped: number;
  readonly goingOn: number;
  readonly before: number;
  /** When it was completed, of those in which it was. */
  readonly completedAt?: { readonly median: Micros; readonly worst: Micros };
  /** Why it stopped, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly replications: number }[];
}

/** An upgrade of a fleet by a plan. */
export interface CampaignResult {
  readonly name: string;
  readonly begun?: Micros;
  /** When it was completed, or stopped and through with what it brings back. */
  readonly ended?: Micros;
  readonly outcome: 'before' | 'going-on' | 'stopped' | 'completed';
  /** Why it stopped, or empty. */
  readonly why: string;
  /** The same without who it was and how much, so that futures can be compared. */
  readonly reason: string;
  /** How it came out over all replications; absent where there is one. */
  readonly futures?: CampaignFutures;
  readonly waves: readonly CampaignWave[];
  /** How many were never asked for, counted in each stage that has them. */
  readonly left: number;
  /** Different targets of all stages, and how many of them have at the end of the run what the last stage that has them asks for. */
  readonly targets: number;
  readonly reached: number;
  readonly rollbacks: readonly {
    readonly name: string;
    readonly to: string;
    readonly outcome: UpgradeResult['outcome'];
    /** The rule that forbids it, or empty. */
    readonly refusal: string;
  }[];
}

/** Which releases ran side by side in a hosted or management cluster, and how far that was from what is allowed. */
export interface SkewResult {
  readonly labels: Labels;
  /** From then on a part ran these releases, its oldest and its newest instance. */
  readonly steps: readonly {
    readonly at: Micros;
    readonly part: string;
    readonly nodePool?: string;
    readonly oldest: string;
    readonly newest: string;
  }[];
  /** Minors between the oldest and the newest of all parts, from then on. */
  readonly apart: readonly { readonly at: Micros; readonly minors: number }[];
  /** Least minors that were left until a rule would have been broken; below 0 it was. */
  readonly nearest: readonly {
    readonly rule: string;
    /** It bounds how far nodes may be behind, which may last; the others bound how far apart parts of a control plane are while it is rolled out. */
    readonly ofNodes: boolean;
    readonly left: number;
    readonly at: Micros;
  }[];
  readonly violations: readonly {
    readonly rule: string;
    readonly statement: string;
    readonly from: Micros;
    /** undefined: at the end still. */
    readonly to?: Micros;
    /** Most minors too far. */
    readonly by: number;
  }[];
}

export type Verdict = 'pass' | 'fail' | 'inconclusive';

export interface GateVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  readonly metric: string;
  /** undefined when there was nothing to measure. */
  readonly measured?: number;
  readonly stat: string;
  readonly op: string;
  readonly bound: number;
  readonly unit: Unit;
  readonly interval: Interval | null;
  /** How many metric values the statistic was taken over. */
  readonly samples: number;
  /** Whom the measured value belongs to, when the statistic is that of one member (min, max). */
  readonly worst?: Labels;
  /** Why it is inconclusive, or empty. */
  readonly note: string;
}

/** An injected event as it happened: what, to whom, when. */
export interface InjectedEvent {
  readonly kind: string;
  readonly label: string;
  readonly at: Micros;
  readonly until?: Micros;
  /** How many it hit. */
  readonly targets: number;
  /** What it means and did not find when it happened, in words; absent where it hit all. */
  readonly missed?: readonly string[];
}

/** The fleet as simulated, in a few numbers for the head of a report. */
export interface FleetSummary {
  readonly name: string;
  readonly managementClusters: number;
  readonly hostedClusters: number;
  readonly nodes: number;
  readonly workers: number;
  readonly controlPlanePods: number;
  readonly zones: readonly string[];
}

export interface RunResult {
  readonly scenario: string;
  readonly description: string;
  /** Path of the scenario file as the user gave it. */
  readonly file: string;
  readonly seed: number;
  readonly replications: number;
  /** Number of the first of them, counted from 0; `replay` runs any one. */
  readonly firstReplication: number;
  readonly duration: Micros;
  readonly fleet: FleetSummary;
  /** Events executed, summed over replications. */
  readonly events: number;
  /** Hex digest of the replications' digests. */
  readonly digest: string;
  /** Digest of each replication, as `replay` gives it. */
  readonly digests: readonly string[];
  readonly metrics: readonly MetricValue[];
  readonly outages: readonly Outage[];
  readonly timeline: readonly TimelineRow[];
  readonly injected: readonly InjectedEvent[];
  readonly pending: readonly PendingPod[];
  /** What waits for a human at the end, in the first replication. */
  readonly unhealed: readonly Unhealed[];
  /** In the first replication, in the order in which they were asked for. */
  readonly upgrades: readonly UpgradeResult[];
  /** In the first replication. */
  readonly campaigns: readonly CampaignResult[];
  /** In the first replication: hosted clusters whose versions changed, or broke a rule. */
  readonly skew: readonly SkewResult[];
  readonly gates: readonly GateVerdict[];
  /** How many gates the scenario has that were left aside: a replay judges none. Absent where all were judged. */
  readonly unjudgedGates?: number;
  /** Remarks on the input: defaults taken, things accepted with a note. */
  readonly notes: readonly string[];
}

/** What one invocation produced: one document with `-o json`. */
export interface ResultDocument {
  readonly schema: 'hcpsim.result/v1';
  readonly hcpsim: string;
  /** Version of the models: moves when results may move. */
  readonly model: string;
  /** True when the invocation was interrupted. */
  readonly partial: boolean;
  readonly runs: readonly RunResult[];
}
