export * from './confidence.ts';
