import type { RunResult } from '../../sim/result.ts';
import { UNHEALED_TITLE, unhealedGroups } from '../view/unhealed.ts';
import { html, type Markup, nothing } from './markup.ts';

/** What the fleet does not get back by itself, why, and what to do about it. */
export function unhealed(run: RunResult): Markup {
  if (run.unhealed.length === 0) return nothing;
  const items = unhealedGroups(run).map(
    ({ what, why, remedy }) => html`<dt>${what}</dt><dd>${why}. <strong>${remedy}</strong></dd>\n`,
  );
  return html`<h2>${UNHEALED_TITLE}</h2>
<dl>${items}</dl>`;
}
