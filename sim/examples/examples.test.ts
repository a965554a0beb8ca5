import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HOUR, type Micros, meanInterval, micros } from '../index.ts';
import { type KOfNOptions, kOfNAvailability } from './k-of-n.ts';
import { type MmcOptions, mmcMeanWait } from './mmc.ts';

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

/**
 * Mean wait in an M/M/c queue by Erlang's C formula (A. K. Erlang, 1917): with a = arrivals / services offered to c servers,
 * P(wait) = B / (1 - (a / c) (1 - B)), where B is Erlang's loss formula by its recursion B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)),
 * and the mean wait is P(wait) / (c services - arrivals).
 */
function erlangMeanWait({ servers, arrivalsPerSecond, servicesPerSecond }: MmcOptions): number {
  const offered = arrivalsPerSecond / servicesPerSecond;
  let loss = 1;
  for (let k = 1; k <= servers; k++) loss = (offered * loss) / (k + offered * loss);
  const waits = loss / (1 - (offered / servers) * (1 - loss));
  return waits / (servers * servicesPerSecond - arrivalsPerSecond);
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

/** Probabilities of 0, 1, ... n failed units: a birth-death chain, in which each state has the weight of the rates that lead up to it. */
function failedUnits({ units, meanTimeToFailureSeconds, meanTimeToRepairSeconds, singleCrew }: KOfNOptions) {
  const ratio = meanTimeToRepairSeconds / meanTimeToFailureSeconds;
  const weights = [1];
  for (let failed = 1; failed <= units; failed++) {
    const repairing = singleCrew ? 1 : failed;
    weights.push((weights.at(-1)! * (units - failed + 1) * ratio) / repairing);
  }
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

function expectedAvailability(options: KOfNOptions): number {
  const probabilities = failedUnits(options).slice(0, options.units - options.needed + 1);
  return probabilities.reduce((sum, probability) => sum + probability);
}

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
      const expected = expectedAvailability(options);
      expect(expected).toBeGreaterThanOrEqual(low);
      expect(expected).toBeLessThanOrEqual(high);
      expect(halfWidth / (1 - expected)).toBeLessThan(0.1);
    },
  );

  test('independent repair is the binomial: 2 of 3 units at A = 100 / 110 are up with 3 A^2 - 2 A^3', () => {
    const a = 100 / 110;
    const options = { ...hours, needed: 2, units: 3, singleCrew: false };
    expect(expectedAvailability(options)).toBeCloseTo(3 * a * a - 2 * a * a * a, 12);
  });

  test('one crew is worse than a repair at once by more than the intervals are wide', () => {
    const at = (singleCrew: boolean) =>
      intervalOver((replication) =>
        kOfNAvailability({ ...hours, needed: 3, units: 5, singleCrew }, run(replication)),
      );
    expect(at(true).high).toBeLessThan(at(false).low);
  });
});

test.each(['mmc.ts', 'k-of-n.ts'])('%s imports the public surface and nothing else', (file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const sources = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
  expect(sources).toEqual(['../index.ts']);
});
