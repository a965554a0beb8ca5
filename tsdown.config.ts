import { existsSync } from 'node:fs';
import { defineConfig, type UserConfig } from 'tsdown';

const forNode: UserConfig = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  clean: false,
  dts: false,
  outExtensions: () => ({ js: '.js' }),
};

/**
 * The command line is bundled so that `--help` loads one small file; heavy libraries stay lazy imports. The threads
 * that simulate are files of their own beside it.
 */
const commandLine: UserConfig = {
  ...forNode,
  entry: {
    hcpsim: 'cli/main.ts',
    worker: 'cli/simulate/worker.ts',
    'matrix-worker': 'cli/matrix/worker.ts',
  },
  outDir: 'dist',
  // Names without a hash: a new build replaces the files of the old one.
  outputOptions: { chunkFileNames: '[name].js' },
  deps: { alwaysBundle: ['commander'], onlyBundle: false },
};

/** The engine as a library, with its types. */
const engine: UserConfig = {
  entry: { sim: 'sim/index.ts' },
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  outDir: 'dist',
  clean: false,
  dts: true,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
};

const benchmarks: UserConfig = { ...forNode, entry: { main: 'bench/main.ts' }, outDir: 'dist/bench' };

// The package is built where bench/ is not shipped, too.
export default defineConfig([commandLine, engine, ...(existsSync('bench/main.ts') ? [benchmarks] : [])]);
