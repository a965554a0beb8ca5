import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { UPGRADES_TITLE, upgradeGroups } from '../view/upgrades.ts';
import { html, type Markup, nothing } from './markup.ts';
import { upgradeChart } from './upgrade-chart.ts';

const MOST = 20;

/** When what was upgraded, as a picture and in words. */
export async function upgrades(run: RunResult): Promise<Markup> {
  if (run.upgrades.length === 0) return nothing;
  const groups = upgradeGroups(run, MOST);
  const { svg, hidden } = await upgradeChart(run);
  const items = groups.slice(0, MOST).map(
    ({
      head,
      good,
      phases,
      remarks,
      waits,
      dips,
    }) => html`<article class="outage ${good ? 'whole' : 'dented'}"><h3>${head}</h3>
${phases === '' ? nothing : html`<p class="faint">${phases}</p>`}
${[...remarks, ...waits, ...dips].map((text) => html`<p>${text}</p>\n`)}</article>\n`,
  );
  const label =
    'Upgrades over time, from being asked for to their end, with what they waited for. The same is told in words below.';
  const more = groups.length - MOST;
  return html`<h2>${UPGRADES_TITLE}</h2>
<figure><div role="img" aria-label="${label}">${svg}</div>
<figcaption>${plural(run.upgrades.length, 'upgrade')}, those that went on at the same times on one line.
${hidden > 0 ? ` Left out: ${plural(hidden, 'more line')}.` : ''}</figcaption></figure>
${items}
${more > 0 ? html`<p class="faint">and ${plural(more, 'more group')}</p>` : nothing}`;
}
