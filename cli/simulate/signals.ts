/** Signals while a thread works: the first one asks to stop, the second one does not ask. */
import { EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

export interface Listening {
  /** How the process shall end when a signal came. */
  received(): ExitCode | undefined;
  close(): void;
}

/**
 * Sets a 32-bit cell in shared memory at the first signal. A busy thread reads no messages.
 * @param unit what is finished before the work stops
 */
export function listen(stop: SharedArrayBuffer, unit: string): Listening {
  let received: ExitCode | undefined;
  const on = (signal: keyof typeof SIGNALS) => () => {
    if (received !== undefined) process.exit(received);
    received = SIGNALS[signal];
    Atomics.store(new Int32Array(stop), 0, 1);
    say(`finishing the ${unit} at hand; once more to stop at once`);
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
