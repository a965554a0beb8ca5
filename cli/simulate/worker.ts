/** The simulating thread: runs its jobs one after the other and posts what came out. */
import { parentPort, workerData } from 'node:worker_threads';
import { runScenario } from '../../models/run.ts';
import { InvariantViolation } from '../../sim/assert.ts';
import { formatDuration } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import { UsageError } from '../exit.ts';
import type { Answer, Failure, WorkerData } from './messages.ts';
import { TraceFile } from './trace.ts';

const { jobs, trace, stop } = workerData as WorkerData;
const flag = new Int32Array(stop);
const shouldStop = (): boolean => Atomics.load(flag, 0) !== 0;
let current = 0;

try {
  const file = trace === undefined ? undefined : new TraceFile(trace);
  try {
    for (const { plan, replications, firstReplication, until } of jobs) {
      if (shouldStop()) break;
      const outcome = runScenario(plan, {
        replications,
        firstReplication,
        shouldStop,
        ...(until === undefined ? {} : { until }),
        ...(file ? { trace: file.of(plan.name) } : {}),
      });
      answer({ outcome });
      current += 1;
    }
  } finally {
    file?.close();
  }
} catch (error) {
  answer({ failure: failureOf(error), job: current });
}

function answer(message: Answer): void {
  parentPort?.postMessage(message);
}

function failureOf(error: unknown): Failure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof UsageError) return { kind: 'usage', message: error.message, replication: undefined };
  if (!(error instanceof InvariantViolation) || !error.position)
    return { kind: 'defect', message: text, replication: undefined };
  const { position } = error;
  const lines = [
    text,
    `at event ${position.event}, ${formatDuration(position.at as Micros)}, seed ${position.seed}, replication ${position.replication}`,
    ...position.recent.map((event) => `  ${event}`),
  ];
  return { kind: 'defect', message: lines.join('\n'), replication: position.replication };
}
