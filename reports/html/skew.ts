import type { RunResult, SkewResult } from '../../sim/result.ts';
import { plural } from '../view/format.ts';
import { groupBy, keyOf, owner } from '../view/labels.ts';
import { compareNames, mergeNames } from '../view/names.ts';
import { SKEW_TITLE, skewTexts } from '../view/skew.ts';
import { type Bar, drawBars, sliceOf } from './bars.ts';
import { html, type Markup, nothing } from './markup.ts';

const MOST_LANES = 40;

/** By minors between the oldest and the newest part; what is further apart is of the last. */
const DISTANCES = [
  { name: 'one minor', color: 'var(--up)' },
  { name: '1 minor apart', color: 'var(--dented)' },
  { name: '2 minors apart', color: 'var(--poor)' },
  { name: '3 or more minors apart', color: 'var(--down)' },
] as const;

/** How far versions were apart over time, and what that broke. */
export async function skew(run: RunResult): Promise<Markup> {
  const { lines } = skewTexts(run);
  if (lines.length === 0) return nothing;
  const lanes = groupBy(run.skew, ({ apart }) => keyOf(apart));
  const svg = await drawBars(
    run,
    lanes.slice(0, MOST_LANES).flatMap((lane) => barsOf(lane, run)),
    DISTANCES,
  );
  const hidden = lanes.length - MOST_LANES;
  const label = 'Minors between the oldest and the newest part of each cluster over time.';
  return html`<h2>${SKEW_TITLE}</h2>
<figure><div role="img" aria-label="${label}">${svg}</div>
<figcaption>${label}${hidden > 0 ? ` Left out: ${plural(hidden, 'more line')}.` : ''}</figcaption></figure>
${lines.map((line) => html`<p>${line}</p>\n`)}`;
}

function barsOf(lane: readonly SkewResult[], run: RunResult): Bar[] {
  const { apart } = lane[0]!;
  const name = mergeNames(lane.map(({ labels }) => owner(labels)).sort(compareNames), 1);
  return apart.map(({ at, minors }, i) => ({
    lane: name,
    from: sliceOf(at, run),
    to: sliceOf(apart[i + 1]?.at ?? run.duration, run),
    kind: DISTANCES[Math.min(minors, DISTANCES.length - 1)]!.name,
  }));
}
