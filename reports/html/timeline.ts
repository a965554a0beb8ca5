import type { RunResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { timelineChart } from './chart.ts';
import { html, type Markup, nothing } from './markup.ts';

/** The picture, with what it leaves out in words. */
export async function timeline(run: RunResult): Promise<Markup> {
  if (run.timeline.length === 0) return nothing;
  const chart = await timelineChart(run);
  if (!chart) return html`<h2>Timeline</h2>\n<p>Every service was at 100% throughout.</p>`;
  const { svg, untouched, hidden } = chart;
  const which = run.replications > 1 ? ' Shown is the first replication.' : '';
  const label =
    `Services below 100% over time, by groups of clusters, under the injected events. ` +
    `The same is told in words under Outages.`;
  return html`<h2>Timeline</h2>
<figure><div role="img" aria-label="${label}">${svg}</div>
<figcaption>The lowest level of each moment.${which}
${untouched.length > 0 ? ` At 100% throughout: ${untouched.join(', ')}.` : ''}
${hidden > 0 ? ` Left out: ${plural(hidden, 'more lane')}.` : ''}</figcaption></figure>`;
}
