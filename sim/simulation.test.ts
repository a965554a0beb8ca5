import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantViolation } from './assert.ts';
import type { Bounds } from './bounds.ts';
import type { Id } from './entities.ts';
import { BEGINNING } from './facts.ts';
import { LANES, type Lane } from './lanes.ts';
import { HeapQueue } from './queue/index.ts';
import { Simulation, type TraceLine } from './simulation.ts';
import { Walkers } from './testing/walkers.ts';
import type { Micros } from './time.ts';
import { Timer } from './timer.ts';

type ThingId = Id<'thing'>;

/** A simulation that writes down which event happened to whom and when. */
function recorder(bounds: Partial<Bounds> = {}) {
  const sim = new Simulation({ seed: 1, bounds });
  const things = sim.table<ThingId>('thing', 2);
  const log: string[] = [];
  const note = (name: string) => (id: ThingId) => void log.push(`${sim.now} ${name} ${id}`);
  const event = (name: string, lane: Lane = 'control') => sim.event(things, name, lane, note(name));
  return { sim, things, log, note, event };
}

const us = (value: number): Micros => value as Micros;

function violation(act: () => void): InvariantViolation {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InvariantViolation);
    return error as InvariantViolation;
  }
  throw new Error('nothing was thrown');
}

describe('events happen', () => {
  test('in order of time, then lane, then scheduling', () => {
    const choice = fc.record({ at: fc.nat({ max: 5 }), lane: fc.nat({ max: LANES.length - 1 }) });
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 60 }), (choices) => {
        const { sim, things, log, event } = recorder();
        const id = things.add();
        const handles = choices.map(({ lane }, i) => event(String(i), LANES[lane]));
        choices.forEach(({ at }, i) => {
          sim.at(handles[i]!, id, at);
        });
        sim.run(us(10));
        const sorted = choices
          .map(({ at, lane }, i) => ({ at, lane, i }))
          .sort((a, b) => a.at - b.at || a.lane - b.lane || a.i - b.i);
        expect(log).toEqual(sorted.map(({ at, i }) => `${at} ${i} ${id}`));
        expect(sim.events).toBe(choices.length);
      }),
      { seed: 1 },
    );
  });

  test('before the end of a run, and the clock stands at the end', () => {
    const { sim, things, log, event } = recorder();
    const tick = event('tick');
    const id = things.add();
    for (const at of [4, 5]) sim.at(tick, id, at);
    sim.run(us(5));
    expect([log, sim.now, sim.pending, sim.events]).toEqual([['4 tick 0'], 5, 1, 1]);
    sim.run(us(6));
    expect([log.at(-1), sim.now, sim.pending]).toEqual(['5 tick 0', 6, 0]);
  });

  test('at the same instant when scheduled without a delay, after what was due already', () => {
    const { sim, things, log, event } = recorder();
    const late = event('late');
    const id = things.add();
    const early = sim.event(things, 'early', 'control', (target) => sim.after(late, target, 0));
    sim.after(early, id, 3);
    sim.after(event('due'), id, 3);
    sim.run(us(4));
    expect(log).toEqual(['3 due 0', '3 late 0']);
  });
});

describe('an event is dropped', () => {
  test('when its target was removed, also when the row has a new owner', () => {
    const { sim, things, log, event } = recorder();
    const tick = event('tick');
    const [gone, replaced, kept] = [things.add(), things.add(), things.add()];
    for (const id of [gone, replaced, kept]) sim.after(tick, id, 5);
    things.remove(gone);
    things.remove(replaced);
    expect(things.add()).toBe(replaced);
    sim.after(tick, replaced, 7);
    sim.run(us(10));
    expect(log).toEqual([`5 tick ${kept}`, `7 tick ${replaced}`]);
    expect([sim.events, sim.pending]).toEqual([2, 0]);
  });

  test('when the epoch it was given moves on, and only then', () => {
    const { sim, things, log, note } = recorder();
    const boots = things.epochs('boot');
    const booted = sim.event(things, 'booted', 'recover', note('booted'), boots);
    const id = things.add();
    sim.after(booted, id, 5);
    boots.add(id, 1);
    sim.after(booted, id, 6);
    sim.run(us(10));
    expect(log).toEqual(['6 booted 0']);
  });
});

