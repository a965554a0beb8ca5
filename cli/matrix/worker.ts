/** The thread that tries failures: one matrix after the other, progress in between. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureMatrix } from '../../models/matrix/matrix.ts';
import type { MatrixAnswer, MatrixWork } from './messages.ts';

const { fleet, jobs, stop } = workerData as MatrixWork;
const flag = new Int32Array(stop);
const stopped = (): boolean => Atomics.load(flag, 0) !== 0;

try {
  for (const job of jobs) {
    if (stopped()) break;
    let tried = 0;
    const shouldStop = (): boolean => {
      answer({ tried: tried++ });
      return stopped();
    };
    answer({ result: failureMatrix(fleet, { ...job, shouldStop }) });
  }
} catch (error) {
  answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function answer(message: MatrixAnswer): void {
  parentPort?.postMessage(message);
}
