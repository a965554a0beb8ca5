import { type Distribution, requirePositive } from './distribution.ts';
import { logGamma, lowerGammaRatio, upperGammaRatio } from './incomplete-gamma.ts';
import { normalQuantile } from './normal.ts';

/** Gamma distribution with mean shape * scale. @throws RangeError unless both parameters are above 0. */
export function gamma({ shape, scale }: { readonly shape: number; readonly scale: number }): Distribution {
  requirePositive('gamma', 'shape', shape);
  requirePositive('gamma', 'scale', scale);
  return {
    name: 'gamma',
    mean: shape * scale,
    quantile: (u) => scale * standardQuantile(shape, u),
    cdf: (x) => lowerGammaRatio(shape, x / scale),
  };
}

/**
 * Inverse of P(shape, x): Newton on log x, inside a bracket that falls back to bisection when a step leaves it.
 * The logarithm keeps the curve tame for shapes far below 1, where half of the mass lies near 0.
 */
function standardQuantile(shape: number, u: number): number {
  const normalising = logGamma(shape);
  let low = -745;
  let high = Math.log(shape + 50 * Math.sqrt(shape) + 800);
  let y = Math.min(Math.max(firstGuess(shape, u), low), high);
  for (let i = 0; i < 200 && high - low > 1e-15; i++) {
    const x = Math.exp(y);
    // Compare on the side where the probability is small: there it has all its digits.
    const excess = u < 0.5 ? lowerGammaRatio(shape, x) - u : 1 - u - upperGammaRatio(shape, x);
    if (excess === 0) break;
    if (excess > 0) high = y;
    else low = y;
    const density = Math.exp(shape * y - x - normalising);
    const newton = y - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - y) <= 1e-15 * Math.max(1, Math.abs(y))) break;
    y = next;
  }
  return Math.exp(y);
}

/** Logarithm of a first guess: the cube of Wilson and Hilferty where it holds, else the power law near 0. */
function firstGuess(shape: number, u: number): number {
  const ninth = 1 / (9 * shape);
  const root = 1 - ninth + normalQuantile(u) * Math.sqrt(ninth);
  if (root > 0.2 && shape >= 0.5) return 3 * Math.log(root) + Math.log(shape);
  return (Math.log(u) + logGamma(shape + 1)) / shape;
}
