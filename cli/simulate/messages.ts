/** What the main thread and the simulating thread tell each other. */
import type { ScenarioPlan } from '../../models/plan/scenario.ts';
import type { ScenarioOutcome } from '../../models/run.ts';
import type { Micros } from '../../sim/time.ts';

/** One scenario to simulate. */
export interface Job {
  readonly plan: ScenarioPlan;
  readonly replications: number;
  readonly firstReplication: number;
  /** Ends the run early; undefined runs to the end. */
  readonly until: Micros | undefined;
}

/** What the simulating thread is started with. */
export interface WorkerData {
  readonly jobs: readonly Job[];
  /** Where the trace goes; undefined for none. */
  readonly trace: string | undefined;
  /** One 32-bit cell, not 0 once the user wants to stop. Shared, because a busy thread reads no messages. */
  readonly stop: SharedArrayBuffer;
}

/** What went wrong in the simulating thread. Errors lose their class on the way between threads. */
export interface Failure {
  readonly kind: 'usage' | 'defect';
  readonly message: string;
  /** Replication that broke, where it is known. */
  readonly replication: number | undefined;
}

export type Answer =
  | { readonly outcome: ScenarioOutcome }
  | { readonly failure: Failure; readonly job: number };
