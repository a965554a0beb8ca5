/** A result as one page that stands alone: no script, nothing loaded from elsewhere, readable in the dark and on paper. */
import type { ResultDocument, RunResult } from '../sim/result.ts';
import { campaigns } from './html/campaigns.ts';
import { gates } from './html/gates.ts';
import { head } from './html/head.ts';
import { html, Markup, nothing } from './html/markup.ts';
import { outages } from './html/outages.ts';
import { pending } from './html/pending.ts';
import { services } from './html/services.ts';
import { skew } from './html/skew.ts';
import { STYLE } from './html/style.ts';
import { timeline } from './html/timeline.ts';
import { unhealed } from './html/unhealed.ts';
import { upgrades } from './html/upgrades.ts';
import { identity } from './view/sentences.ts';
import { withShortNodes } from './view/short-nodes.ts';

export interface HtmlOptions {
  /** What the models assume rather than know, one sentence each; listed at the foot of the page. */
  readonly assumptions?: readonly string[];
}

/** Forbids everything but the page's own style, should anything ever slip through the escaping. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole page. The same result gives the same bytes. Loads the chart libraries on first use. */
export async function renderHtml(document: ResultDocument, options: HtmlOptions = {}): Promise<string> {
  const sections: Markup[] = [];
  for (const run of document.runs) sections.push(await section(withShortNodes(run)));
  const title = document.runs.map((run) => run.scenario).join(', ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title} - hcpsim</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${document.partial ? html`<p class="verdict fail">PARTIAL: interrupted, what is shown is not the whole.</p>` : nothing}
${sections}
</main>
<footer>
${assumptions(options.assumptions ?? [])}
<p>hcpsim ${document.hcpsim}, model ${document.model}. The same file, seed and versions give this result again, to the last digit.</p>
</footer>
</body>
</html>
`;
  return page.text;
}

async function section(run: RunResult): Promise<Markup> {
  return html`<section class="run">
${head(run)}
${gates(run)}
${services(run)}
${await timeline(run)}
${campaigns(run)}
${await upgrades(run)}
${await skew(run)}
${outages(run)}
${unhealed(run)}
${pending(run)}
${notes(run)}
<p class="faint">${identity(run)}</p>
</section>
`;
}

function notes(run: RunResult): Markup {
  if (run.notes.length === 0) return nothing;
  return html`<h2>Notes</h2>\n<ul>${run.notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

function assumptions(items: readonly string[]): Markup {
  if (items.length === 0) return nothing;
  return html`<h2>Assumptions</h2>\n<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
