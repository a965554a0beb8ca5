import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../../sim/streams.ts';
import { drawElection } from './election.ts';
import { quorumOf } from './members.ts';

const ROUND_TRIP = 2_000;
const SPEC = { heartbeat: 100_000, timeoutTicks: 10, roundTrip: () => ROUND_TRIP };
const stream = (name: string) => new Streams(7, 0).stream('test', name);

describe('etcd elections', () => {
  it('majority and tolerated losses of 1 to 9 members are those of the etcd FAQ', () => {
    const members = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(members.map(quorumOf)).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(members.map((n) => n - quorumOf(n))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4]);
  });

  it('takes the earliest of the random timeouts, which lie between T and 2T after the last heartbeat', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.integer(),
        fc.integer({ min: 0, max: 100_000 }),
        (alive, seed, since) => {
          const election = drawElection(alive, quorumOf(alive), since, SPEC, stream(`${seed}`));
          expect(election.winner).toBeLessThan(alive);
          const perRound = election.duration / election.rounds;
          expect(election.duration).toBeGreaterThanOrEqual(1_000_000 - since);
          expect(perRound).toBeLessThanOrEqual(2_000_000 + 2 * ROUND_TRIP);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('two of three survivors need 1 to 2 s, on average the minimum of two uniform timeouts', () => {
    // Two timeouts on a grid of ten ticks from 1.0 to 1.9 s, each plus a phase of up to 0.1 s: uniform on 1 to 2 s. The minimum
    // of two has mean 1 + 1/3 s; a heartbeat was heard 50 ms ago on average, the two vote rounds add 4 ms.
    const draws = Array.from(
      { length: 4000 },
      (_, i) => drawElection(2, 2, 50_000, SPEC, stream(`mean-${i}`)).duration,
    );
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length / 1e6;
    // Standard deviation of the minimum is sqrt(1/18) s; 4000 draws give 3.7 ms; 3.5 of those, and a little for split votes.
    expect(Math.abs(mean - (4 / 3 - 0.05 + 0.004))).toBeLessThan(0.013 + 0.005);
  });

  it('a long round trip splits votes between two survivors, and they draw again', () => {
    const slow = { ...SPEC, roundTrip: () => 400_000 };
    const rounds = Array.from(
      { length: 300 },
      (_, i) => drawElection(2, 2, 0, slow, stream(`split-${i}`)).rounds,
    );
    expect(Math.max(...rounds)).toBeGreaterThan(1);
    expect(rounds.filter((n) => n === 1).length).toBeGreaterThan(100);
  });

  it('one rival does not split three: the third vote decides', () => {
    const slow = { ...SPEC, roundTrip: () => 400_000 };
    const three = Array.from(
      { length: 300 },
      (_, i) => drawElection(3, 2, 0, slow, stream(`three-${i}`)).rounds,
    );
    const two = Array.from({ length: 300 }, (_, i) => drawElection(2, 2, 0, slow, stream(`two-${i}`)).rounds);
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(three)).toBeLessThan(mean(two));
  });
});
