import type { Stream } from '../streams.ts';

/** A distribution of a real number, drawn from by inversion: one uniform number gives one value. */
export interface Distribution {
  readonly name: string;
  readonly mean: number;
  /**
   * The value for a uniform number u in (0, 1). Non-decreasing in u and the inverse of `cdf`, except for a mixture, which
   * uses u to choose a component first: it has the right distribution, but not the right order.
   */
  quantile(u: number): number;
  /** Probability of a value of x or less. */
  cdf(x: number): number;
}

/** Draws a value: exactly one number is taken from the stream, whatever the distribution, so that streams stay aligned. */
export function draw(distribution: Distribution, stream: Stream): number {
  return distribution.quantile(stream.uniform());
}

/** @throws RangeError unless the parameter is a finite number above 0. */
export function requirePositive(distribution: string, parameter: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`${distribution}: ${parameter}: found ${value}, expected a finite number above 0`);
}

/** @throws RangeError unless the parameter is a finite number. */
export function requireFinite(distribution: string, parameter: string, value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`${distribution}: ${parameter}: found ${value}, expected a finite number`);
}
