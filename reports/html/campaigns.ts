import type { RunResult } from '../../sim/result.ts';
import { CAMPAIGNS_TITLE, campaignTexts } from '../view/campaigns.ts';
import { html, type Markup, nothing } from './markup.ts';

/** How campaigns went: each with its waves, why it stopped, and what was brought back. */
export function campaigns(run: RunResult): Markup {
  if (run.campaigns.length === 0) return nothing;
  const items = campaignTexts(run).map(
    ({
      head,
      good,
      waves,
      rollbacks,
    }) => html`<article class="outage ${good ? 'whole' : 'dented'}"><h3>${head}</h3>
<ul>${[...waves, ...rollbacks].map((text) => html`<li>${text}</li>\n`)}</ul></article>\n`,
  );
  return html`<h2>${CAMPAIGNS_TITLE}</h2>\n${items}`;
}
