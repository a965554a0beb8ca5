/**
 * The kernel: one clock, one queue of pending events, tables of entities, a log of facts, named random streams.
 *
 * A model registers tables and typed events once, then schedules; the kernel pops the least event by (time, lane, sequence),
 * drops it when its target's epoch has moved on, and calls its handler. Nothing is allocated per event.
 */
import { InvariantViolation, invariant } from './assert.ts';
import { type Bounds, DEFAULT_BOUNDS } from './bounds.ts';
import { Digest, printOf } from './digest.ts';
import { type I32Column, Table } from './entities.ts';
import { BEGINNING, type CauseId, type FactKind, FactLog, type Observer } from './facts.ts';
import { LANE_SPAN, type Lane, laneBase } from './lanes.ts';
import { defaultQueue } from './queue/index.ts';
import type { EventQueue, QueueFactory } from './queue/queue.ts';
import type { Kept, Snapshot } from './snapshot.ts';
import { Streams } from './streams.ts';
import { type Micros, START } from './time.ts';

/** A kind of event: what happens to one entity of one table. Obtained from `event`, used to schedule. */
export interface EventHandle<I extends number> {
  readonly code: number;
  readonly name: string;
  readonly lane: Lane;
  readonly table: Table<I>;
  /** Order base of the lane. */
  readonly base: number;
  /** The epoch that must not have moved on when the event is due. */
  readonly epoch: I32Column<I>;
}

/** Work put off to the end of the current event, so that one event is followed by one evaluation. */
export interface Deferred {
  settle(): void;
}

/** What a trace shows: every event executed, every fact emitted. Built only while somebody listens. */
export interface TraceLine {
  readonly kind: 'event' | 'fact';
  readonly at: Micros;
  readonly event: string;
  readonly table: string;
  readonly target: number;
  readonly value: number;
  readonly cause: CauseId;
}

export interface SimulationOptions {
  readonly seed: number;
  /** Number of the replication: another future of the same scenario. */
  readonly replication?: number;
  readonly queue?: QueueFactory;
  readonly bounds?: Partial<Bounds>;
}

/** What each bound counts. */
const BOUNDED: Readonly<Record<keyof Bounds, string>> = {
  maxEvents: 'events',
  maxEventsAtInstant: 'events at one instant',
  maxPending: 'pending events',
};

/** How many events a violation shows; a power of two. */
const RECENT = 16;

export class Simulation {
  readonly seed: number;
  readonly replication: number;
  readonly streams: Streams;
  readonly facts = new FactLog();
  readonly #bounds: Bounds;
  readonly #queue: EventQueue;
  readonly #digest = new Digest();
  readonly #tables: Table[] = [];
  readonly #handles: EventHandle<number>[] = [];
  readonly #handlers: ((target: number) => void)[] = [];
  readonly #epochs: I32Column[] = [];
  /** What the digest knows each event by. */
  readonly #prints: number[] = [];
  readonly #observers: Observer[][] = [];
  readonly #kept: Kept[] = [];
  /** The last events, three numbers each: time, code, target. */
  readonly #recent = new Float64Array(3 * RECENT).fill(-1);
  #deferred: Deferred[] = [];
  #isSettled = true;
  #tracer: ((line: TraceLine) => void) | undefined;
  #now: Micros = START;
  #sequence = 0;
  #events = 0;
  /** Events executed before the present instant. */
  #eventsBefore = 0;
  #cause: CauseId = BEGINNING;

  constructor(options: SimulationOptions) {
    this.seed = options.seed;
    this.replication = options.replication ?? 0;
    this.streams = new Streams(this.seed, this.replication);
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#queue = (options.queue ?? defaultQueue)();
  }

  get now(): Micros {
    return this.#now;
  }
  /** Events executed so far; stale ones do not count. */
  get events(): number {
    return this.#events;
  }
  get pending(): number {
    return this.#queue.size;
  }
  /** Fingerprint of all events and facts so far. */
  get digest(): string {
    return this.#digest.hex();
  }
  /** The fact that the current event follows from. */
  get cause(): CauseId {
    return this.#cause;
  }

  // --- building a model ---------------------------------------------------------------------------------------------

  table<I extends number>(name: string, capacity?: number): Table<I> {
    const table = new Table<I>(name, capacity);
    this.#tables.push(table as unknown as Table);
    return table;
  }

