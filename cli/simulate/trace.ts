/** The trace of runs as lines of JSON: every event executed and every fact it established. */
import type { TraceLine } from '../../models/run.ts';
import { formatDuration } from '../../sim/duration.ts';
import { toSeconds } from '../../sim/time.ts';
import { LineFile } from '../files.ts';

export class TraceFile {
  readonly #file: LineFile;

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  /** Takes the trace of one scenario; several share the file, each line says whose it is. */
  of(scenario: string): (line: TraceLine) => void {
    return ({ replication, at, kind, event, target, cause, value }) =>
      this.#file.write(
        JSON.stringify({
          scenario,
          replication,
          at: formatDuration(at),
          seconds: toSeconds(at),
          kind,
          event,
          target,
          cause,
          value,
        }),
      );
  }

  close(): void {
    this.#file.close();
  }
}
