/**
 * Contestants in processes of their own. The protocol: a line with an instant to run to is answered by a line of numbers, the
 * first two of which are nanoseconds spent and events executed. Each measures itself, so the pipe costs nobody anything.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Starts at the file that runs or its bundle, and looks upwards for the folder. */
export const PEERS = [
  new URL('./peers/', import.meta.url),
  new URL('../../bench/peers/', import.meta.url),
].find((url) => existsSync(url));

export class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** The next line that the process prints. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnfile} ended early`);
    return value;
  }

  async runTo(until: number): Promise<readonly number[]> {
    this.#process.stdin!.write(`${until}\n`);
    return (await this.line()).split(' ').map(Number);
  }

  end(): void {
    this.#process.stdin!.end();
  }
}

/** Output of a command, or undefined when it is not there or fails. */
export function tryCommand(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
