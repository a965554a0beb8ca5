import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../sim/time.ts';
import { attemptAt, backingOffAttempts, nextTry, steadyAttempts } from './drain-attempts.ts';

const MCO = steadyAttempts(90 * SECOND, MINUTE, 10 * MINUTE, 5 * MINUTE);

/** What the drain controller does, attempt by attempt. */
function attemptsOneByOne(until: number): number[] {
  const starts = [0];
  for (;;) {
    const last = starts.at(-1)!;
    const next = last + 90 + (last > 600 ? 300 : 60);
    if (next > until) return starts;
    starts.push(next);
  }
}

describe('attempts of a drain', () => {
  it('follow each other after a minute, and after five once one began later than ten minutes', () => {
    expect(attemptsOneByOne(1600)).toEqual([0, 150, 300, 450, 600, 750, 1140, 1530]);
  });

  it('are the same at every second as one by one', () => {
    const starts = attemptsOneByOne(20_000);
    for (let second = 0; second < 10_000; second++) {
      const on = starts.find((start) => second < start + 90)!;
      expect(attemptAt(7, 7 + second * SECOND, MCO), `${second}`).toBe(7 + on * SECOND);
    }
  });

  it('try again on their beat, and not in a pause', () => {
    const at = (seconds: number): number => nextTry(0, seconds * SECOND, 5 * SECOND, MCO) / SECOND;
    expect([at(0), at(4), at(5), at(84), at(85), at(100), at(149), at(150)]).toEqual([
      5, 5, 10, 85, 150, 150, 150, 155,
    ]);
  });

  it('of a controller that fails come at once, and later as far apart as it backs off', () => {
    const attempts = backingOffAttempts(90 * SECOND, 5 * MINUTE);
    expect(attempts.pauses.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
    const starts = [0];
    while (starts.length < 25) starts.push(attemptAt(0, starts.at(-1)! + attempts.length, attempts));
    const pauses = starts.slice(1).map((start, i) => start - starts[i]! - attempts.length);
    expect(pauses).toEqual(Array.from({ length: 24 }, (_, i) => Math.min(5_000 * 2 ** i, 5 * MINUTE)));
  });

  it('without attempts a drain tries again on one beat for ever', () => {
    expect(nextTry(0, 84 * SECOND, 5 * SECOND, undefined)).toBe(85 * SECOND);
    expect(nextTry(0, 85 * SECOND, 5 * SECOND, undefined)).toBe(90 * SECOND);
  });
});
