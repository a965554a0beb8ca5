import type { RunResult } from '../../sim/result.ts';
import { seconds } from '../../sim/time.ts';
import { formatHalfWidth, formatRatio, formatSpan } from '../view/format.ts';
import {
  type Cell,
  type Column,
  HOSTED_COLUMNS,
  lostSeconds,
  MANAGEMENT_COLUMNS,
  matrix,
} from '../view/matrix.ts';
import { mergeNames } from '../view/names.ts';
import { html, type Markup, nothing } from './markup.ts';

/** Clusters by services, as in the text report. */
export function services(run: RunResult): Markup {
  const intervals =
    run.replications > 1 ? `; mean of ${run.replications} replications ± half-width of its interval` : '';
  return html`<h2>Services</h2>
<p class="faint">Availability over ${formatSpan(run.duration)}, and the time it cost: (1 - availability) of the window${intervals}</p>
${clusters(run, 'hosted cluster', HOSTED_COLUMNS, 'hostedCluster')}
${clusters(run, 'management cluster', MANAGEMENT_COLUMNS, 'managementCluster')}`;
}

function clusters(
  run: RunResult,
  title: string,
  columns: readonly Column[],
  label: 'hostedCluster' | 'managementCluster',
): Markup {
  const rows = matrix(run, columns, label, 24);
  if (rows.length === 0) return nothing;
  const body = rows.map(
    (row) =>
      html`<tr><th scope="row">${mergeNames(row.clusters, 4)}</th>${row.cells.map((c) => figure(c, run))}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">${title}</th>${columns.map(
    (column) => html`<th scope="col">${column.title}</th>`,
  )}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function figure(cell: Cell | undefined, run: RunResult): Markup {
  if (!cell) return html`<td>-</td>`;
  const { worst, best } = cell;
  const small = [
    worst.interval ? formatHalfWidth(worst.interval, 'ratio') : '',
    best.value === worst.value ? '' : `to ${formatRatio(best.value)}`,
    worst.value === 1 ? '' : formatSpan(seconds(lostSeconds(worst, run))),
  ].filter((text) => text !== '');
  const kind = worst.value === 1 ? 'up' : worst.value === 0 ? 'down' : 'dented';
  return html`<td class="${kind}">${formatRatio(worst.value)}${small.map((text) => html`<small>${text}</small>`)}</td>`;
}
