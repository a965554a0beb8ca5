/** What an invocation leaves behind, put together from loaded scenarios and simulated outcomes. */

import type { ScenarioOutcome } from '../../models/run.ts';
import { MODEL_VERSION } from '../../models/version.ts';
import { version } from '../../package.json' with { type: 'json' };
import { judge } from '../../scenarios/gates.ts';
import type { LoadedScenario } from '../../scenarios/load.ts';
import type { GateVerdict, ResultDocument } from '../../sim/result.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Simulated } from './simulate.ts';

/** @param judged false leaves the gates of the scenarios aside. */
export function documentOf(
  scenarios: readonly LoadedScenario[],
  { outcomes, interrupted }: Simulated,
  judged: boolean,
): ResultDocument {
  const runs = outcomes.map((outcome: ScenarioOutcome, i) => {
    const { gates, file } = scenarios[i]!;
    const { partial: _, ...rest } = outcome;
    if (judged) return { ...rest, file, gates: judge(gates, outcome.metrics) };
    return { ...rest, file, gates: [], ...(gates.length > 0 ? { unjudgedGates: gates.length } : {}) };
  });
  const cutShort = outcomes.some(({ partial }) => partial) || outcomes.length < scenarios.length;
  return {
    schema: 'hcpsim.result/v1',
    hcpsim: version,
    model: MODEL_VERSION,
    partial: interrupted !== undefined && cutShort,
    runs,
  };
}

/** What the gates of all runs mean for a script: a failed one outweighs an inconclusive one. */
export function exitOf(document: ResultDocument): ExitCode {
  const verdicts = document.runs.flatMap((run) => run.gates.map(({ verdict }: GateVerdict) => verdict));
  if (verdicts.includes('fail')) return EXIT.gateFailed;
  return verdicts.includes('inconclusive') ? EXIT.inconclusive : EXIT.ok;
}
