import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { MILLISECOND, type Micros, SECOND, seconds } from '../../sim/time.ts';
import type { MemberId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import { Ensembles } from './ensembles.ts';

const PARAMETERS = parameterValues();
/** The election timeout: T ticks. */
const T = PARAMETERS.etcd.electionTicks * PARAMETERS.etcd.heartbeat;

function setup(seed: number, count = 3) {
  const sim = new Simulation({ seed });
  const ensembles = new Ensembles(sim, (cluster) => `c${cluster}`, PARAMETERS);
  const ensemble = ensembles.add(0 as never, count);
  const members = ensembles.members.of.list(ensemble);
  /** Pairs that cannot talk to each other. */
  const cut = new Set<string>();
  ensembles.members.connected = (a, b) => !cut.has(`${a}-${b}`) && !cut.has(`${b}-${a}`);
  const isolate = (member: MemberId, isolated: boolean): void => {
    for (const other of members) {
      if (isolated) cut.add(`${member}-${other}`);
      else cut.delete(`${member}-${other}`);
    }
    ensembles.review(ensemble);
  };
  const leader = (): MemberId => ensembles.leader.at(ensemble);
  const pass = (micros: number): void => sim.run((sim.now + micros) as Micros);
  sim.run(seconds(10));
  return { sim, ensembles, ensemble, members, isolate, leader, pass };
}

describe('a leader that is stuck or cut off', () => {
  it('leads on when it is back before the election timeout, in the same term', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: T - 100 * MILLISECOND - 1 }), (seed, length) => {
        const { ensembles, ensemble, leader, pass } = setup(seed);
        const before = leader();
        const term = ensembles.term.at(ensemble);
        ensembles.stall(before);
        expect(ensembles.hasLeader(ensemble)).toBe(false);
        pass(length);
        ensembles.resume(before);
        expect(leader()).toBe(before);
        pass(10 * SECOND);
        expect(leader()).toBe(before);
        expect(ensembles.term.at(ensemble)).toBe(term);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('is replaced within two timeouts and two rounds of votes when it is not, in a later term, and follows then', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { ensembles, ensemble, isolate, leader, pass } = setup(seed);
        const before = leader();
        const term = ensembles.term.at(ensemble);
        isolate(before, true);
        pass(T - 100 * MILLISECOND - 1);
        expect(leader()).toBe(NONE);
        pass(20 * T);
        expect(leader()).not.toBe(before);
        expect(leader()).not.toBe(NONE);
        expect(ensembles.term.at(ensemble)).toBeGreaterThan(term);
        expect(ensembles.serving(ensemble)).toBe(true);
        const successor = leader();
        isolate(before, false);
        pass(20 * T);
        expect(leader()).toBe(successor);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('steps down after its timeout when nobody else has a majority, and requests fail until one has', () => {
    const { ensembles, ensemble, members, leader, pass } = setup(3);
    for (const member of members.filter((one) => one !== leader())) ensembles.stall(member);
    expect(ensembles.hasLeader(ensemble)).toBe(false);
    expect(ensembles.serving(ensemble)).toBe(true);
    pass(T);
    expect(ensembles.serving(ensemble)).toBe(false);
    ensembles.resume(members.find((one) => ensembles.members.stalled(one))!);
    pass(20 * T);
    expect(ensembles.hasLeader(ensemble)).toBe(true);
    expect(ensembles.serving(ensemble)).toBe(true);
  });
});

describe('a leader that is told to stop', () => {
  it('hands its part on before it goes: no write waits, and the term moves on by one', () => {
    const { ensembles, ensemble, leader } = setup(7);
    const before = leader();
    ensembles.memberStops(before);
    expect(leader()).not.toBe(before);
    expect(ensembles.hasLeader(ensemble)).toBe(true);
    expect(ensembles.term.at(ensemble)).toBe(2);
  });

  it('just goes when no follower would have a majority', () => {
    const { ensembles, ensemble, members, leader } = setup(8);
    ensembles.memberDown(members.find((one) => one !== leader())!);
    ensembles.memberStops(leader());
    expect(ensembles.hasLeader(ensemble)).toBe(false);
    expect(ensembles.serving(ensemble)).toBe(false);
  });
});

describe('followers', () => {
  it('that are stuck cost nothing while a majority is left', () => {
    const { ensembles, ensemble, members, leader, pass } = setup(4, 5);
    const before = leader();
    for (const member of members.filter((one) => one !== before).slice(0, 2)) ensembles.stall(member);
    pass(20 * T);
    expect(leader()).toBe(before);
    expect(ensembles.term.at(ensemble)).toBe(1);
  });

  it('that were cut off come back without disturbing the leader: pre-votes find no reason to elect', () => {
    const { ensembles, ensemble, members, isolate, leader, pass } = setup(5);
    const follower = members.find((one) => one !== leader())!;
    const before = leader();
    isolate(follower, true);
    pass(3600 * SECOND);
    isolate(follower, false);
    pass(20 * T);
    expect(leader()).toBe(before);
    expect(ensembles.term.at(ensemble)).toBe(1);
  });
});

describe('any order of crashes, stalls and partitions', () => {
  it('leaves at most one leader, with a majority that hears it, terms that never fall, and a leader again once all is well', () => {
    const step = fc.record({
      what: fc.constantFrom('down', 'up', 'stall', 'resume', 'isolate', 'join'),
      member: fc.nat({ max: 4 }),
      wait: fc.integer({ min: 0, max: 3 * T }),
    });
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(1, 3, 5),
        fc.array(step, { maxLength: 30 }),
        (seed, count, steps) => {
          const { ensembles, ensemble, members, isolate, leader, pass } = setup(seed, count);
          const stalled = new Set<MemberId>();
          let term = 1;
          for (const { what, member: ordinal, wait } of steps) {
            const member = members[ordinal % count]!;
            if (what === 'down') ensembles.memberDown(member);
            if (what === 'up') ensembles.memberRecovered(member);
            if (what === 'stall' && !stalled.has(member)) ensembles.stall(member);
            if (what === 'resume' && stalled.has(member)) ensembles.resume(member);
            if (what === 'stall') stalled.add(member);
            if (what === 'resume') stalled.delete(member);
            if (what === 'isolate' || what === 'join') isolate(member, what === 'isolate');
            pass(wait);
            if (leader() !== NONE) expect(ensembles.members.hasMajority(leader())).toBe(true);
            if (leader() !== NONE) expect(ensembles.serving(ensemble)).toBe(true);
            expect(ensembles.term.at(ensemble)).toBeGreaterThanOrEqual(term);
            term = ensembles.term.at(ensemble);
          }
          for (const member of members) {
            isolate(member, false);
            ensembles.memberRecovered(member);
          }
          for (const member of stalled) ensembles.resume(member);
          pass(30 * T);
          expect(leader()).not.toBe(NONE);
          expect(ensembles.serving(ensemble)).toBe(true);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('members that are far apart', () => {
  it('elect nobody when a round trip is as long as the spread of timeouts; requests fail, and they try on', () => {
    const { ensembles, ensemble, leader, pass } = setup(6);
    ensembles.voteRoundTrip = () => 2 * T;
    ensembles.memberDown(leader());
    pass(60 * SECOND);
    expect(ensembles.hasLeader(ensemble)).toBe(false);
    expect(ensembles.serving(ensemble)).toBe(false);
    ensembles.voteRoundTrip = () => MILLISECOND;
    pass(60 * SECOND);
    expect(ensembles.hasLeader(ensemble)).toBe(true);
  });
});