  /** An event that dies with its target's row. */
  event<I extends number>(
    table: Table<I>,
    name: string,
    lane: Lane,
    handler: (target: I) => void,
    epoch: I32Column<I> = table.lifetime,
  ): EventHandle<I> {
    const handle = { code: this.#handles.length, name, lane, table, base: laneBase(lane), epoch };
    this.#handles.push(handle as unknown as EventHandle<number>);
    this.#handlers.push(handler as (target: number) => void);
    this.#prints.push(printOf(`${table.name}/${name}`));
    this.#epochs.push(epoch as unknown as I32Column);
    return handle;
  }

  factKind(name: string): FactKind {
    return this.facts.kind(name);
  }

  /** Calls `observer` at every fact of a kind. An observer that schedules or emits is a violation. */
  observe(kind: FactKind, observer: Observer): void {
    this.#observers[kind.code] ??= [];
    this.#observers[kind.code]!.push(observer);
  }

  /** Makes snapshots carry a part that is not a table. Parts are restored in the order in which they were registered. */
  keep(part: Kept): void {
    this.#kept.push(part);
  }

  /** Listens to every event and fact; undefined to stop. */
  trace(listener: ((line: TraceLine) => void) | undefined): void {
    this.#tracer = listener;
  }

  // --- scheduling and facts -----------------------------------------------------------------------------------------

  /** Schedules an event `delay` microseconds from now. */
  after<I extends number>(event: EventHandle<I>, target: I, delay: number): void {
    this.at(event, target, this.#now + delay);
  }

  /**
   * Schedules an event at an instant, now at the earliest.
   * @throws InvariantViolation for the past, for a fraction of a microsecond and for what is no time.
   */
  at<I extends number>(event: EventHandle<I>, target: I, time: number): void {
    const isTime = time >= this.#now && time <= Number.MAX_SAFE_INTEGER && time === Math.floor(time);
    if (!isTime) this.#badTime(event.name, time);
    this.#queue.push(
      time,
      event.base + this.#sequence++,
      event.code,
      target,
      event.epoch.data[target]!,
      this.#cause,
    );
  }

  /** Records a fact whose cause is the current one, tells the observers, and returns its number. */
  emit(kind: FactKind, subject: number, value = 0): CauseId {
    const fact = this.facts.append(kind, subject, value, this.#now, this.#cause);
    this.#digest.int(kind.print);
    this.#digest.int(subject);
    this.#digest.real(value);
    const observers = this.#observers[kind.code];
    if (observers) this.#tell(observers, kind, subject, value, fact);
    if (this.#tracer) this.#traceLine('fact', kind.name, '', subject, value, this.#cause);
    return fact;
  }

  #tell(observers: readonly Observer[], kind: FactKind, subject: number, value: number, fact: CauseId): void {
    const sequence = this.#sequence;
    for (const observe of observers) observe(subject, value, fact, this.#now);
    const isUnchanged = this.#sequence === sequence && this.facts.length === fact + 1;
    invariant(isUnchanged, () => `an observer of ${kind.name} changed the run`);
  }

  /** Makes a fact the cause of what follows. Returns the former cause, to be given back to `leave`. */
  enter(fact: CauseId): CauseId {
    const outer = this.#cause;
    this.#cause = fact;
    return outer;
  }
  leave(outer: CauseId): void {
    this.#cause = outer;
  }

  /** Puts work off to the end of the current event (once per call, in order of calls). Outside a run: until `settle`. */
  defer(work: Deferred): void {
    this.#deferred.push(work);
    this.#isSettled = false;
  }

  /** Does all deferred work, including what that work defers. */
  settle(): void {
    while (this.#deferred.length > 0) {
      const due = this.#deferred;
      this.#deferred = [];
      for (const work of due) work.settle();
    }
    this.#isSettled = true;
  }

  // --- running ------------------------------------------------------------------------------------------------------

  /**
   * Executes all events before `until` and moves the clock there. An event at `until` itself stays pending, so
   * consecutive runs add up to one.
   * @throws InvariantViolation with the position when a handler or a bound fails.
   */
  run(until: Micros): void {
    invariant(until >= this.#now, () => `cannot run back from ${this.#now} to ${until}`);
    try {
      this.settle();
      this.#executeBefore(until);
    } catch (error) {
      throw this.#positioned(error);
    }
    if (until > this.#now) this.#moveTo(until, this.#events);
    this.#cause = BEGINNING;
  }

  /** Where a run spends its time: one loop, what it needs in locals, no calls that V8 does not inline (bench/README.md). */
  #executeBefore(until: Micros): void {
    const queue = this.#queue;
    const recent = this.#recent;
    const epochs = this.#epochs;
    const handlers = this.#handlers;
    const digest = this.#digest;
    const prints = this.#prints;
    const { maxEvents, maxEventsAtInstant, maxPending } = this.#bounds;
    for (let slot = queue.pop(); slot >= 0; slot = queue.pop()) {
      const at = queue.time(slot) as Micros;
      const code = queue.code(slot);
      const target = queue.target(slot);
      // Popping one event too many and putting it back is cheaper than peeking at every one.
      if (at >= until) {
        this.#putBack(slot);
        return;
      }
      if (queue.epoch(slot) !== epochs[code]!.data[target]) continue;
      this.#cause = queue.cause(slot) as CauseId;
      const last = 3 * (this.#events & (RECENT - 1));
      recent[last] = at;
      recent[last + 1] = code;
      recent[last + 2] = target;
      this.#events++;
      if (at !== this.#now) this.#moveTo(at, this.#events - 1);
      else if (this.#events - this.#eventsBefore > maxEventsAtInstant) this.#failBound('maxEventsAtInstant');
      if (this.#events > maxEvents) this.#failBound('maxEvents');
      if (queue.size > maxPending) this.#failBound('maxPending');
      digest.event(at, prints[code]!, target);
      if (this.#tracer !== undefined) this.#traceEvent(code, target);
      handlers[code]!(target);
      if (!this.#isSettled) this.settle();
    }
  }

  #moveTo(instant: Micros, eventsBefore: number): void {
    this.#now = instant;
    this.#eventsBefore = eventsBefore;
  }

  #putBack(slot: number): void {
    const queue = this.#queue;
    queue.push(
      queue.time(slot),
      queue.order(slot),
      queue.code(slot),
      queue.target(slot),
      queue.epoch(slot),
      queue.cause(slot),
    );
  }

  #failBound(name: keyof Bounds): never {
    throw new InvariantViolation(`bound ${name}: more than ${this.#bounds[name]} ${BOUNDED[name]}`);
  }

  #badTime(event: string, time: number): never {
    throw new InvariantViolation(`${event} cannot be scheduled at ${time}, the clock stands at ${this.#now}`);
  }

  #positioned(error: unknown): InvariantViolation {
    const message = error instanceof Error ? error.message : String(error);
    const violation =
      error instanceof InvariantViolation ? error : new InvariantViolation(message, { cause: error });
    violation.position ??= {
      seed: this.seed,
      replication: this.replication,
      event: this.#events,
      at: this.#now,
      recent: this.#recentLines(),
    };
    return violation;
  }

  #recentLines(): string[] {
    const lines: string[] = [];
    for (let i = Math.max(0, this.#events - RECENT); i < this.#events; i++) {
      const [at, code, target] = this.#recent.subarray(3 * (i % RECENT));
      const handle = this.#handles[code!];
      // Events from before a restore were not executed here.
      if (handle) lines.push(`${at} us ${handle.table.name} ${target}: ${handle.name}`);
    }
    return lines;
  }

  #traceEvent(code: number, target: number): void {
    const { name, table } = this.#handles[code]!;
    this.#traceLine('event', name, table.name, target, 0, this.#cause);
  }

  #traceLine(
    kind: TraceLine['kind'],
    event: string,
    table: string,
    target: number,
    value: number,
    cause: CauseId,
  ): void {
    this.#tracer!({ kind, at: this.#now, event, table, target, value, cause });
  }

  // --- snapshot -----------------------------------------------------------------------------------------------------

  /** Copies the whole state, between runs. */
  save(): Snapshot {
    this.settle();
    return {
      now: this.#now,
      sequence: this.#sequence,
      events: this.#events,
      digest: this.#digest.save(),
      queue: this.#queue.save(),
      tables: this.#tables.map((table) => table.save()),
      facts: this.facts.save(),
      streams: this.streams.save(),
      kept: this.#kept.map((part) => part.save()),
    };
  }

  /** Puts back a state saved from this simulation, or from another one built the same way: that is a fork. */
  restore(saved: Snapshot): void {
    invariant(saved.tables.length === this.#tables.length, 'snapshot of another model');
    this.#deferred = [];
    this.#sequence = saved.sequence;
    this.#events = saved.events;
    this.#moveTo(saved.now, saved.events);
    this.#recent.fill(-1);
    this.#cause = BEGINNING;
    this.#digest.restore(saved.digest);
    this.#queue.load(saved.queue);
    this.#tables.forEach((table, i) => {
      table.restore(saved.tables[i]!);
    });
    this.facts.restore(saved.facts);
    this.streams.restore(saved.streams);
    this.#kept.forEach((part, i) => {
      part.restore(saved.kept[i] as never);
    });
    invariant(this.#sequence < LANE_SPAN, 'sequence numbers are used up');
  }
}
