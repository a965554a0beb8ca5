export { halfWidth, meanInterval } from './confidence.ts';
export { Histogram, type HistogramOptions, type SavedHistogram } from './histogram.ts';
export { type SavedTally, Tally } from './tally.ts';
export { type SavedTimeWeighted, TimeWeighted, type TimeWeightedOptions } from './time-weighted.ts';
