/** A result as one JSON document, `hcpsim.result/v1`. The same result gives the same bytes. */
import type { ResultDocument, RunResult } from '../sim/result.ts';
import {
  campaignRecord,
  gateRecord,
  injectedRecord,
  metricRecord,
  outageRecord,
  pendingRecord,
  runRecord,
  skewRecord,
  timelineRecord,
  unhealedRecord,
  upgradeRecord,
} from './json/records.ts';
import { writeLines } from './json/write.ts';

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
    unhealed: run.unhealed.map(unhealedRecord),
    upgrades: run.upgrades.map(upgradeRecord),
    campaigns: run.campaigns.map(campaignRecord),
    skew: run.skew.map(skewRecord),
    notes: run.notes,
  };
}

/** The document as text: one record per line, so that two results can be compared line by line. Ends in a newline. */
export function renderJson(document: ResultDocument): string {
  return writeLines(toJson(document));
}
