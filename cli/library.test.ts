import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Replication, runScenario } from '../models/run.ts';
import { neverHealed } from '../models/swarm/swarm.ts';
import { renderText } from '../reports/text.ts';
import { diskReader } from '../scenarios/files.ts';
import { judge } from '../scenarios/gates.ts';
import { type LoadedScenario, loadScenarios } from '../scenarios/load.ts';
import type { RunResult } from '../sim/result.ts';
import { DAY, type Micros } from '../sim/time.ts';

/**
 * Every scenario of the library, with its golden result beside it: the report as a person reads it, digest included.
 * `npm run golden` writes them anew; read what moved, and say in the commit why.
 */
const LIBRARY = 'scenarios/library';
const GOLDEN = `${LIBRARY}/golden`;
const UPDATE = process.env.UPDATE_GOLDEN === '1';

const files = readdirSync(LIBRARY)
  .filter((file) => file.endsWith('.yaml'))
  .sort((a, b) => (a < b ? -1 : 1))
  .map((file) => `${LIBRARY}/${file}`);

function load(file: string, seed?: number): readonly LoadedScenario[] {
  const { scenarios, problems } = loadScenarios([file], {
    reader: diskReader,
    ...(seed === undefined ? {} : { seed }),
  });
  expect(problems).toEqual([]);
  return scenarios;
}

function run({ plan, gates, file }: LoadedScenario): RunResult {
  const { partial: _, ...outcome } = runScenario(plan, { replications: 1 });
  return { ...outcome, file, gates: judge(gates, outcome.metrics) };
}

const scenarios = files.flatMap((file) => load(file));

describe('library', () => {
  it.each(scenarios.map((scenario) => [scenario.plan.name, scenario] as const))(
    '%s comes out as its golden result',
    (name, scenario) => {
      const document = {
        schema: 'hcpsim.result/v1',
        hcpsim: '',
        model: '',
        partial: false,
        runs: [run(scenario)],
      } as const;
      const text = renderText(document, { width: 120 });
      const path = `${GOLDEN}/${name}.txt`;
      if (UPDATE) {
        mkdirSync(GOLDEN, { recursive: true });
        writeFileSync(path, text);
      }
      expect(existsSync(path), `${path} is missing: npm run golden`).toBe(true);
      expect(text).toBe(readFileSync(path, 'utf8'));
    },
  );

  it.each(scenarios.map((scenario) => [scenario.plan.name, scenario] as const))(
    '%s says why and has gates',
    (_, scenario) => {
      expect(scenario.plan.description).not.toBe('');
      expect(scenario.gates.length).toBeGreaterThan(0);
      expect(readFileSync(scenario.file, 'utf8')).toMatch(/^# .*/);
    },
  );

  it.each(scenarios.map((scenario) => [scenario.plan.name, scenario] as const))(
    '%s heals when its faults are over, or says what needs a human and why',
    (_, { plan }) => {
      const over = Math.max(plan.duration, ...plan.faults.map(({ at, duration }) => at + (duration ?? 0)));
      const replication = new Replication(plan, 0);
      replication.run((over + 2 * DAY) as Micros);
      expect(neverHealed(replication)).toEqual([]);
    },
  );

  it.each([2, 3, 4])(
    'with seed %d every gate holds too: they state what is documented, not what one future shows',
    (seed) => {
      for (const scenario of files.flatMap((file) => load(file, seed))) {
        const failed = run(scenario).gates.filter((gate) => gate.verdict !== 'pass');
        expect(failed, `${scenario.plan.name} seed ${seed}`).toEqual([]);
      }
    },
  );
});
