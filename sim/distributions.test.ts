import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logGamma, lowerGammaRatio, upperGammaRatio } from './distributions/incomplete-gamma.ts';
import { normalCdf, normalQuantile } from './distributions/normal.ts';
import {
  type Distribution,
  deterministic,
  draw,
  empirical,
  exponential,
  gamma,
  lognormal,
  mixture,
  uniform,
  weibull,
} from './distributions.ts';
import { Streams } from './streams.ts';

const continuous: readonly (readonly [string, Distribution, deviation: number])[] = [
  ['exponential', exponential({ mean: 3 }), 3],
  ['weibull, infant mortality', weibull({ shape: 0.7, scale: 10 }), 18.5],
  ['weibull, wear-out', weibull({ shape: 3, scale: 10 }), 3.3],
  ['lognormal', lognormal({ median: 5, sigma: 0.8 }), 6.6],
  ['gamma, shape below 1', gamma({ shape: 0.3, scale: 2 }), 1.1],
  ['gamma, shape 1', gamma({ shape: 1, scale: 2 }), 2],
  ['gamma, large shape', gamma({ shape: 250, scale: 0.1 }), 1.6],
  ['uniform', uniform({ low: -2, high: 5 }), 2.1],
  ['empirical, linear', empirical([4, 1, 9, 2, 2.5]), 2.5],
];
const mixed = mixture([
  { weight: 3, distribution: exponential({ mean: 1 }) },
  { weight: 1, distribution: uniform({ low: 10, high: 20 }) },
]);

const unit = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

function draws(distribution: Distribution, count: number): number[] {
  const stream = new Streams(20, 0).stream('draws', distribution.name);
  return Array.from({ length: count }, () => draw(distribution, stream));
}