describe('a timer', () => {
  function timed() {
    const base = recorder();
    const timer = new Timer(base.sim, base.things, 'alarm', 'control', base.note('alarm'));
    return { ...base, timer, id: base.things.add() };
  }

  test('set again replaces what was pending', () => {
    const { sim, log, timer, id } = timed();
    timer.after(id, 5);
    timer.after(id, 9);
    expect(timer.due(id)).toBe(9);
    timer.at(id, 7);
    sim.run(us(20));
    expect(log).toEqual(['7 alarm 0']);
    expect(timer.armed(id)).toBe(false);
  });

  test('cancelled does not fire, and can be set again', () => {
    const { sim, log, timer, id } = timed();
    timer.after(id, 5);
    timer.cancel(id);
    timer.cancel(id);
    expect(timer.armed(id)).toBe(false);
    timer.after(id, 6);
    sim.run(us(20));
    expect(log).toEqual(['6 alarm 0']);
  });

  test('of one target leaves the others alone, and dies with its target', () => {
    const { sim, things, log, timer, id } = timed();
    const other = things.add();
    timer.after(id, 5);
    timer.after(other, 5);
    things.remove(id);
    expect(timer.armed(id)).toBe(false);
    sim.run(us(20));
    expect(log).toEqual([`5 alarm ${other}`]);
  });

  test('can be set by its own handler', () => {
    const { sim, things, log, note } = recorder();
    const pulse = new Timer(sim, things, 'pulse', 'control', (id) => {
      note('pulse')(id);
      pulse.after(id, 10);
    });
    pulse.after(things.add(), 10);
    sim.run(us(35));
    expect(log).toEqual(['10 pulse 0', '20 pulse 0', '30 pulse 0']);
  });
});

describe('deferred work', () => {
  test('is done once after the event, with what it defers itself, before the next event', () => {
    const { sim, things, log } = recorder();
    const inner = { settle: () => void log.push('inner') };
    const outer = {
      settle: () => {
        log.push('outer');
        sim.defer(inner);
      },
    };
    const tick = sim.event(things, 'tick', 'control', (id) => {
      sim.defer(outer);
      log.push(`tick ${id}`);
    });
    for (const id of [things.add(), things.add()]) sim.after(tick, id, 1);
    sim.run(us(2));
    expect(log).toEqual(['tick 0', 'outer', 'inner', 'tick 1', 'outer', 'inner']);
  });

  test('put off outside a run is done when the run begins', () => {
    const { sim, things, log, event } = recorder();
    sim.after(event('tick'), things.add(), 0);
    sim.defer({ settle: () => void log.push('settled') });
    sim.run(us(1));
    sim.run(us(2));
    expect(log).toEqual(['settled', '0 tick 0']);
  });
});

describe('a cause', () => {
  test('goes with what an event schedules, and leads from the last fact back to the root', () => {
    const { sim, things } = recorder();
    const [outage, lost, down] = [sim.factKind('outage'), sim.factKind('lost'), sim.factKind('down')];
    const id = things.add();
    const third = sim.event(things, 'third', 'control', (target) => void sim.emit(down, target, 0.5));
    const second = sim.event(things, 'second', 'control', (target) => {
      const outer = sim.enter(sim.emit(lost, target));
      sim.after(third, target, 10);
      sim.leave(outer);
      sim.emit(down, target);
    });
    const first = sim.event(things, 'first', 'fail', (target) => {
      sim.enter(sim.emit(outage, target));
      sim.after(second, target, 10);
    });
    sim.after(first, id, 10);
    sim.run(us(100));
    const last = sim.facts.length - 1;
    const names = (fact: number): string[] =>
      sim.facts.chain(fact as typeof BEGINNING).map(({ kind, at }) => `${at} ${kind.name}`);
    expect(names(last)).toEqual(['10 outage', '20 lost', '30 down']);
    expect(names(last - 1)).toEqual(['10 outage', '20 down']);
    expect(sim.cause).toBe(BEGINNING);
  });

  test('does not leak from one event into another', () => {
    const { sim, things } = recorder();
    const kind = sim.factKind('thing');
    const causes: number[] = [];
    const entering = sim.event(things, 'entering', 'fail', (id) => void sim.enter(sim.emit(kind, id)));
    const looking = sim.event(things, 'looking', 'control', () => void causes.push(sim.cause));
    const id = things.add();
    sim.after(entering, id, 1);
    sim.after(looking, id, 1);
    sim.run(us(2));
    expect(causes).toEqual([BEGINNING]);
  });
});

