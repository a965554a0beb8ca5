/** Tries the failures of a fleet in a thread of its own, so that signals are heard while it works. */
import { Worker } from 'node:worker_threads';
import type { MatrixResult } from '../../sim/matrix-result.ts';
import { DefectError, type ExitCode } from '../exit.ts';
import { shellWords } from '../failure.ts';
import { listen } from '../simulate/signals.ts';
import type { MatrixAnswer, MatrixWork } from './messages.ts';
import { progress } from './progress.ts';

export interface Explored {
  /** One result per state, fewer when interrupted. */
  readonly results: readonly MatrixResult[];
  readonly interrupted: ExitCode | undefined;
}

/** @throws DefectError when the simulator broke */
export async function explore(work: Omit<MatrixWork, 'stop'>): Promise<Explored> {
  const stop = new SharedArrayBuffer(4);
  const signals = listen(stop, 'failure');
  try {
    const results = await resultsOf({ ...work, stop });
    return { results, interrupted: signals.received() };
  } finally {
    signals.close();
  }
}

function resultsOf(work: MatrixWork): Promise<MatrixResult[]> {
  const bar = progress(process.stderr);
  const worker = new Worker(new URL('./matrix-worker.js', import.meta.url), { workerData: work });
  return new Promise<MatrixResult[]>((resolve, reject) => {
    const results: MatrixResult[] = [];
    worker.on('message', (answer: MatrixAnswer) => {
      if ('result' in answer) results.push(answer.result);
      else if ('tried' in answer) bar.show(`${work.jobs[results.length]!.state}: ${answer.tried} tried`);
      else reject(defect(answer.failure));
    });
    worker.on('error', (error) => reject(defect(String(error))));
    worker.on('exit', () => resolve(results));
  }).finally(() => bar.clear());
}

const defect = (message: string) =>
  new DefectError(message, shellWords(['hcpsim', ...process.argv.slice(2)]));
