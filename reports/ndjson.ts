/** A result as lines of JSON, for tools that read a stream: each line says by `type` what it is and which scenario it is of. */
import type { ResultDocument, RunResult } from '../sim/result.ts';
import { gateRecord, metricRecord, outageRecord, runRecord } from './json/records.ts';

/** One line per run, then one per metric, outage and gate of that run. Ends in a newline unless there is no run. */
export function renderNdjson(document: ResultDocument): string {
  const { hcpsim, model, partial } = document;
  const lines = document.runs.flatMap((run) => [
    JSON.stringify({ type: 'run', hcpsim, model, partial, ...runRecord(run) }),
    ...linesOf('metric', run, run.metrics.map(metricRecord)),
    ...linesOf('outage', run, run.outages.map(outageRecord)),
    ...linesOf('gate', run, run.gates.map(gateRecord)),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(type: string, { scenario, file }: RunResult, records: readonly object[]): string[] {
  return records.map((record) => JSON.stringify({ type, scenario, file, ...record }));
}