describe('an observer', () => {
  test('sees every fact of its kind with subject, value, number and time', () => {
    const { sim, things } = recorder();
    const [seen, unseen] = [sim.factKind('seen'), sim.factKind('unseen')];
    const told: unknown[] = [];
    sim.observe(seen, (...fact) => void told.push(fact));
    sim.observe(seen, (subject) => void told.push(subject));
    const tick = sim.event(things, 'tick', 'control', (id) => {
      sim.emit(unseen, id);
      sim.emit(seen, id, 0.5);
    });
    sim.after(tick, things.add(), 4);
    sim.run(us(5));
    expect(told).toEqual([[0, 0.5, 2, 4], 0]);
  });

  test('cannot move the digest', () => {
    const watched = new Walkers(7);
    let facts = 0;
    watched.sim.observe(watched.arrived, () => facts++);
    const alone = new Walkers(7);
    for (const walkers of [watched, alone]) walkers.sim.run(us(1_000));
    expect(facts).toBeGreaterThan(50);
    expect(watched.sim.digest).toBe(alone.sim.digest);
  });

  test('that schedules or emits is refused', () => {
    const misbehaving: ((sim: Simulation, kind: ReturnType<Simulation['factKind']>) => void)[] = [
      (sim, kind) => void sim.emit(kind, 1),
      (sim) => {
        const table = sim.table('late');
        sim.after(
          sim.event(table, 'late', 'observe', () => {}),
          table.add(),
          1,
        );
      },
    ];
    for (const act of misbehaving) {
      const { sim } = recorder();
      const [told, other] = [sim.factKind('told'), sim.factKind('other')];
      sim.observe(told, () => act(sim, other));
      expect(violation(() => sim.emit(told, 0)).message).toBe('an observer of told changed the run');
    }
  });
});

describe('the digest', () => {
  const digest = (seed: number, replication = 0, act: (walkers: Walkers) => void = () => {}): string => {
    const walkers = new Walkers(seed, replication);
    act(walkers);
    walkers.sim.run(us(1_000));
    return walkers.sim.digest;
  };

  test('is the same for the same seed and replication, traced or not, whatever the queue', () => {
    const lines: TraceLine[] = [];
    const traced = digest(3, 0, ({ sim }) => sim.trace((line) => lines.push(line)));
    expect(lines.length).toBeGreaterThan(100);
    expect([traced, digest(3, 0)]).toEqual([digest(3), digest(3)]);
    const onHeap = new Walkers(3, 0, (capacity) => new HeapQueue(capacity));
    onHeap.sim.run(us(1_000));
    expect(onHeap.sim.digest).toBe(digest(3));
  });

  test('is another for another seed, another replication, another end', () => {
    const longer = new Walkers(3);
    longer.sim.run(us(1_100));
    const all = [digest(3), digest(4), digest(3, 1), digest(4, 1), longer.sim.digest];
    expect(new Set(all).size).toBe(all.length);
  });

  test('moves with a fact and with its value', () => {
    const withFact = (value?: number): string => {
      const { sim } = recorder();
      const kind = sim.factKind('thing');
      if (value !== undefined) sim.emit(kind, 1, value);
      return sim.digest;
    };
    expect(new Set([withFact(), withFact(0), withFact(0.1), withFact(0.2)]).size).toBe(4);
  });
});

test('a trace shows events and facts in order, and stops when asked to', () => {
  const { sim, things } = recorder();
  const kind = sim.factKind('seen');
  const tick = sim.event(things, 'tick', 'control', (id) => void sim.emit(kind, id, 0.5));
  const lines: TraceLine[] = [];
  sim.trace((line) => lines.push(line));
  sim.after(tick, things.add(), 4);
  sim.after(tick, things.add(), 8);
  sim.run(us(5));
  sim.trace(undefined);
  sim.run(us(10));
  const common = { at: 4, target: 0, cause: BEGINNING };
  expect(lines).toEqual([
    { ...common, kind: 'event', event: 'tick', table: 'thing', value: 0 },
    { ...common, kind: 'fact', event: 'seen', table: '', value: 0.5 },
  ]);
});

