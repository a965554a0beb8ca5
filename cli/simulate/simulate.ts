/**
 * Runs jobs in a thread of their own. A simulation keeps its thread busy from start to end, so a signal could not be
 * heard there; here it is heard at once and passed on through shared memory.
 */
import { Worker } from 'node:worker_threads';
import type { ScenarioOutcome } from '../../models/run.ts';
import { DefectError, type ExitCode, UsageError } from '../exit.ts';
import type { Answer, Failure, Job, WorkerData } from './messages.ts';
import { listen } from './signals.ts';

export interface Simulated {
  /** One outcome per job, fewer when interrupted. */
  readonly outcomes: readonly ScenarioOutcome[];
  /** How the process shall end when a signal cut it short. */
  readonly interrupted: ExitCode | undefined;
}

/**
 * @param trace path of a file for the trace; undefined for none
 * @param replay the command that repeats a replication of a job
 * @throws DefectError when the simulator broke, UsageError when the trace cannot be written
 */
export async function simulate(
  jobs: readonly Job[],
  trace: string | undefined,
  replay: (job: number, replication: number | undefined) => string,
): Promise<Simulated> {
  const stop = new SharedArrayBuffer(4);
  const signals = listen(stop, 'replication');
  try {
    const data: WorkerData = { jobs, trace, stop };
    const outcomes = await answersOf(
      new Worker(new URL('./worker.js', import.meta.url), { workerData: data }),
      replay,
    );
    return { outcomes, interrupted: signals.received() };
  } finally {
    signals.close();
  }
}

function answersOf(
  worker: Worker,
  replay: (job: number, replication: number | undefined) => string,
): Promise<ScenarioOutcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: ScenarioOutcome[] = [];
    worker.on('message', (answer: Answer) => {
      if ('outcome' in answer) outcomes.push(answer.outcome);
      else reject(errorOf(answer.failure, replay(answer.job, answer.failure.replication)));
    });
    worker.on('error', (error) => reject(new DefectError(String(error), replay(outcomes.length, undefined))));
    worker.on('exit', () => resolve(outcomes));
  });
}

function errorOf(failure: Failure, replay: string): Error {
  return failure.kind === 'usage'
    ? new UsageError(failure.message)
    : new DefectError(failure.message, replay);
}
