/** An upgrade of a fleet, as a plan: what is brought to which release, in which order, how many at once, when, and when to stop. */
import type { Micros } from '../../sim/time.ts';
import type { UpgradeChange, UpgradeSubject } from './faults.ts';

export type ConditionOp = '>=' | '>' | '<=' | '<' | '==';

/** A condition on a metric: of the statistic over the values that the selector leaves. */
export interface StopCondition {
  /** The condition in words. */
  readonly name: string;
  readonly metric: string;
  /** Names that the labels of a value must have; a label that is not here may have any. */
  readonly select: Readonly<Record<string, readonly string[]>>;
  /** min, max, mean or p1 to p99. */
  readonly stat: string;
  readonly op: ConditionOp;
  /** A ratio, seconds or a count, by the unit of the metric. */
  readonly value: number;
}

/** What of a stage is brought back when its campaign stops: nothing, what failed, or all that was upgraded. */
export type Rollback = 'none' | 'failed' | 'all';

export interface StagePlan {
  readonly name: string;
  readonly kind: UpgradeSubject;
  /** The release; of operators their own version. undefined: `change` instead. */
  readonly to?: string;
  readonly change?: UpgradeChange;
  /** Hosted clusters: annotated with force-upgrade-to. Management clusters: asked for although another update goes on. */
  readonly force: boolean;
  /** Names of the subjects, node pools as `tenant-0/workers`; each wave in the order in which its upgrades begin, none empty. */
  readonly waves: readonly (readonly string[])[];
  /** Most upgrades that go on at one time. */
  readonly concurrency: number;
  /** Time between the end of the last upgrade of a wave and the next wave, or the next stage. */
  readonly soak: Micros;
  /** An upgrade that takes longer has failed; undefined: it may take for ever. */
  readonly timeout?: Micros;
  /** The campaign stops when more upgrades of the stage failed: were refused, or took too long. */
  readonly maxFailures: number;
  /** The campaign stops when one of them holds at the end of a wave, over what it has touched so far. */
  readonly stopWhen: readonly StopCondition[];
  /** Share of the subjects, 0 to 1, for which the release is a bad one: what first runs it never becomes Ready. */
  readonly badReleases: number;
  readonly rollback: Rollback;
}

/** A stretch of time, without its end. */
export interface Opening {
  readonly from: Micros;
  readonly to: Micros;
}

export interface CampaignPlan {
  readonly name: string;
  readonly at: Micros;
  /** When upgrades may begin: in order and apart from each other; undefined: at any time. What has begun goes on. */
  readonly openings?: readonly Opening[];
  readonly stages: readonly StagePlan[];
}
