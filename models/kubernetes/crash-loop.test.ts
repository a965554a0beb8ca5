import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../sim/time.ts';
import { firstSeenWaiting, isWaiting } from './crash-loop.ts';

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
