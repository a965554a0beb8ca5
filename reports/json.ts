/** A result as one JSON document, `hcpsim.result/v1`. The same result gives the same bytes. */
import type { ResultDocument, RunResult } from '../sim/result.ts';
import {
  gateRecord,
  injectedRecord,
  metricRecord,
  outageRecord,
  pendingRecord,
  runRecord,
  timelineRecord,
} from './json/records.ts';

/** The document as plain data, for those who go on with it in the same program. */
export function toJson(document: ResultDocument) {
  return {
    schema: document.schema,
    hcpsim: document.hcpsim,
    model: document.model,
    partial: document.partial,
    runs: document.runs.map(runJson),
  };
}

function runJson(run: RunResult) {
  return {
    ...runRecord(run),
    metrics: run.metrics.map(metricRecord),
    outages: run.outages.map(outageRecord),
    gates: run.gates.map(gateRecord),
    injected: run.injected.map(injectedRecord),
    timeline: run.timeline.map(timelineRecord),
    pending: run.pending.map(pendingRecord),
    notes: run.notes,
  };
}

/** The document as text: one record per line, so that two results can be compared line by line. Ends in a newline. */
export function renderJson(document: ResultDocument): string {
  const chunks: string[] = [];
  write(toJson(document), 0, chunks);
  return `${chunks.join('')}\n`;
}

/** Document, list of runs, run and list of records are spread over lines; what is below stays on one. */
const SPREAD_LEVELS = 4;

function write(value: unknown, level: number, out: string[]): void {
  if (level >= SPREAD_LEVELS || typeof value !== 'object' || value === null) {
    out.push(JSON.stringify(value));
    return;
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0 || (level === SPREAD_LEVELS - 1 && !list)) {
    out.push(JSON.stringify(value));
    return;
  }
  const indent = '  '.repeat(level + 1);
  entries.forEach(([key, item], i) => {
    out.push(i === 0 ? (list ? '[\n' : '{\n') : ',\n', indent);
    if (!list) out.push(JSON.stringify(key), ': ');
    write(item, level + 1, out);
  });
  out.push(`\n${'  '.repeat(level)}`, list ? ']' : '}');
}
