import { defineConfig } from 'tsdown';

/** The command line is bundled so that `--help` loads one small file; heavy libraries stay lazy imports. */
export default defineConfig([
  {
    entry: { hcpsim: 'cli/main.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outDir: 'dist',
    clean: false,
    dts: false,
    noExternal: ['commander'],
    inlineOnly: false,
    outExtensions: () => ({ js: '.js' }),
  },
  {
    entry: { sim: 'sim/index.ts' },
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    outDir: 'dist',
    clean: false,
    dts: true,
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  },
  {
    entry: { main: 'bench/main.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outDir: 'dist/bench',
    clean: false,
    dts: false,
    outExtensions: () => ({ js: '.js' }),
  },
]);
