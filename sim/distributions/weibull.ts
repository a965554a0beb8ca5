import { type Distribution, requirePositive } from './distribution.ts';
import { logGamma } from './incomplete-gamma.ts';

/**
 * Weibull distribution, cdf 1 - exp(-(x / scale)^shape): a shape below 1 is infant mortality, above 1 wear-out.
 * @throws RangeError unless both parameters are above 0.
 */
export function weibull({ shape, scale }: { readonly shape: number; readonly scale: number }): Distribution {
  requirePositive('weibull', 'shape', shape);
  requirePositive('weibull', 'scale', scale);
  return {
    name: 'weibull',
    mean: scale * Math.exp(logGamma(1 + 1 / shape)),
    // Powers by exp and log: Math.pow is not the same to the last bit in all versions of Node.
    quantile: (u) => scale * Math.exp(Math.log(-Math.log1p(-u)) / shape),
    cdf: (x) => (x <= 0 ? 0 : -Math.expm1(-Math.exp(shape * Math.log(x / scale)))),
  };
}
