/** Distributions, all drawn from by inversion. */
export { deterministic } from './distributions/deterministic.ts';
export { type Distribution, draw } from './distributions/distribution.ts';
export { empirical } from './distributions/empirical.ts';
export { exponential } from './distributions/exponential.ts';
export { gamma } from './distributions/gamma.ts';
export { lognormal } from './distributions/lognormal.ts';
export { type Component, mixture } from './distributions/mixture.ts';
export { uniform } from './distributions/uniform.ts';
export { weibull } from './distributions/weibull.ts';