describe('runs add up', () => {
  test('stopping in between changes nothing', () => {
    const instant = fc.nat({ max: 999 });
    fc.assert(
      fc.property(fc.array(instant, { maxLength: 6 }), fc.integer(), (stops, seed) => {
        const [whole, parts] = [new Walkers(seed), new Walkers(seed)];
        whole.sim.run(us(1_000));
        for (const stop of stops.sort((a, b) => a - b)) parts.sim.run(us(stop));
        parts.sim.run(us(1_000));
        expect(parts.state()).toEqual(whole.state());
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('running back is refused', () => {
    const { sim } = recorder();
    sim.run(us(5));
    sim.run(us(5));
    expect(violation(() => sim.run(us(4))).message).toBe('cannot run back from 5 to 4');
    expect(violation(() => sim.run(us(Number.NaN))).message).toBe('cannot run back from 5 to NaN');
  });
});

describe('a snapshot', () => {
  const stop = fc.nat({ max: 500 });

  test('rewinds exactly, any number of times', () => {
    fc.assert(
      fc.property(stop, stop, fc.integer(), (at, further, seed) => {
        const walkers = new Walkers(seed);
        walkers.sim.run(us(at));
        const state = walkers.state();
        const saved = walkers.sim.save();
        const ends = [1, 2, 3].map(() => {
          walkers.sim.run(us(at + further));
          const end = walkers.state();
          walkers.sim.restore(saved);
          expect(walkers.state()).toEqual(state);
          return end;
        });
        expect([ends[1], ends[2]]).toEqual([ends[0], ends[0]]);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('restored into another instance built the same way is a fork: both go on alike, and apart', () => {
    fc.assert(
      fc.property(stop, stop, fc.integer(), (at, further, seed) => {
        const [trunk, fork] = [new Walkers(seed), new Walkers(seed)];
        trunk.sim.run(us(at));
        const saved = trunk.sim.save();
        trunk.sim.run(us(at + further));
        fork.sim.restore(saved);
        fork.sim.run(us(at + further));
        expect(fork.state()).toEqual(trunk.state());
        const end = trunk.state();
        fork.sim.run(us(2_000));
        expect(trunk.state()).toEqual(end);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('of another model is refused', () => {
    const { sim } = recorder();
    expect(violation(() => sim.restore(new Simulation({ seed: 1 }).save())).message).toBe(
      'snapshot of another model',
    );
  });

  test('carries parts that are no tables', () => {
    const { sim } = recorder();
    let count = 1;
    sim.keep({
      save: () => count,
      restore: (saved: number) => {
        count = saved;
      },
    });
    const saved = sim.save();
    count = 2;
    sim.restore(saved);
    expect(count).toBe(1);
  });
});

describe('a bound fails with its name, the position and the last events', () => {
  function looping(bounds: Partial<Bounds>, delay: number, copies = 1) {
    const { sim, things } = recorder(bounds);
    const loop = sim.event(things, 'loop', 'control', (id) => {
      for (let i = 0; i < copies; i++) sim.after(loop, id, delay);
    });
    sim.after(loop, things.add(), 10);
    return sim;
  }

  test.each([
    ['maxEvents: more than 100 events', { maxEvents: 100 }, 10, 1, 101, 1_010],
    ['maxEventsAtInstant: more than 50 events at one instant', { maxEventsAtInstant: 50 }, 0, 1, 51, 10],
    ['maxPending: more than 30 pending events', { maxPending: 30 }, 5, 2, 32, 35],
  ] as const)('%s', (message, bounds, delay, copies, event, at) => {
    const { message: found, position } = violation(() => looping(bounds, delay, copies).run(us(1e6)));
    expect(found).toBe(`bound ${message}`);
    expect(position).toMatchObject({ seed: 1, replication: 0, event, at });
    expect(position!.recent).toHaveLength(16);
    expect(position!.recent.at(-1)).toBe(`${at} us thing 0: loop`);
  });

  test('and not before: as many events as allowed are fine', () => {
    const steady = looping({ maxEvents: 100, maxEventsAtInstant: 1, maxPending: 1 }, 10);
    steady.run(us(1_001));
    expect(steady.events).toBe(100);
  });

  test('and instants of different runs are not taken together', () => {
    const { sim, things, event } = recorder({ maxEventsAtInstant: 2 });
    const tick = event('tick');
    const id = things.add();
    for (const at of [3, 3, 5, 5]) sim.at(tick, id, at);
    sim.run(us(5));
    sim.run(us(6));
    expect(sim.events).toBe(4);
  });
});

describe('a violation', () => {
  test.each([4, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 5.5])(
    'is to schedule at %d when the clock stands at 5',
    (time) => {
      const { sim, things, event } = recorder();
      const tick = event('tick');
      const id = things.add();
      sim.run(us(5));
      const { message } = violation(() => sim.at(tick, id, time));
      expect(message).toBe(`tick cannot be scheduled at ${time}, the clock stands at 5`);
      sim.at(tick, id, 5);
    },
  );

  test('in a handler says where it happened and what went before', () => {
    const { sim, things, event } = recorder();
    const tick = event('tick');
    const failing = sim.event(things, 'failing', 'fail', () => {
      throw new RangeError('out of reach');
    });
    const [a, b] = [things.add(), things.add()];
    sim.after(tick, a, 3);
    sim.after(failing, b, 7);
    const found = violation(() => sim.run(us(10)));
    expect(found.message).toBe('out of reach');
    expect(found.cause).toBeInstanceOf(RangeError);
    expect(found.position).toEqual({
      seed: 1,
      replication: 0,
      event: 2,
      at: 7,
      recent: ['3 us thing 0: tick', '7 us thing 1: failing'],
    });
  });

  test('keeps its own position when it has one, and what is thrown need not be an error', () => {
    const { sim, things } = recorder();
    const failing = sim.event(things, 'failing', 'fail', () => {
      throw 'a text';
    });
    sim.after(failing, things.add(), 7);
    expect(violation(() => sim.run(us(10)))).toMatchObject({ message: 'a text', position: { at: 7 } });
  });

  test('after a rewind does not show events of the abandoned future', () => {
    const { sim, things, event } = recorder();
    const tick = event('tick');
    const failing = sim.event(things, 'failing', 'fail', () => {
      throw new Error('failed');
    });
    const id = things.add();
    for (const at of [10, 20, 30]) sim.at(tick, id, at);
    sim.run(us(25));
    const saved = sim.save();
    sim.run(us(40));
    sim.restore(saved);
    sim.at(failing, id, 26);
    const { position } = violation(() => sim.run(us(40)));
    expect(position!.recent).toEqual(['26 us thing 0: failing']);
  });

  test('soon after a fork shows only events that this instance executed', () => {
    const forked = (): ReturnType<typeof recorder> => {
      const base = recorder();
      base.sim.event(base.things, 'failing', 'fail', (id) => {
        if (base.sim.now > 50) throw new Error(`failing ${id}`);
      });
      return base;
    };
    const [trunk, fork] = [forked(), forked()];
    const tick = trunk.event('tick');
    fork.event('tick');
    const id = trunk.things.add();
    for (const at of [10, 20, 60]) trunk.sim.at(tick, id, at);
    const failing = trunk.sim.event(trunk.things, 'failing late', 'fail', () => {
      throw new Error('late');
    });
    fork.sim.event(fork.things, 'failing late', 'fail', () => {
      throw new Error('late');
    });
    trunk.sim.at(failing, id, 70);
    trunk.sim.run(us(30));
    fork.sim.restore(trunk.sim.save());
    const { message, position } = violation(() => fork.sim.run(us(100)));
    expect(message).toBe('late');
    expect(position!.recent).toEqual(['60 us thing 0: tick', '70 us thing 0: failing late']);
  });
});

test('the digest knows events and facts by name: kinds that are added and never happen do not move it', () => {
  const run = (extra: boolean): string => {
    const sim = new Simulation({ seed: 1 });
    const others = sim.table('other');
    if (extra) sim.event(others, 'never', 'fail', () => {});
    if (extra) sim.factKind('never');
    const things = sim.table('thing');
    const happened = sim.factKind('happened');
    const event = sim.event(things, 'happens', 'fail', (thing) => sim.emit(happened, thing));
    sim.after(event, things.add(), 10);
    sim.run(1_000_000 as Micros);
    return sim.digest;
  };
  expect(run(true)).toBe(run(false));
});
