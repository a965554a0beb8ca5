import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HOUR, type Micros, meanInterval, micros } from '../index.ts';
import { erlangMeanWait, kOfNExactAvailability } from './closed-forms.ts';
import { kOfNAvailability } from './k-of-n.ts';
import { mmcMeanWait } from './mmc.ts';
import { seriesOutages } from './series.ts';
import { votingLosses } from './voting.ts';
import { workstationCluster } from './workstation-cluster.ts';

/*
 * Thirty replications each, and the interval for their mean at 99.95 % by Student's t with 29 degrees of freedom: 3.9 standard
 * errors. A correct engine would leave it in one of 2,000 experiments; the seeds are fixed, so each experiment is made once.
 */
const REPLICATIONS = 30;
const CONFIDENCE = 0.9995;

function intervalOver(replicate: (replication: number) => number) {
  return meanInterval(
    Array.from({ length: REPLICATIONS }, (_, i) => replicate(i)),
    CONFIDENCE,
  )!;
}

describe('an M/M/c queue on the public surface', () => {
  test.each([
    [1, 0.5],
    [1, 0.8],
    [2, 0.7],
    [5, 0.8],
    [20, 0.9],
  ])('with %d servers at load %d has the mean wait of Erlang C within the interval', (servers, load) => {
    const options = { servers, arrivalsPerSecond: servers * load, servicesPerSecond: 1 };
    // The start fades with time constant 1 / (1 - sqrt r)^2 services at load r, 380 at 0.9: the warm-up is 2.6 times that or more.
    const warmUp = 1e9 as Micros;
    const end = ((1_000 + 10_000 / servers / (1 - load)) * 1e6) as Micros;
    const { low, high, halfWidth } = intervalOver((replication) =>
      mmcMeanWait(options, { seed: 11, replication, warmUp, end: micros(end) }),
    );
    const expected = erlangMeanWait(options);
    expect(expected).toBeGreaterThanOrEqual(low);
    expect(expected).toBeLessThanOrEqual(high);
    // An interval as wide as the value would hold anything.
    expect(halfWidth / expected).toBeLessThan(0.1);
  });

  test("Erlang's formula gives the textbook value: 4 services offered to 5 servers wait with probability 0.554", () => {
    const wait = erlangMeanWait({ servers: 5, arrivalsPerSecond: 4, servicesPerSecond: 1 });
    expect(wait * (5 - 4)).toBeCloseTo(0.5541, 4);
  });
});

describe('a k-of-n system on the public surface', () => {
  const hours = { meanTimeToFailureSeconds: 100 * 3600, meanTimeToRepairSeconds: 10 * 3600 };
  const run = (replication: number) => ({
    seed: 5,
    replication,
    // From all units up the chain is at rest after some repair times; here 100.
    warmUp: (1_000 * HOUR) as Micros,
    end: (201_000 * HOUR) as Micros,
  });

  test.each([
    ['repaired at once', 2, 3, false],
    ['repaired at once', 3, 5, false],
    ['repaired at once', 1, 2, false],
    ['with one crew', 2, 3, true],
    ['with one crew', 3, 5, true],
    ['with one crew', 8, 10, true],
  ] as const)(
    '%s, %d of %d, has the availability of its chain within the interval',
    (_, needed, units, singleCrew) => {
      const options = { ...hours, needed, units, singleCrew };
      const { low, high, halfWidth } = intervalOver((replication) =>
        kOfNAvailability(options, run(replication)),
      );
      const expected = kOfNExactAvailability(options);
      expect(expected).toBeGreaterThanOrEqual(low);
      expect(expected).toBeLessThanOrEqual(high);
      expect(halfWidth / (1 - expected)).toBeLessThan(0.1);
    },
  );

  test('independent repair is the binomial: 2 of 3 units at A = 100 / 110 are up with 3 A^2 - 2 A^3', () => {
    const a = 100 / 110;
    const options = { ...hours, needed: 2, units: 3, singleCrew: false };
    expect(kOfNExactAvailability(options)).toBeCloseTo(3 * a * a - 2 * a * a * a, 12);
  });

  test('one crew is worse than a repair at once by more than the intervals are wide', () => {
    const at = (singleCrew: boolean) =>
      intervalOver((replication) =>
        kOfNAvailability({ ...hours, needed: 3, units: 5, singleCrew }, run(replication)),
      );
    expect(at(true).high).toBeLessThan(at(false).low);
  });
});

test('a majority of three is lost after the mean time of its order statistic', () => {
  const { low, high } = meanInterval(
    votingLosses({ ratesPerSecond: [1, 1, 1], lostWith: 2 }, 20_000, 4),
    CONFIDENCE,
  )!;
  expect(low).toBeLessThan(1 / 3 + 1 / 2);
  expect(high).toBeGreaterThan(1 / 3 + 1 / 2);
});

test('a workstation cluster does as many repairs as parts fail, and is premium but for hours in a million', () => {
  const { premium, repairs } = workstationCluster(2, {
    seed: 1,
    replication: 0,
    end: (100_000 * HOUR) as Micros,
  });
  // 4 / 500 + 2 / 4000 + 1 / 5000 failures an hour, while nearly all is up.
  expect(repairs / 100_000).toBeCloseTo(0.0087, 3);
  expect(premium).toBeGreaterThan(0.9998);
  expect(premium).toBeLessThan(1);
});

test('parts in series do not age while the system is down', () => {
  const outages = (...hours: number[]) =>
    seriesOutages(
      { lives: hours.map((life) => (life * HOUR) as Micros), repair: HOUR },
      (100 * HOUR) as Micros,
    );
  expect(outages(9)).toEqual({ failures: 10, down: 10 * HOUR });
  // With ageing the second would fail at 40, 81; without, at 44 and 88.
  expect(outages(9, 40).failures).toBe(11);
});

test.each(['mmc.ts', 'k-of-n.ts', 'voting.ts', 'workstation-cluster.ts', 'series.ts'])(
  '%s imports the public surface and nothing else',
  (file) => {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    const sources = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
    expect(sources).toEqual(['../index.ts']);
  },
);
