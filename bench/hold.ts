/** The hold model through the engine's public surface, side by side with the same model on C++ `std::priority_queue` and on SimPy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BEGIN, drawnIncrements, MEAN } from './hold-model.ts';
import { median } from './median.ts';
import { PEERS, Peer, tryCommand } from './peers.ts';

/** Where Debian's packages of SimPy are found. */
const PYTHON = '/usr/bin/python3';

export interface HoldBenchOptions {
  readonly pending?: readonly number[];
  /** Events per round; SimPy, which is slow, gets a tenth. */
  readonly events?: number;
  /** Rounds in which the contestants take turns. */
  readonly rounds?: number;
  /** Arguments that make this program, run again, the engine's contestant (hold-peer.ts). */
  readonly engine: readonly string[];
  readonly print?: (line: string) => void;
}

export interface HoldRow {
  readonly contestant: string;
  readonly pending: number;
  /** Million events per second, median over the rounds. */
  readonly eventsPerMicrosecond: number;
  /** Speed of the engine relative to this contestant in the same round, median over the rounds. */
  readonly engineIsFasterBy: number;
  /** Bytes by which the heap of the engine's process grew per event, garbage included; undefined for the others. */
  readonly bytesPerEvent: number | undefined;
}

export interface HoldBench {
  readonly rows: readonly HoldRow[];
  /** Contestants that are missing on this machine, and what they would need. */
  readonly notes: readonly string[];
}

interface Contestant {
  readonly name: string;
  readonly share: number;
  readonly start: (pending: number) => Promise<Peer>;
}

export async function benchHold(options: HoldBenchOptions): Promise<HoldBench> {
  const { pending = [100, 10_000, 1_000_000], events = 2_000_000, rounds = 9, print = console.log } = options;
  const folder = mkdtempSync(join(tmpdir(), 'hcpsim-bench-'));
  try {
    const { contestants, notes } = prepare(folder, options.engine);
    for (const note of notes) print(note);
    print('pending     contestant                 M events/s   engine is faster by   bytes/event');
    const rows: HoldRow[] = [];
    for (const size of pending) {
      const measured = await race(contestants, size, events, rounds);
      rows.push(...measured);
      for (const row of measured) print(rowText(row));
    }
    return { rows, notes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The contestants that this machine has; the engine comes first. */
function prepare(folder: string, engine: readonly string[]): { contestants: Contestant[]; notes: string[] } {
  const notes: string[] = [];
  const increments = join(folder, 'increments.txt');
  writeFileSync(increments, `${[...drawnIncrements()].join('\n')}\n`);
  const run =
    (command: string, ...args: string[]) =>
    async (pending: number): Promise<Peer> =>
      new Peer(command, [...args, increments, String(pending), String(BEGIN)]);
  const contestants: Contestant[] = [{ name: 'hcpsim', share: 1, start: run(process.execPath, ...engine) }];

  const compiled = join(folder, 'hold');
  const source = PEERS && fileURLToPath(new URL('hold.cpp', PEERS));
  if (source && tryCommand('g++', ['-O2', '-o', compiled, source]) !== undefined)
    contestants.push({ name: 'C++ std::priority_queue', share: 1, start: run(compiled) });
  else notes.push('C++ skipped: it needs g++ and bench/peers/hold.cpp');

  const script = PEERS && fileURLToPath(new URL('hold.py', PEERS));
  const probe = 'try:\n import simpy\nexcept ImportError:\n import SimPy as simpy\nprint(simpy.__version__)';
  const version = script && tryCommand(PYTHON, ['-c', probe]);
  if (script && version) {
    const startPython = run(PYTHON, script);
    const start = async (pending: number): Promise<Peer> => {
      const peer = await startPython(pending);
      await peer.line();
      return peer;
    };
    contestants.push({ name: `SimPy ${version}`, share: 0.1, start });
  } else
    notes.push(
      `SimPy skipped: it needs a SimPy that ${PYTHON} can import (Debian: python3-simpy or python3-simpy3)`,
    );
  return { contestants, notes };
}

/** Lets the contestants take turns, every second round in reverse order. */
async function race(
  contestants: readonly Contestant[],
  pending: number,
  events: number,
  rounds: number,
): Promise<HoldRow[]> {
  const running = await Promise.all(
    contestants.map(async ({ name, share, start }) => ({
      name,
      share,
      peer: await start(pending),
      until: BEGIN,
      speeds: [] as number[],
      bytes: [] as number[],
    })),
  );
  const turn = async (one: (typeof running)[number], count: number): Promise<void> => {
    one.until += Math.round((count * MEAN) / pending);
    const [nanoseconds, executed, grown] = await one.peer.runTo(one.until);
    one.speeds.push((executed! / nanoseconds!) * 1e3);
    if (grown !== undefined) one.bytes.push(grown / executed!);
  };
  for (const one of running) await turn(one, one.share * Math.max(3 * pending, events));
  for (const one of running) one.speeds.length = one.bytes.length = 0;
  for (let round = 0; round < rounds; round++)
    for (const one of round % 2 === 0 ? running : running.toReversed()) await turn(one, one.share * events);
  for (const { peer } of running) peer.end();
  return running.map(({ name, speeds, bytes }) => ({
    contestant: name,
    pending,
    eventsPerMicrosecond: median(speeds),
    engineIsFasterBy: median(speeds.map((speed, round) => running[0]!.speeds[round]! / speed)),
    bytesPerEvent: bytes.length > 0 ? median(bytes) : undefined,
  }));
}

function rowText({
  contestant,
  pending,
  eventsPerMicrosecond,
  engineIsFasterBy,
  bytesPerEvent,
}: HoldRow): string {
  const bytes = bytesPerEvent === undefined ? '' : bytesPerEvent.toFixed(3);
  return [
    String(pending).padEnd(12),
    contestant.padEnd(24),
    eventsPerMicrosecond.toFixed(2).padStart(13),
    engineIsFasterBy.toFixed(2).padStart(22),
    bytes.padStart(14),
  ].join('');
}