describe.each(continuous)('%s', (_, distribution, deviation) => {
  test('the quantile is the inverse of the cdf', () => {
    fc.assert(
      fc.property(unit, (u) => {
        expect(distribution.cdf(distribution.quantile(u))).toBeCloseTo(u, 11);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('a value comes back from its probability', () => {
    for (const u of [0.01, 0.2, 0.5, 0.77, 0.99]) {
      const x = distribution.quantile(u);
      expect(distribution.quantile(distribution.cdf(x)) / x).toBeCloseTo(1, 9);
    }
  });

  test('the quantile does not decrease', () => {
    fc.assert(
      fc.property(unit, fc.double({ min: 0, max: 1, noNaN: true }), (u, part) => {
        // Neighbouring numbers may come out of an iteration in either order: only steps of 1e-9 and more count.
        const higher = Math.min(u + 1e-9 * u + part * (1 - u), 1 - 1e-12);
        expect(distribution.quantile(u)).toBeLessThanOrEqual(distribution.quantile(higher));
      }),
      { seed: 5 },
    );
  });

  test('the mean of 10,000 draws is within 4 standard errors of the mean', () => {
    const mean = draws(distribution, 10_000).reduce((sum, x) => sum + x, 0) / 10_000;
    expect(Math.abs(mean - distribution.mean)).toBeLessThan((4 * deviation) / 100);
  });
});

test.each([...continuous, ['mixture', mixed, 0] as const])(
  '%s: 10,000 draws follow the cdf by the test of Kolmogorov and Smirnov',
  (_, distribution) => {
    const sorted = draws(distribution, 10_000).sort((a, b) => a - b);
    const distance = sorted.reduce((largest, x, i) => {
      const p = distribution.cdf(x);
      return Math.max(largest, p - i / sorted.length, (i + 1) / sorted.length - p);
    }, 0);
    // Critical value at 0.1 %: 1.95 / sqrt(n).
    expect(distance).toBeLessThan(0.0195);
  },
);

describe('a draw', () => {
  test('takes exactly one uniform number, whatever the distribution', () => {
    for (const distribution of [...continuous.map((each) => each[1]), mixed, deterministic({ value: 3 })]) {
      const drawn = new Streams(1, 0).stream('a', 0);
      const plain = new Streams(1, 0).stream('a', 0);
      draw(distribution, drawn);
      plain.uniform();
      expect(drawn.uniform()).toBe(plain.uniform());
    }
  });

  test('is finite at both ends of the open interval', () => {
    for (const distribution of [...continuous.map((each) => each[1]), mixed]) {
      for (const u of [2 ** -53, 1 - 2 ** -53]) expect(distribution.quantile(u)).toSatisfy(Number.isFinite);
    }
  });
});

describe('closed forms', () => {
  test('the gamma function at whole and half numbers', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(0.1)).toBeCloseTo(2.2527126517342055, 12);
  });

  test('the incomplete gamma function of shape 1 is the exponential, of shape 2 Erlang', () => {
    for (const x of [0.01, 0.5, 1, 2, 5, 30]) {
      expect(lowerGammaRatio(1, x)).toBeCloseTo(1 - Math.exp(-x), 13);
      expect(upperGammaRatio(2, x) / (Math.exp(-x) * (1 + x))).toBeCloseTo(1, 12);
    }
  });

  test('the normal quantile at tabulated points, and as inverse of the cdf in all three of its ranges', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 11);
    for (const u of [1e-15, 1e-12, 1e-8, 1e-4, 0.05, 0.074, 0.076, 0.3, 0.9, 0.99]) {
      expect(normalCdf(normalQuantile(u)) / u).toBeCloseTo(1, 11);
    }
  });

  test('a Weibull of shape 1 and a gamma of shape 1 are exponential', () => {
    for (const u of [1e-6, 0.1, 0.5, 0.999]) {
      const x = exponential({ mean: 4 }).quantile(u);
      expect(weibull({ shape: 1, scale: 4 }).quantile(u) / x).toBeCloseTo(1, 12);
      expect(gamma({ shape: 1, scale: 4 }).quantile(u) / x).toBeCloseTo(1, 9);
    }
    expect(weibull({ shape: 2, scale: 1 }).mean).toBeCloseTo(Math.sqrt(Math.PI) / 2, 13);
  });

  test('the median of a lognormal is its parameter', () => {
    expect(lognormal({ median: 7, sigma: 2 }).quantile(0.5)).toBeCloseTo(7, 12);
  });
});

describe('discrete and mixed ones', () => {
  test('a deterministic value is always the same', () => {
    const fixed = deterministic({ value: 9 });
    expect([fixed.quantile(0.01), fixed.quantile(0.99), fixed.mean, fixed.cdf(8.9), fixed.cdf(9)]).toEqual([
      9, 9, 9, 0, 1,
    ]);
  });

  test('empirical steps give the data and nothing else, each as often as it occurs', () => {
    const steps = empirical([3, 1, 1, 7], 'step');
    expect([0.1, 0.4, 0.6, 0.9].map(steps.quantile)).toEqual([1, 1, 3, 7]);
    expect([0, 1, 2, 3, 7].map(steps.cdf)).toEqual([0, 0.5, 0.5, 0.75, 1]);
    expect(steps.mean).toBe(3);
  });

  test('empirical lines pass through the data, from the least to the largest', () => {
    const lines = empirical([4, 0, 2, 10]);
    expect([1e-12, 1 / 3, 2 / 3, 0.5].map((u) => Math.round(lines.quantile(u) * 1e6) / 1e6)).toEqual([
      0, 2, 4, 3,
    ]);
    expect([-1, 0, 1, 10, 11].map(lines.cdf)).toEqual([0, 0, 1 / 6, 1, 1]);
    expect(empirical([5]).quantile(0.3)).toBe(5);
  });

  test('a mixture chooses by weight and stretches the rest of the number over its component', () => {
    expect(mixed.mean).toBeCloseTo(0.75 + 0.25 * 15, 12);
    expect(mixed.quantile(0.375)).toBeCloseTo(Math.log(2), 12);
    expect(mixed.quantile(0.875)).toBeCloseTo(15, 12);
    expect(mixed.cdf(9)).toBeCloseTo(0.75 * (1 - Math.exp(-9)), 12);
  });
});

test.each([
  ['exponential: mean: found 0,', () => exponential({ mean: 0 })],
  ['weibull: shape: found -1,', () => weibull({ shape: -1, scale: 1 })],
  ['weibull: scale: found NaN,', () => weibull({ shape: 1, scale: Number.NaN })],
  ['lognormal: sigma: found 0,', () => lognormal({ median: 1, sigma: 0 })],
  ['gamma: shape: found Infinity,', () => gamma({ shape: Number.POSITIVE_INFINITY, scale: 1 })],
  ['uniform: high: found 1, expected a number above low (2)', () => uniform({ low: 2, high: 1 })],
  ['deterministic: value: found NaN,', () => deterministic({ value: Number.NaN })],
  ['empirical: data: found none', () => empirical([])],
  ['empirical: data: found NaN', () => empirical([1, Number.NaN])],
  ['mixture: components: found none', () => mixture([])],
  ['mixture: weight: found 0,', () => mixture([{ weight: 0, distribution: uniform({ low: 0, high: 1 }) }])],
])('a wrong parameter is refused: %s', (message, make) => {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(message);
});
