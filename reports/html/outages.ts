import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { groupOutages, type OutageGroup } from '../view/outages.ts';
import { outageText } from '../view/sentences.ts';
import { html, type Markup, nothing } from './markup.ts';

const MOST = 40;

/** Outages with their chains, worst first. */
export function outages(run: RunResult): Markup {
  if (run.outages.length === 0) return html`<h2>Outages</h2>\n<p>None: no service was ever below 100%.</p>`;
  const groups = groupOutages(run.outages, MOST);
  const hidden = groups.length - MOST;
  return html`<h2>Outages</h2>
<p class="faint">${plural(run.outages.length, 'outage')}, worst first; each chain runs from the root cause to the effect</p>
${groups.slice(0, MOST).map((group) => article(group, run))}
${hidden > 0 ? html`<p class="faint">and ${plural(hidden, 'more group')} of outages</p>` : nothing}`;
}

function article(group: OutageGroup, run: RunResult): Markup {
  const end = group.open
    ? html`<p class="faint">Still so at the end of the run.</p>`
    : group.endedBy.length > 0
      ? html`<p class="faint">Ended by ${group.endedBy.join(' → ')}</p>`
      : nothing;
  return html`<article class="outage${group.lowest === 0 ? ' down' : ''}"><h3>${outageText(group, run)}</h3>
${group.example === '' ? nothing : html`<p class="faint">The worst, ${group.example}:</p>`}
${chain(group.causes.length > 0 ? group.causes : ['cause unknown'])}${end}</article>`;
}

function chain(causes: readonly string[]): Markup {
  return html`<ol class="chain">${causes.map((cause) => html`<li>${cause}</li>`)}</ol>`;
}
