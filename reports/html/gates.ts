import type { RunResult } from '../../sim/result.ts';
import { formatSpan } from '../view/format.ts';
import { boundText, measuredText, measureName, worstOwner } from '../view/verdict.ts';
import { html, type Markup, nothing } from './markup.ts';

const WORDS = { pass: '✔ pass', fail: '✘ fail', inconclusive: '? inconclusive' } as const;

/** What was demanded and what was measured. */
export function gates(run: RunResult): Markup {
  if (run.gates.length === 0) return nothing;
  const rows = run.gates.map((gate) => {
    const worst = worstOwner(gate);
    const remarks = [worst, gate.note]
      .filter((text) => text !== '')
      .map((text) => html`<small>${text}</small>`);
    return html`<tr><td class="${gate.verdict}">${WORDS[gate.verdict]}</td><th scope="row">${gate.name}</th>
<td>${measureName(gate)}</td><td>${measuredText(gate)}${remarks}</td><td>${boundText(gate)}</td></tr>`;
  });
  return html`<h2>Gates</h2>
<div class="scroll"><table><caption>Measured over ${formatSpan(run.duration)}</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">gate</th><th scope="col">measure</th><th scope="col">measured</th><th scope="col">wanted</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
