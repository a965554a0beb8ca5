import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{sim,models,scenarios,reports,bench,cli}/**/*.test.ts'],
    // Assertions about speed live in bench/; tests only bound runaways, never measure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
