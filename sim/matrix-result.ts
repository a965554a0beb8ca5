/** The failure matrix of a fleet: what each failure does, as plain data between whoever simulates and whoever renders. */
import type { Labels } from './result.ts';
import { MINUTE, type Micros } from './time.ts';

/** The second of two failures follows the first once its endpoints are dropped and nothing has been rescheduled yet; they end together. */
export const PAIR_DELAY = (2 * MINUTE) as Micros;

/** What a failure did to one service of the clusters it reached. Times in microseconds. */
export interface Impact {
  /** Clusters on which the service fell below what it was before. */
  readonly hit: number;
  /** Of those, clusters on which it was gone. */
  readonly down: number;
  /** Lowest level on any cluster. */
  readonly lowest: number;
  /** Longest time at 0 on one cluster. */
  readonly longestDown: Micros;
  /** Longest time below the former level on one cluster. */
  readonly longestBelow: Micros;
  /** The cluster hit hardest: longest down, then longest below. */
  readonly worst?: Labels;
  /** Why, for that one: root cause first. */
  readonly causes: readonly string[];
}

/** Something that a failure leaves behind and that nothing in the fleet mends. */
export interface HumanNeed {
  /** What waits, as it is called under what needs a human in a run. */
  readonly what: string;
  readonly remedy: string;
  /** How many of them. */
  readonly count: number;
}

/** What one failure, or a pair, did. */
export interface Effect {
  /** The failures, one or two, as a person would name them. */
  readonly failures: readonly string[];
  /** Where it was tried at several moments of what was under way before: what that was at in the worst of them. */
  readonly during?: string;
  /** This failure (or pair) and those that it was tried for: the same failure of hosted clusters whose plans differ by name only. */
  readonly alike: readonly (readonly string[])[];
  readonly api: Impact;
  readonly etcd: Impact;
  readonly tunnel: Impact;
  readonly workloads: Impact;
  readonly lifecycle: Impact;
  /** When, after the failure ended, everything was as it was before; undefined when it was not by the end of the observation. */
  readonly wholeAfter?: Micros;
  /** The same without tunnels that wait for somebody to restart their agents; only where `wholeAfter` is undefined for these alone. */
  readonly allElseAfter?: Micros;
  /** What waits for somebody at the end of the observation and did not before. */
  readonly needsHuman: readonly HumanNeed[];
}

/**
 * Failures that come to the same. Every figure is the worst that any of them has; `failures` names the one that is worst in all, and its
 * are the chains of causes.
 */
export interface MatrixRow extends Effect {
  /** Each of the failures that were tried, with its own figures. */
  readonly tried: readonly Effect[];
}

/** The label of a row for which nothing failed: what the state before does by itself. */
export const NOTHING_FAILS = 'upgrade alone';

export interface MatrixResult {
  readonly fleet: string;
  readonly state: 'steady' | 'zone-down' | 'upgrade';
  /** What was down or under way before each failure, in words; empty in the steady state. */
  readonly before: string;
  readonly depth: 1 | 2;
  readonly seed: number;
  readonly hostedClusters: number;
  /** Of them, those whose API is down before any of the failures; absent where none is. */
  readonly downBefore?: number;
  /** How long each failure lasts, and how long the fleet is watched from its beginning. */
  readonly failureLasts: Micros;
  readonly watched: Micros;
  readonly rows: readonly MatrixRow[];
  /** With depth 2: pairs that take down what neither of the two takes down alone, worst first. */
  readonly pairs: readonly MatrixRow[];
  readonly runs: number;
  /** True when the work was stopped before every failure was tried. */
  readonly partial?: boolean;
  readonly notes: readonly string[];
}

/** What one invocation leaves behind. */
export interface MatrixDocument {
  readonly schema: 'hcpsim.matrix/v1';
  /** Version of hcpsim, and of the model. */
  readonly hcpsim: string;
  readonly model: string;
  /** True when it was interrupted: not every failure was tried. */
  readonly partial: boolean;
  /** One per state. */
  readonly results: readonly MatrixResult[];
}
