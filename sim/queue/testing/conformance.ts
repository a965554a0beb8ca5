import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventQueue, QueueFactory } from '../queue.ts';
import { SortedArrayQueue } from './sorted-array.ts';

const LANE = 2 ** 48;
const LATEST = Number.MAX_SAFE_INTEGER;

/** What a queue must do to be used by a simulation: give it a name and a factory in a test file of its own. */
export function queueConformance({ name, make }: { name: string; make: QueueFactory }): void {
  describe(`${name}: conformance`, () => {
    emptyQueue(make);
    orderOfEvents(make);
    againstReference(make);
    bursts(make);
    savingAndLoading(make);
    growth(make);
  });
}

type Event = readonly [
  time: number,
  order: number,
  code: number,
  target: number,
  epoch: number,
  cause: number,
];

function read(queue: EventQueue, slot: number): Event {
  return [
    queue.time(slot),
    queue.order(slot),
    queue.code(slot),
    queue.target(slot),
    queue.epoch(slot),
    queue.cause(slot),
  ];
}

function popEvent(queue: EventQueue): Event | undefined {
  const slot = queue.pop();
  return slot < 0 ? undefined : read(queue, slot);
}

function drain(queue: EventQueue): Event[] {
  const events: Event[] = [];
  for (let event = popEvent(queue); event; event = popEvent(queue)) events.push(event);
  return events;
}

const byTimeAndOrder = (a: Event, b: Event): number => a[0] - b[0] || a[1] - b[1];

function emptyQueue(make: QueueFactory): void {
  test('an empty queue has size 0, no least event and no slot to pop', () => {
    const queue = make();
    expect([queue.size, queue.peek(), queue.peekTime(), queue.pop()]).toEqual([
      0,
      -1,
      Number.POSITIVE_INFINITY,
      -1,
    ]);
  });

  test('a queue that ran empty takes events again, also earlier ones', () => {
    const queue = make();
    for (const time of [LATEST, 5, 0, 1_000_000, 7]) {
      queue.push(time, 1, 2, 3, 4, 5);
      expect(drain(queue)).toEqual([[time, 1, 2, 3, 4, 5]]);
      expect(queue.size).toBe(0);
    }
  });
}

function orderOfEvents(make: QueueFactory): void {
  test('two events at one instant leave in the order of their order', () => {
    const queue = make();
    queue.push(10, 2 * LANE + 1, 1, 0, 0, 0);
    queue.push(10, 2, 2, 0, 0, 0);
    queue.push(10, 2 * LANE, 3, 0, 0, 0);
    queue.push(9, 3 * LANE + 9, 4, 0, 0, 0);
    expect(drain(queue).map((event) => event[2])).toEqual([4, 2, 3, 1]);
  });

  test('the fields of a popped event are readable until the next push', () => {
    const queue = make();
    queue.push(1, 1, -7, 2 ** 31 - 1, -(2 ** 31), 4);
    queue.push(2, 2, 0, 0, 0, 0);
    const slot = queue.pop();
    queue.pop();
    expect(read(queue, slot)).toEqual([1, 1, -7, 2 ** 31 - 1, -(2 ** 31), 4]);
  });

  test('looking at the least event changes nothing, and an earlier event pushed after the look comes first', () => {
    const queue = make();
    for (let i = 0; i < 200; i++) queue.push(1_000 + 50 * i, i, i, 0, 0, 0);
    expect(queue.peekTime()).toBe(1_000);
    for (let i = 0; i < 200; i++) queue.push(500 - (i % 3), 1_000 + i, i, 0, 0, 0);
    expect(queue.time(queue.peek())).toBe(498);
    expect(queue.size).toBe(400);
    const times = drain(queue).map((event) => event[0]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times).toHaveLength(400);
  });
}

/** Increments of very different kinds; a run mixes some of them. */
const increment = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 1_000 }),
  fc.nat(),
  fc.integer({ min: 0, max: 50 }).map((exponent) => 2 ** exponent),
  fc.integer({ min: 2 ** 40, max: 2 ** 42 }),
);
type Operation =
  | { readonly kind: 'push'; readonly increments: readonly number[]; readonly lane: number }
  | { readonly kind: 'pop' | 'hold'; readonly count: number; readonly increment: number }
  | { readonly kind: 'peek' }
  | { readonly kind: 'reload' };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('push' as const),
    increments: fc.array(increment, { minLength: 1, maxLength: 90 }),
    lane: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom('pop' as const, 'hold' as const),
    count: fc.integer({ min: 1, max: 60 }),
    increment,
  }),
  fc.record({ kind: fc.constant('peek' as const) }),
  fc.record({ kind: fc.constant('reload' as const) }),
);

/** Does the same to both queues and compares all that comes out. */
class Pair {
  private now = 0;
  private sequence = 0;

  constructor(
    private readonly queue: EventQueue,
    private readonly reference: EventQueue,
  ) {}

  run(operation: Operation): void {
    if (operation.kind === 'push') for (const step of operation.increments) this.push(step, operation.lane);
    else if (operation.kind === 'peek') expect(this.queue.peekTime()).toBe(this.reference.peekTime());
    else if (operation.kind === 'reload') this.queue.load(this.queue.save());
    else {
      for (let i = 0; i < operation.count; i++) {
        this.pop();
        if (operation.kind === 'hold') this.push(operation.increment * (i % 3), i % 4);
      }
    }
    expect(this.queue.size).toBe(this.reference.size);
  }

