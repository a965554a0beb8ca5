/** The engine's public surface: everything a model outside this repository needs. */
export * from './assert.ts';
export * from './bounds.ts';
export * from './distributions.ts';
export * from './duration.ts';
export * from './entities.ts';
export * from './facts.ts';
export * from './lanes.ts';
export * from './membership.ts';
export * from './queue/index.ts';
export * from './simulation.ts';
export * from './snapshot.ts';
export * from './statistics/index.ts';
export * from './streams.ts';
export * from './time.ts';
export * from './timer.ts';
