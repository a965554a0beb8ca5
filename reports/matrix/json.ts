/** The failure matrix as one JSON document, `hcpsim.matrix/v1`: seconds and ratios, never percent. The same result gives the same bytes. */
import type { Effect, Impact, MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { toSeconds } from '../../sim/time.ts';
import { labelsRecord } from '../json/records.ts';
import { writeLines } from '../json/write.ts';

/** The document as text, one row of the matrix per line. Ends in a newline. */
export function renderMatrixJson(document: MatrixDocument): string {
  const { schema, hcpsim, model, partial } = document;
  return writeLines({ schema, hcpsim, model, partial, results: document.results.map(resultRecord) });
}

/** Names and their order are a contract: adding is free, renaming is a breaking change. */
function resultRecord(result: MatrixResult) {
  const {
    fleet,
    state,
    before,
    depth,
    seed,
    hostedClusters,
    downBefore = 0,
    runs,
    partial = false,
    notes,
  } = result;
  return {
    fleet,
    state,
    before,
    depth,
    seed,
    hostedClusters,
    downBefore,
    failureSeconds: toSeconds(result.failureLasts),
    watchedSeconds: toSeconds(result.watched),
    runs,
    partial,
    rows: result.rows.map(rowRecord),
    pairs: result.pairs.map(rowRecord),
    notes,
  };
}

function rowRecord(row: MatrixRow) {
  return { ...effectRecord(row), tried: row.tried.map(effectRecord) };
}

function effectRecord(effect: Effect) {
  const {
    failures,
    during = null,
    alike,
    api,
    etcd,
    tunnel,
    workloads,
    lifecycle,
    wholeAfter,
    allElseAfter,
  } = effect;
  return {
    failures,
    during,
    alike,
    api: impactRecord(api),
    etcd: impactRecord(etcd),
    tunnel: impactRecord(tunnel),
    workloads: impactRecord(workloads),
    lifecycle: impactRecord(lifecycle),
    wholeAfterSeconds: wholeAfter === undefined ? null : toSeconds(wholeAfter),
    allElseAfterSeconds: allElseAfter === undefined ? null : toSeconds(allElseAfter),
    needsHuman: effect.needsHuman,
  };
}

function impactRecord({ hit, down, lowest, longestDown, longestBelow, worst, causes }: Impact) {
  return {
    hit,
    down,
    lowest,
    longestDownSeconds: toSeconds(longestDown),
    longestBelowSeconds: toSeconds(longestBelow),
    worst: worst === undefined ? null : labelsRecord(worst),
    causes,
  };
}
