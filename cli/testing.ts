/** Runs the built command line as a user does; for tests. `npm test` builds it first. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/hcpsim.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the program without colours forced on or off by the surroundings of the test. */
export function start(args: readonly string[], { cwd, env = {} }: Setting = {}) {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...surroundings } = process.env;
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { ...surroundings, ...env } });
}

export function hcpsim(args: readonly string[], setting: Setting = {}): Promise<Ended> {
  return ended(start(args, setting));
}

export function ended(child: ReturnType<typeof start>): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...text }));
  });
}
