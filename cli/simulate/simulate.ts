/**
 * Runs jobs in a thread of their own. A simulation keeps its thread busy from start to end, so a signal could not be
 * heard there; here it is heard at once and passed on through shared memory.
 */
import { Worker } from 'node:worker_threads';
import type { ScenarioOutcome } from '../../models/run.ts';
import { DefectError, EXIT, type ExitCode, UsageError } from '../exit.ts';
import { say } from '../terminal.ts';
import type { Answer, Failure, Job, WorkerData } from './messages.ts';

export interface Simulated {
  /** One outcome per job, fewer when interrupted. */
  readonly outcomes: readonly ScenarioOutcome[];
  /** How the process shall end when a signal cut it short. */
  readonly interrupted: ExitCode | undefined;
}

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

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
  const signals = listen(stop);
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

/** The first signal asks to stop, the second one does not ask. */
function listen(stop: SharedArrayBuffer) {
  let received: ExitCode | undefined;
  const on = (signal: keyof typeof SIGNALS) => () => {
    if (received !== undefined) process.exit(received);
    received = SIGNALS[signal];
    Atomics.store(new Int32Array(stop), 0, 1);
    say('finishing the replication at hand; once more to stop at once');
  };
  const handlers = (Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]).map((s) => [s, on(s)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return {
    received: () => received,
    close: () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
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
