import { describe, expect, it } from 'vitest';
import { lognormal } from '../../sim/distributions.ts';
import { Streams } from '../../sim/streams.ts';
import { DAY, HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { drawRenewals, type RenewalSpec, type Repair } from './renewals.ts';

const YEAR = (365 * DAY) as Micros;
const MACHINES = Array.from({ length: 400 }, (_, i) => `m-${i}`);
const AN_HOUR: Repair = { duration: HOUR };

const spec = (more: Partial<RenewalSpec<Repair>> = {}): RenewalSpec<Repair> => ({
  purpose: 'test',
  count: 4000,
  window: YEAR,
  shape: 0.7,
  repair: () => AN_HOUR,
  ...more,
});

const drawn = (machines: readonly string[], more: Partial<RenewalSpec<Repair>> = {}, seed = 1) =>
  drawRenewals(machines, (name) => name, spec(more), new Streams(seed, 0));

/** Times between failures of one machine, repairs left out, longest gaps and all. */
function lifetimes(renewals: ReturnType<typeof drawn>): number[] {
  const last = new Map<string, number>();
  return renewals.flatMap(({ of: name, at, repair }) => {
    const since = last.get(name);
    last.set(name, at + repair.duration);
    return since === undefined ? [] : [at - since];
  });
}

describe('renewals', () => {
  it.each([0, 1, 3, 4000])('exactly %d fall into the window, in order of time', (count) => {
    const renewals = drawn(MACHINES, { count });
    expect(renewals).toHaveLength(count);
    expect(renewals.map(({ at }) => at)).toEqual(renewals.map(({ at }) => at).toSorted((a, b) => a - b));
    for (const { at } of renewals) expect(at >= 0 && at < YEAR && Number.isInteger(at)).toBe(true);
  });

  it('a machine does not fail again before it is repaired', () => {
    expect(Math.min(...lifetimes(drawn(MACHINES, { count: 40_000 })))).toBeGreaterThanOrEqual(0);
  });

  it('lifetimes of shape 0.7 spread as Weibull says, those of shape 1 without memory', () => {
    // Coefficient of variation: sqrt(G(1 + 2/k) / G(1 + 1/k)^2 - 1), 1.462 for 0.7 and 1 for 1. With 100 lives per machine the window cuts off little.
    const variation = (shape: number): number => {
      const lives = lifetimes(drawn(MACHINES, { count: 40_000, shape }));
      const mean = lives.reduce((a, b) => a + b, 0) / lives.length;
      return Math.sqrt(lives.reduce((sum, life) => sum + (life - mean) ** 2, 0) / lives.length) / mean;
    };
    expect(variation(0.7)).toBeCloseTo(1.462, 1);
    expect(variation(1)).toBeCloseTo(1, 1);
  });

  it('the window begins in the middle of things: no month has more failures than chance gives it', () => {
    const perMonth = new Array<number>(12).fill(0);
    for (const { at } of drawn(MACHINES)) perMonth[Math.floor((12 * at) / YEAR)]!++;
    // 333 a month. Failures cluster, so a month deviates by more than sqrt(333) = 18: at most by about 1.46 times that.
    for (const count of perMonth) expect(Math.abs(count - 4000 / 12)).toBeLessThan(3.5 * 1.46 * 18.3);
  });

  it('what a machine draws hangs on its name alone, up to the common scale of time', () => {
    const order = (renewals: ReturnType<typeof drawn>): string[] =>
      renewals.filter(({ of: name }) => name === 'm-0' || name === 'm-7').map(({ of: name }) => name);
    const all = order(drawn(MACHINES));
    const fewer = order(drawn(MACHINES.slice(0, 200), { count: 2000 }));
    expect(fewer.slice(0, 12)).toEqual(all.slice(0, 12));
  });

  it('seeds differ, one seed does not', () => {
    expect(drawn(MACHINES, { count: 50 }, 3)).toEqual(drawn(MACHINES, { count: 50 }, 3));
    expect(drawn(MACHINES, { count: 50 }, 3)).not.toEqual(drawn(MACHINES, { count: 50 }, 4));
  });

  it('repairs have the distribution that they are drawn from', () => {
    const distribution = lognormal({ median: 2 * MINUTE, sigma: 0.5 });
    const repair = (stream: { uniform(): number }): Repair => ({
      duration: Math.round(distribution.quantile(stream.uniform())) as Micros,
    });
    const below = drawn(MACHINES, { repair }).filter(({ repair: { duration } }) => duration < 2 * MINUTE);
    // Binomial with p = 1/2 and n = 4000: a standard error of 31.6.
    expect(Math.abs(below.length - 2000)).toBeLessThan(3.5 * 31.6);
  });

  it('nothing cannot fail', () => {
    expect(drawn([], { count: 0 })).toEqual([]);
    expect(() => drawn([], { count: 1 })).toThrow('nothing can fail 1 times');
  });
});
