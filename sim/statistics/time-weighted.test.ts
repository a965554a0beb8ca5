import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Micros } from '../time.ts';
import { TimeWeighted } from './time-weighted.ts';

const us = (value: number) => value as Micros;
const steps = fc.array(fc.tuple(fc.nat({ max: 1_000 }), fc.integer({ min: -4, max: 4 })), { maxLength: 40 });

describe('a time-weighted statistic', () => {
  test('a service that is down for a quarter of the time has mean 0.75 and that down time', () => {
    const up = new TimeWeighted({ at: us(100), value: 1, level: 0 });
    up.set(us(200), 0);
    up.set(us(300), 1);
    expect(up.mean(us(500))).toBe(0.75);
    expect(up.timeAtOrBelow(us(500))).toBe(100);
    expect([up.min(us(500)), up.max(us(500)), up.value]).toEqual([0, 1, 1]);
  });

  test('a value that holds for no time counts for nothing', () => {
    const statistic = new TimeWeighted({ at: us(0), value: 1, level: 0 });
    statistic.set(us(10), -5);
    statistic.set(us(10), 9);
    statistic.set(us(10), 1);
    expect([statistic.min(us(20)), statistic.max(us(20)), statistic.timeAtOrBelow(us(20))]).toEqual([
      1, 1, 0,
    ]);
  });

  test('before any time has passed there is no mean, minimum or maximum', () => {
    const statistic = new TimeWeighted({ at: us(7), value: 1 });
    expect([statistic.mean(us(7)), statistic.min(us(7)), statistic.max(us(7))]).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test('time that runs backwards is refused', () => {
    const statistic = new TimeWeighted({ at: us(7), value: 1 });
    expect(() => statistic.set(us(6), 2)).toThrow('time: found 6, expected 7');
  });

  test('it agrees with a sum over every microsecond, and is the same after saving and restoring halfway', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 100 }), fc.nat({ max: 40 }), (changes, rest, cut) => {
        let statistic = new TimeWeighted({ at: us(0), value: 2, level: 1 });
        const held: number[] = [];
        let value = 2;
        changes.forEach(([delay, next], i) => {
          for (let t = 0; t < delay; t++) held.push(value);
          value = next;
          statistic.set(us(held.length), next);
          if (i === cut) {
            const saved = structuredClone(statistic.save());
            statistic = new TimeWeighted({ at: us(999), value: 77, level: 1 });
            statistic.restore(saved);
          }
        });
        for (let t = 0; t <= rest; t++) held.push(value);
        const until = us(held.length);
        expect(statistic.mean(until)).toBeCloseTo(held.reduce((a, b) => a + b) / held.length, 10);
        expect(statistic.timeAtOrBelow(until)).toBe(held.filter((v) => v <= 1).length);
        expect(statistic.min(until)).toBe(held.reduce((a, b) => Math.min(a, b)));
        expect(statistic.max(until)).toBe(held.reduce((a, b) => Math.max(a, b)));
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});
