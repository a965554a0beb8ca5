import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { HOUR, MILLISECOND, type Micros, SECOND, seconds } from '../../sim/time.ts';
import type { MemberId } from '../ids.ts';
import { type ParameterOverrides, parameterValues } from '../parameters.ts';
import type { DiskPerformance } from '../plan/disk-performance.ts';
import { Disks, STUCK } from './disks.ts';
import { Ensembles } from './ensembles.ts';
import { fsyncTimes, longFsyncs } from './fsync.ts';

const PARAMETERS = parameterValues();
const { heartbeat, electionTicks, writesPerSecond } = PARAMETERS.etcd;
/** The election timeout: T ticks. */
const T = heartbeat * electionTicks;

interface Setup {
  readonly performance?: DiskPerformance;
  readonly members?: number;
  readonly parameters?: ParameterOverrides;
}

function setup(seed: number, { performance = 'cloud-ssd', members = 3, parameters = {} }: Setup = {}) {
  const sim = new Simulation({ seed });
  const ensembles = new Ensembles(sim, (cluster) => `c${cluster}`, parameterValues(parameters));
  const disks = new Disks(sim, ensembles, parameterValues(parameters));
  const ensemble = ensembles.add(0 as never, members);
  disks.enter(ensemble, performance);
  const leader = (): MemberId => ensembles.leader.at(ensemble);
  const followers = (): MemberId[] => ensembles.members.of.list(ensemble).filter((one) => one !== leader());
  const pass = (length: number): void => sim.run((sim.now + length) as Micros);
  sim.run(seconds(10));
  return { sim, ensembles, disks, ensemble, leader, followers, pass };
}

describe('the disk of a leader', () => {
  it('that stalls for less than an election timeout never costs it its office', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: T - heartbeat - 1 }), (seed, length) => {
        const { disks, ensembles, ensemble, leader, pass } = setup(seed);
        const before = leader();
        const slowness = disks.slow(before, STUCK);
        expect(ensembles.hasLeader(ensemble)).toBe(false);
        pass(length);
        disks.mend(slowness);
        expect(leader()).toBe(before);
        pass(HOUR);
        expect(leader()).toBe(before);
        expect(ensembles.term.at(ensemble)).toBe(1);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('that does not answer is out of office after T to 2T ticks less the last heartbeat, plus two rounds of votes', () => {
    const votes = 2 * (PARAMETERS.etcd.roundTrip + PARAMETERS.disk.cloudSsd);
    const outages: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const { sim, disks, ensembles, ensemble, leader, pass } = setup(seed);
      const begin = sim.now;
      let back = 0;
      ensembles.changed.subscribe(() => {
        if (ensembles.hasLeader(ensemble)) back ||= sim.now;
      });
      disks.slow(leader(), STUCK);
      pass(10 * SECOND);
      if (ensembles.term.at(ensemble) === 2) outages.push(back - begin);
    }
    // Split votes are rare with so short a round trip.
    expect(outages.length).toBeGreaterThan(390);
    expect(Math.min(...outages)).toBeGreaterThanOrEqual(T - heartbeat + votes);
    expect(Math.max(...outages)).toBeLessThanOrEqual(2 * T + votes);
    // The earlier of two timeouts, uniform between T and 2T, less half a heartbeat on average; 3.5 standard errors of sqrt(1/18) s.
    const mean = outages.reduce((sum, outage) => sum + outage, 0) / outages.length;
    const error = (3.5 * T * Math.sqrt(1 / 18 + 1 / 1200)) / Math.sqrt(outages.length);
    expect(Math.abs(mean - ((4 / 3) * T - heartbeat / 2 + votes))).toBeLessThan(error);
  });

  it('that takes seconds for each write costs it its office once; as a follower it disturbs nobody', () => {
    const { disks, ensembles, ensemble, leader, pass } = setup(5);
    const before = leader();
    disks.slow(before, 8 * SECOND);
    pass(HOUR);
    expect(leader()).not.toBe(before);
    expect(leader()).not.toBe(NONE);
    expect(ensembles.term.at(ensemble)).toBe(2);
  });
});

describe('disks of followers', () => {
  it('do nothing while a quorum has sound ones, and stop all writes when it has not', () => {
    const { disks, ensembles, ensemble, leader, followers, pass } = setup(2);
    const before = leader();
    const [one, other] = followers() as [MemberId, MemberId];
    disks.slow(one, STUCK);
    pass(HOUR);
    expect(leader()).toBe(before);
    const slowness = disks.slow(other, STUCK);
    expect(ensembles.hasLeader(ensemble)).toBe(false);
    pass(2 * T);
    expect(ensembles.serving(ensemble)).toBe(false);
    pass(HOUR);
    expect(ensembles.serving(ensemble)).toBe(false);
    disks.mend(slowness);
    pass(20 * SECOND);
    expect(ensembles.hasLeader(ensemble)).toBe(true);
  });
});

