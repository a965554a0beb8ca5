import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { mergeNames } from '../view/names.ts';
import { pendingTexts, refusalText } from '../view/pending.ts';
import { pendingText } from '../view/sentences.ts';
import { html, type Markup, nothing } from './markup.ts';

const MOST = 24;

/** Pods that waited for a node, with the reason of each node. */
export function pending(run: RunResult): Markup {
  if (run.pending.length === 0) return nothing;
  const { groups, short } = pendingTexts(run, MOST);
  const hidden = groups.length - MOST;
  const articles = groups.slice(0, MOST).map(
    (
      group,
    ) => html`<article class="pending"><h3>${pendingText(group)}</h3><p class="faint">${refusalText(group)}</p>
<dl>${group.reasons.map(({ reason, nodes }) => html`<dt>${mergeNames(nodes)}</dt><dd>${reason}</dd>`)}</dl></article>`,
  );
  return html`<h2>Pending pods</h2>
${articles}${hidden > 0 ? html`<p class="faint">and ${plural(hidden, 'more group')} of pods</p>` : nothing}${short === '' ? nothing : html`<p class="faint">${short}</p>`}`;
}
