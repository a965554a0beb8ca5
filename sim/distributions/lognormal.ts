import { type Distribution, requirePositive } from './distribution.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/**
 * Lognormal distribution: the logarithm is normal with mean log(median) and standard deviation sigma.
 * @throws RangeError unless both parameters are above 0.
 */
export function lognormal({
  median,
  sigma,
}: {
  readonly median: number;
  readonly sigma: number;
}): Distribution {
  requirePositive('lognormal', 'median', median);
  requirePositive('lognormal', 'sigma', sigma);
  return {
    name: 'lognormal',
    mean: median * Math.exp((sigma * sigma) / 2),
    quantile: (u) => median * Math.exp(sigma * normalQuantile(u)),
    cdf: (x) => (x <= 0 ? 0 : normalCdf(Math.log(x / median) / sigma)),
  };
}
