import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../sim/time.ts';
import { comesUpFrom, firstSeenWaiting, isWaiting, restartsBy } from './crash-loop.ts';

const KUBELET = { failsAfter: 2 * SECOND, backoff: 10 * SECOND, backoffMost: 300 * SECOND };

/** The waits of a loop, one after the other, as a kubelet would live through them. */
function* waits({ failsAfter, backoff, backoffMost }: typeof KUBELET): Generator<[number, number]> {
  let now = 0;
  for (let wait = backoff; ; wait = Math.min(2 * wait, backoffMost)) {
    now += failsAfter;
    yield [now, now + Math.min(wait, backoffMost)];
    now += Math.min(wait, backoffMost);
  }
}

describe('a container that fails at every start', () => {
  it('is tried at once, then after 10, 20, 40, 80, 160 and 300 s, each try two seconds long', () => {
    const begins = [2, 14, 36, 78, 160, 322, 624, 926];
    for (const second of begins) {
      expect(isWaiting((second - 1) * SECOND, KUBELET), `before ${second}`).toBe(false);
      expect(isWaiting(second * SECOND, KUBELET), `at ${second}`).toBe(true);
    }
  });

  it('is Waiting when a loop played step by step is', () => {
    const spec = fc.record({
      failsAfter: fc.integer({ min: 1, max: 50 }),
      backoff: fc.integer({ min: 1, max: 50 }),
      backoffMost: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(spec, fc.integer({ min: 0, max: 5000 }), (loop, since) => {
        let waiting = false;
        for (const [from, to] of waits(loop)) {
          if (from > since) break;
          waiting = since < to;
        }
        expect(isWaiting(since, loop)).toBe(waiting);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('who looks every ten seconds finds it Waiting within twelve, and never before it failed twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (from) => {
        const seen = firstSeenWaiting(from, 10 * SECOND, KUBELET);
        expect(isWaiting(seen, KUBELET)).toBe(true);
        expect((seen - from) % (10 * SECOND)).toBe(0);
        expect(seen - from).toBeLessThanOrEqual(10 * SECOND);
      }),
      { seed: 1 },
    );
    expect(firstSeenWaiting(0, 10 * SECOND, KUBELET)).toBe(10 * SECOND);
  });

  it('looks that always fall into a try never see it', () => {
    const loop = { failsAfter: 9, backoff: 1, backoffMost: 1 };
    expect(firstSeenWaiting(0, 10, loop)).toBe(Number.POSITIVE_INFINITY);
    expect(firstSeenWaiting(9, 10, loop)).toBe(9);
  });
});

describe('a container whose failing ends', () => {
  const starts = [0, 12, 34, 76, 158, 320, 622, 924];
  const from = (seconds: number, restarts = 0): number =>
    comesUpFrom(seconds * SECOND, { ...KUBELET, restarts }) / SECOND;

  it('comes up at once while it is being tried, else at its next try', () => {
    expect(starts.map((second) => from(second))).toEqual(starts);
    expect(starts.map((second) => from(second + 1))).toEqual(starts.map((second) => second + 1));
    expect(starts.slice(0, -1).map((second) => from(second + 2))).toEqual(starts.slice(1));
    expect(from(3600)).toBe(924 + 9 * 302);
  });

  it('waits for as long as before, where its kubelet has not forgotten earlier restarts', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 100].map((restarts) => from(0, restarts))).toEqual([
      0, 10, 20, 40, 80, 160, 300, 300, 300,
    ]);
    expect(from(21, 2)).toBe(21);
    expect(from(22, 2)).toBe(62);
  });

  it('has been restarted once per try', () => {
    const restarts = (seconds: number): number => restartsBy(seconds * SECOND, KUBELET);
    expect(starts.map((second) => restarts(second - 0.1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(starts.slice(1).map((second) => restarts(second))).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  const PROBED = { ...KUBELET, failsAfter: 180 * SECOND };
  const probed = (seconds: number): number => comesUpFrom(seconds * SECOND, PROBED, 15 * SECOND) / SECOND;

  it('comes up in a try only with time enough left of it', () => {
    expect([0, 100, 165].map(probed)).toEqual([0, 100, 165]);
    // Starts at 0, 190, 390, 610, 870, 1210, ...: 180 s each, pauses of 10, 20, 40, 80, 160 s between them.
    expect([166, 180, 189].map(probed)).toEqual([190, 190, 190]);
    expect([200, 356, 600, 800].map(probed)).toEqual([200, 390, 610, 870]);
    expect(probed(1036)).toBe(1210);
  });

  it('never comes up when it needs longer than a try lasts', () => {
    expect(comesUpFrom(0, PROBED, 181 * SECOND)).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits for one pause and what is left of one try at most, and never comes up before it can', () => {
    const needed = fc.integer({ min: 0, max: 2 * SECOND });
    const since = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(since, fc.nat(12), needed, (possible, restarts, needs) => {
        const wait = comesUpFrom(possible, { ...KUBELET, restarts }, needs) - possible;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(300 * SECOND + Math.max(needs, 1));
      }),
      { seed: 1 },
    );
  });

  it('comes up when one that is played step by step does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.nat(8), (possible, restarts) => {
        const loop = { failsAfter: 2, backoff: 10, backoffMost: 300, restarts };
        let tries = restarts;
        let failed = 0;
        for (;;) {
          const start = failed + (tries === 0 ? 0 : Math.min(10 * 2 ** (tries - 1), 300));
          tries++;
          if (possible < start + 2) {
            expect(comesUpFrom(possible, loop)).toBe(Math.max(start, possible));
            break;
          }
          failed = start + 2;
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