  finish(): void {
    expect(this.queue.save()).toEqual(this.reference.save());
    expect(drain(this.queue)).toEqual(drain(this.reference));
  }

  private push(step: number, lane: number): void {
    const time = Math.min(this.now + step, LATEST);
    const order = lane * LANE + this.sequence++;
    for (const queue of [this.queue, this.reference])
      queue.push(time, order, order % 97, lane - 2, step | 0, 3);
  }

  private pop(): void {
    const event = popEvent(this.queue);
    expect(event).toEqual(popEvent(this.reference));
    if (event) this.now = event[0];
  }
}

function againstReference(make: QueueFactory): void {
  test('random operations give what a sorted array gives', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
        const pair = new Pair(make(16), new SortedArrayQueue());
        for (const each of operations) pair.run(each);
        pair.finish();
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test.each([
    ['equal', () => 1_000],
    ['uniform', (u: number) => Math.floor(u * 2_000)],
    ['mostly near, some far', (u: number) => Math.floor(u < 0.9 ? u * 10 : u * 10_000_000)],
    ['mostly none', (u: number) => (u < 0.8 ? 0 : Math.floor(u * 1_000))],
    ['of all magnitudes', (u: number) => Math.floor(Math.exp(u * 30))],
  ])('a hold model with increments %s leaves in order and loses nothing', (_, draw) => {
    const queue = make();
    let state = 12_345;
    const uniform = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let sequence = 0;
    const push = (now: number) =>
      queue.push(now + draw(uniform()), (sequence % 4) * LANE + sequence++, sequence, 0, 0, 0);
    for (let i = 0; i < 3_000; i++) push(0);
    const seen = new Set<number>();
    let last = -1;
    for (let i = 0; i < 60_000; i++) {
      const event = popEvent(queue)!;
      if (event[0] < last) throw new Error(`event at ${event[0]} left after one at ${last}`);
      last = event[0];
      seen.add(event[2]);
      push(last);
    }
    for (const event of drain(queue)) seen.add(event[2]);
    expect(seen.size).toBe(63_000);
  });
}

function bursts(make: QueueFactory): void {
  test('100,000 events at one instant, pushed in any order of lanes, leave sorted', () => {
    const queue = make();
    for (let i = 0; i < 100_000; i++) queue.push(77, ((i * 7) % 4) * LANE + i, i, 0, 0, 0);
    const events = drain(queue);
    expect(events).toHaveLength(100_000);
    expect(events).toEqual([...events].sort(byTimeAndOrder));
  });

  test('events pushed at the current instant from within a burst interleave by lane', () => {
    const queue = make();
    const count = 50_000;
    for (let i = 0; i < count; i++) queue.push(5, (i % 2) * 3 * LANE + i, i, 0, 0, 0);
    queue.push(6, 0, -1, 0, 0, 0);
    const orders: number[] = [];
    for (let i = 0; i < count; i++) {
      orders.push(popEvent(queue)![1]);
      queue.push(5, (1 + (i % 4)) * LANE + count + i, i, 0, 0, 0);
    }
    const rest = drain(queue);
    expect(rest).toHaveLength(count + 1);
    expect(rest).toEqual([...rest].sort(byTimeAndOrder));
    expect(rest.at(-1)).toEqual([6, 0, -1, 0, 0, 0]);
    expect(orders.slice(0, count / 2).every((order) => order < LANE)).toBe(true);
  });

  test('a chain of zero delays runs on while others wait at the same instant', () => {
    const queue = make();
    for (let i = 0; i < 100; i++) queue.push(5, 3 * LANE + i, i, 0, 0, 0);
    queue.push(5, 0, 1_000, 0, 0, 0);
    for (let i = 1; i <= 10_000; i++) {
      expect(popEvent(queue)![2]).toBe(1_000);
      queue.push(5, i, 1_000, 0, 0, 0);
    }
    expect(queue.size).toBe(101);
  });
}

const events = fc.array(fc.tuple(increment, fc.integer({ min: 0, max: 3 }), fc.nat()), { maxLength: 200 });

function savingAndLoading(make: QueueFactory): void {
  test('a saved queue is sorted, unchanged by the saving, and comes back in another queue', () => {
    fc.assert(
      fc.property(events, fc.nat({ max: 50 }), (rows, pops) => {
        const queue = make();
        rows.forEach(([time, lane, code], i) => {
          queue.push(time, lane * LANE + i, code, i, -i, 9);
        });
        for (let i = 0; i < pops; i++) queue.pop();
        const saved = queue.save();
        const other = make();
        other.push(1, 1, 1, 1, 1, 1);
        other.load(saved);
        expect(other.save()).toEqual(saved);
        const drained = drain(queue);
        expect(drained.map((event) => event[1])).toEqual([...saved.order]);
        expect(drain(other)).toEqual(drained);
      }),
      { numRuns: 60, seed: 2 },
    );
  });
}

function growth(make: QueueFactory): void {
  test('a queue grows past its first capacity without losing an event', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 2_000 }), (capacity, count) => {
        const queue = make(capacity);
        for (let i = 0; i < count; i++) queue.push((i * 7_919) % 1_009, i, i, 0, 0, 0);
        expect(queue.size).toBe(count);
        expect(
          drain(queue)
            .map((event) => event[2])
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { numRuns: 30, seed: 3 },
    );
  });
}
