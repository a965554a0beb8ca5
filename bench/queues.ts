/**
 * The hold model on the bare queues: take the least event, push another a drawn increment later, and so on with a constant
 * number of pending events. Increments are drawn beforehand, so that only the queue is timed.
 */
import { type EventQueue, HeapQueue, LadderQueue, type QueueFactory } from '../sim/queue/index.ts';

const LANE = 2 ** 48;
const TABLE = 1 << 16;

/** Increments in microseconds by inversion, u in (0, 1), all with a mean near one second. */
const INCREMENTS: Readonly<Record<string, (u: number) => number>> = {
  exponential: (u) => -Math.log(u) * 1e6,
  uniform: (u) => u * 2e6,
  bimodal: (u) => (u < 0.9 ? u * 1e5 : (u - 0.9) * 2e8),
  equal: () => 1e6,
  'half zero': (u) => (u < 0.5 ? 0 : (u - 0.5) * 8e6),
  pareto: (u) => 1.7e5 * Math.exp(-Math.log(u) / 1.2),
};

const QUEUES: Readonly<Record<string, QueueFactory>> = {
  heap: (capacity) => new HeapQueue(capacity),
  ladder: (capacity) => new LadderQueue(capacity),
};

export interface QueueBenchOptions {
  readonly pending?: readonly number[];
  /** Names of increment distributions; all by default. */
  readonly increments?: readonly string[];
  /** Hold operations per timed round. */
  readonly operations?: number;
  /** Timed rounds per queue, queues taking turns; the median counts. */
  readonly rounds?: number;
  /** Receives the table line by line. */
  readonly print?: (line: string) => void;
}

export interface QueueBenchRow {
  readonly queue: string;
  readonly pending: number;
  readonly increments: string;
  /** Million hold operations per second, median over the rounds. */
  readonly holdsPerMicrosecond: number;
  /** Speed relative to the heap in the same rounds, median of the rounds' ratios. */
  readonly relativeToHeap: number;
  /** Growth of the heap per hold operation, garbage included: one boxed number would be 16 bytes, below 1 is the timer's own noise. */
  readonly bytesPerHold: number;
}

interface Hold {
  readonly name: string;
  readonly queue: EventQueue;
  readonly run: typeof hold;
  readonly speeds: number[];
  readonly bytes: number[];
  sequence: number;
}

/** Runs the hold model over queues, sizes and increments in one process, queues taking turns, and prints a table. */
export function benchQueues(options: QueueBenchOptions = {}): QueueBenchRow[] {
  const { pending = [100, 10_000, 1_000_000], operations = 1_000_000, rounds = 7 } = options;
  const { increments = Object.keys(INCREMENTS), print = console.log } = options;
  const names = Object.keys(QUEUES);
  print(
    `${'increments'.padEnd(12)}${'pending'.padStart(10)}  ${names.map((name) => name.padStart(8)).join('')}   ratio`,
  );
  const rows: QueueBenchRow[] = [];
  for (const size of pending) {
    for (const kind of increments) {
      const measured = benchOne(size, kind, operations, rounds);
      rows.push(...measured);
      const speeds = measured.map((row) => row.holdsPerMicrosecond.toFixed(1).padStart(8)).join('');
      print(
        `${kind.padEnd(12)}${String(size).padStart(10)}  ${speeds}   ${measured.at(-1)!.relativeToHeap.toFixed(2)}`,
      );
    }
  }
  return rows;
}

function benchOne(pending: number, kind: string, operations: number, rounds: number): QueueBenchRow[] {
  const draw = INCREMENTS[kind];
  if (!draw)
    throw new RangeError(
      `increments: found '${kind}', expected one of ${Object.keys(INCREMENTS).join(', ')}`,
    );
  const table = incrementTable(draw);
  const holds = Object.entries(QUEUES).map(([name, make]) => prepare(name, make, pending, table));
  for (const each of holds) time(each, Math.max(3 * pending, 300_000), table);
  for (const each of holds) each.speeds.length = each.bytes.length = 0;
  for (let round = 0; round < rounds; round++) {
    // Every second round the other way round, so that no queue always runs on the other's warm cache.
    for (const each of round % 2 === 0 ? holds : holds.toReversed()) time(each, operations, table);
  }
  return holds.map((each) => ({
    queue: each.name,
    pending,
    increments: kind,
    holdsPerMicrosecond: median(each.speeds),
    relativeToHeap: median(each.speeds.map((speed, round) => speed / holds[0]!.speeds[round]!)),
    bytesPerHold: median(each.bytes),
  }));
}

function prepare(name: string, make: QueueFactory, pending: number, table: Float64Array): Hold {
  const queue = make(pending + 1);
  for (let i = 0; i < pending; i++) queue.push(table[(i * 40_503) % TABLE]!, 2 * LANE + i, 1, 2, 3, 4);
  return { name, queue, run: freshCopy(hold), speeds: [], bytes: [], sequence: 2 * LANE + pending };
}

function time(subject: Hold, operations: number, table: Float64Array): void {
  const bytes = process.memoryUsage().heapUsed;
  const from = performance.now();
  subject.sequence = subject.run(subject.queue, operations, table, subject.sequence);
  subject.speeds.push(operations / (performance.now() - from) / 1_000);
  subject.bytes.push((process.memoryUsage().heapUsed - bytes) / operations);
}

/** The timed loop. It reads every field, as a simulation does; the sum keeps the reads alive. */
function hold(queue: EventQueue, operations: number, table: Float64Array, sequence: number): number {
  let order = sequence;
  let sum = 0;
  for (let i = 0; i < operations; i++) {
    const slot = queue.pop();
    const now = queue.time(slot);
    sum = (sum + queue.code(slot) + queue.target(slot) + queue.epoch(slot) + queue.cause(slot)) | 0;
    queue.push(now + table[i & 65_535]!, order++, i & 7, i & 1_023, i & 3, sum & 255);
  }
  return order;
}

/** The same function with type feedback of its own: one loop for all queues would be slowed by having seen them all. */
function freshCopy<F>(loop: F): F {
  return new Function(`return ${loop}`)() as F;
}

/** Increments on the clock's grid, from evenly spread u in an order scrambled by a multiplier coprime to the table's size. */
function incrementTable(draw: (u: number) => number): Float64Array {
  return Float64Array.from({ length: TABLE }, (_, i) =>
    Math.round(draw((((i * 40_503 + 12_345) % TABLE) + 0.5) / TABLE)),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