describe('a disk with several troubles', () => {
  it('is as slow as the slowest of them, and sound when all are over', () => {
    const { disks, followers } = setup(3);
    const [member] = followers() as [MemberId];
    const sound = disks.fsync(member);
    const slow = disks.slow(member, 300 * MILLISECOND);
    const slower = disks.slow(member, 700 * MILLISECOND);
    expect(disks.fsync(member)).toBe(700 * MILLISECOND);
    const stuck = disks.slow(member, STUCK);
    expect(disks.isStalled(member)).toBe(true);
    disks.mend(slower);
    disks.mend(stuck);
    expect(disks.isStalled(member)).toBe(false);
    expect(disks.fsync(member)).toBe(300 * MILLISECOND);
    disks.mend(slow);
    expect(disks.fsync(member)).toBe(sound);
  });
});

describe('a new volume', () => {
  it('ends what was wrong with the old one, and nothing that is wrong with the storage it comes from', () => {
    const { disks, followers } = setup(3);
    const [member] = followers() as [MemberId];
    const volume = disks.slow(member, STUCK, 'volume');
    const storage = disks.slow(member, 300 * MILLISECOND);
    disks.renew(member);
    expect(disks.isStalled(member)).toBe(false);
    expect(disks.fsync(member)).toBe(300 * MILLISECOND);
    disks.mend(volume);
    disks.mend(storage);
    expect(disks.fsync(member)).toBe(PARAMETERS.disk.cloudSsd);
  });
});

describe('storage that is too slow for etcd', () => {
  it('elects again and again in a pool that others use as well; sound classes never do, and have no events at all', () => {
    const terms = (performance: DiskPerformance): readonly [number, number] => {
      const { sim, ensembles, ensemble, pass } = setup(1, { performance });
      pass(HOUR);
      return [ensembles.term.at(ensemble), sim.events];
    };
    expect(terms('shared-pool')[0]).toBeGreaterThan(100);
    for (const sound of ['cloud-ssd', 'local-lvm', 'local-volume', 'shared-isolated'] as const)
      expect(terms(sound)).toEqual([1, 0]);
  });

  it('elects nobody while every disk takes longer for a vote than the timeouts last', () => {
    const { disks, ensembles, ensemble, pass } = setup(4);
    const slow = ensembles.members.of.list(ensemble).map((member) => disks.slow(member, 7500 * MILLISECOND));
    pass(60 * SECOND);
    expect(ensembles.hasLeader(ensemble)).toBe(false);
    expect(ensembles.serving(ensemble)).toBe(false);
    for (const slowness of slow) disks.mend(slowness);
    pass(60 * SECOND);
    expect(ensembles.hasLeader(ensemble)).toBe(true);
  });

  it('stops writes for the share of time that follows from the law: length by gap and length', () => {
    // A single member is never replaced: between two long fsyncs lies the mean gap, and nothing else stops it.
    const { sim, ensembles, ensemble, pass } = setup(1, { performance: 'shared-pool', members: 1 });
    let down = 0;
    let last = sim.now as number;
    let up = ensembles.hasLeader(ensemble);
    const count = (): void => {
      if (!up) down += sim.now - last;
      last = sim.now;
      up = ensembles.hasLeader(ensemble);
    };
    ensembles.changed.subscribe(count);
    const begin = sim.now;
    pass(24 * HOUR);
    count();
    const { gap, length } = longFsyncs(fsyncTimes('shared-pool', PARAMETERS), T, writesPerSecond);
    let mean = 0;
    for (let i = 0; i < 10_000; i++) mean += length((i + 0.5) / 10_000) / 10_000;
    expect(ensembles.term.at(ensemble)).toBe(1);
    // Some 10,000 stalls with a heavy tail: a few per cent.
    expect(down / (sim.now - begin) / (mean / (gap + mean))).toBeCloseTo(1, 1);
  });
});

describe('gray failures', () => {
  it('come at the rate of the parameter, last as long as it says, and never by default', () => {
    const interval = 10 * HOUR;
    const parameters = { disk: { stallInterval: interval } };
    const { sim, pass } = setup(1, { parameters, members: 1 });
    pass(2000 * interval);
    const begun: number[] = [];
    const lengths: number[] = [];
    for (let i = 1; i < sim.facts.length; i++) {
      const fact = sim.facts.get(i as never);
      if (fact.kind.name === 'disk-stalled') begun.push(fact.at);
      if (fact.kind.name === 'disk-answers') lengths.push(fact.at - begun.at(-1)!);
    }
    // Poisson: 2000 expected, standard deviation 45.
    expect(Math.abs(begun.length - 2000)).toBeLessThan(3.5 * 45);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(10 * SECOND);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(60 * SECOND);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length / SECOND).toBeCloseTo(35, -1);
  });
});
