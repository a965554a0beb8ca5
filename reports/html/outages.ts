import type { RunResult } from '../../sim/result.ts';
import { fallOf } from '../view/chains.ts';
import { endings } from '../view/endings.ts';
import { plural, spanRange } from '../view/format.ts';
import { levelText } from '../view/levels.ts';
import { listOutages, type OutageGroup } from '../view/outages.ts';
import { phasesOf } from '../view/phases.ts';
import { outageText, phaseText } from '../view/sentences.ts';
import { html, type Markup, nothing } from './markup.ts';

const MOST = 24;

/** Outages with their chains and phases, worst first. */
export function outages(run: RunResult): Markup {
  if (run.outages.length === 0) return html`<h2>Outages</h2>\n<p>None: no service was ever below 100%.</p>`;
  const { groups, initial } = listOutages(run, MOST);
  return html`${section('Outages', groups, run)}${section('From the beginning, not by an event', initial, run)}`;
}

function section(title: string, groups: readonly OutageGroup[], run: RunResult): Markup {
  if (groups.length === 0) return nothing;
  const hidden = groups.length - MOST;
  const count = groups.reduce((sum, group) => sum + group.outages.length * group.services.length, 0);
  return html`<h2>${title}</h2>
<p class="faint">${plural(count, 'outage')}, worst first; each chain runs from the root cause to the effect</p>
${groups.slice(0, MOST).map((group) => article(group, run))}
${hidden > 0 ? html`<p class="faint">and ${plural(hidden, 'more group')} of outages</p>` : nothing}`;
}

function article(group: OutageGroup, run: RunResult): Markup {
  const fall = fallOf(group.leader);
  const ends = endings(group).map(
    (text) => html`<p class="faint">${text[0]!.toUpperCase()}${text.slice(1)}</p>`,
  );
  return html`<article class="outage${group.lowest === 0 ? ' down' : ''}"><h3>${outageText(group, run)}</h3>
${group.example === '' ? nothing : html`<p class="faint">The worst, ${group.example}:</p>`}
${chain(fall.length > 0 ? fall : ['cause unknown'])}${phaseTable(group)}${ends}</article>`;
}

function chain(causes: readonly string[]): Markup {
  return html`<ol class="chain">${causes.map((cause) => html`<li>${cause}</li>`)}</ol>`;
}

function phaseTable(group: OutageGroup): Markup {
  const { phases, hidden } = phasesOf(group);
  if (phases.length === 0) return nothing;
  const rows = phases.map(
    (phase) =>
      html`<tr><td>${spanRange(phase.from)}</td><td>${spanRange(phase.length)}</td><td>${levelText(phase.value)}</td><td>${phaseText(phase, group)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="phases"><thead><tr><th scope="col">from</th><th scope="col">for</th><th scope="col">level</th><th scope="col">because of</th></tr></thead>
<tbody>${rows}</tbody></table></div>${hidden > 0 ? html`<p class="faint">+${hidden} more, shorter</p>` : nothing}`;
}
