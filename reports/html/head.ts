import type { RunResult } from '../../sim/result.ts';
import { accountOf } from '../view/account.ts';
import { formatCount, formatSpan, plural } from '../view/format.ts';
import { reached, spanText, targetsText } from '../view/injected.ts';
import { headline, overall } from '../view/verdict.ts';
import { html, type Markup, nothing } from './markup.ts';

const MOST_EVENTS = 30;

/** Scenario, verdict, fleet in numbers, what was done to it. */
export function head(run: RunResult): Markup {
  return html`<header>
<h1>${run.scenario}</h1>
${run.description ? html`<p>${run.description}</p>` : nothing}
<p class="verdict ${overall(run.gates) ?? 'none'}">${headline(run)}</p>
${accountOf(run).map((text) => html`<p>${text}</p>`)}
${fleet(run)}
${injected(run)}
</header>`;
}

function fleet({ fleet, duration }: RunResult): Markup {
  const facts: [string, string][] = [
    [formatSpan(duration), 'simulated'],
    [formatCount(fleet.hostedClusters), fleet.hostedClusters === 1 ? 'hosted cluster' : 'hosted clusters'],
    [
      formatCount(fleet.managementClusters),
      fleet.managementClusters === 1 ? 'management cluster' : 'management clusters',
    ],
    [formatCount(fleet.nodes), fleet.nodes === 1 ? 'management node' : 'management nodes'],
    [formatCount(fleet.controlPlanePods), 'control-plane pods'],
    [formatCount(fleet.workers), fleet.workers === 1 ? 'worker' : 'workers'],
  ];
  return html`<ul class="facts">${facts.map(([value, name]) => html`<li><b>${value}</b>${name}</li>`)}</ul>
<p class="faint">Fleet ${fleet.name}${fleet.zones.length > 0 ? ` in ${fleet.zones.join(', ')}` : ''}</p>`;
}

function injected(run: RunResult): Markup {
  // A campaign is told by itself, and is not nothing.
  if (run.injected.length === 0)
    return run.campaigns.length > 0 ? nothing : html`<p>Nothing was injected.</p>`;
  const items = run.injected.slice(0, MOST_EVENTS).map((event) => {
    const when = `${reached(event, run) ? '' : 'not reached: '}${spanText(event)}`;
    return html`<li>${when}: <strong>${event.label}</strong>${targetsText(event)}</li>`;
  });
  const hidden = run.injected.length - MOST_EVENTS;
  return html`<h2>Injected events</h2>
<ol class="events">${items}</ol>
${hidden > 0 ? html`<p class="faint">and ${plural(hidden, 'more event')}</p>` : nothing}`;
}
