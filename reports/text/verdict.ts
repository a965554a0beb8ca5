import type { GateVerdict, RunResult } from '../../sim/result.ts';
import { accountOf } from '../view/account.ts';
import { plural } from '../view/format.ts';
import { reached, spanText, targetsText } from '../view/injected.ts';
import { boundText, headline, measuredText, measureName, overall, worstOwner } from '../view/verdict.ts';
import { type Layout, verdictPaint, wrap } from './layout.ts';

/** The head of a run: scenario, verdict, one line per gate, the fleet and what was done to it. */
export function verdictLines(run: RunResult, layout: Layout): string[] {
  const { paint, width } = layout;
  const verdict = overall(run.gates);
  const color = verdict === undefined ? paint.unsure : verdictPaint(verdict, paint);
  return [
    `${paint.title(run.scenario)}  ${color(headline(run))}`,
    ...(run.description ? wrap(run.description, width) : []),
    ...run.gates.flatMap((gate) => gateLines(gate, layout)),
    ...accountOf(run).flatMap((text) => wrap(text, width, '', '  ')),
    '',
    ...wrap(fleetText(run), width, '', '  '),
    ...injectedLines(run, layout),
  ];
}

function gateLines(gate: GateVerdict, { paint, width }: Layout): string[] {
  const color = verdictPaint(gate.verdict, paint);
  const mark = { pass: '✔', fail: '✘', inconclusive: '?' }[gate.verdict];
  const text = `${gate.name}: ${gateText(gate)}, wanted ${boundText(gate)}`;
  const [first, ...rest] = wrap(text, width - 4, '', '    ');
  return [
    `  ${color(mark)} ${first}`,
    ...rest,
    ...(gate.note && gate.measured !== undefined ? wrap(gate.note, width, '    ').map(paint.faint) : []),
  ];
}

/** `min api.uptime of 20 is 99.98% (tenant-3)`, or why nothing was measured. */
function gateText(gate: GateVerdict): string {
  const name = measureName(gate);
  if (gate.measured === undefined) return `${measuredText(gate)} for ${name}: ${gate.note}`;
  const worst = worstOwner(gate);
  return `${name} is ${measuredText(gate)}${worst ? ` (${worst})` : ''}`;
}

/** The fleet in one sentence. */
function fleetText({ fleet }: RunResult): string {
  const zones = fleet.zones.length > 0 ? ` in ${fleet.zones.join(', ')}` : '';
  return (
    `Fleet ${fleet.name}: ${plural(fleet.hostedClusters, 'hosted cluster')} with ` +
    `${plural(fleet.controlPlanePods, 'control-plane pod')} on ${plural(fleet.nodes, 'node')} of ` +
    `${plural(fleet.managementClusters, 'management cluster')}${zones}, ${plural(fleet.workers, 'worker')}`
  );
}

/** One line per injected event, the first ten. */
function injectedLines(run: RunResult, { width, paint }: Layout): string[] {
  const most = 10;
  const lines = run.injected.slice(0, most).flatMap((event) => {
    const what = reached(event, run) ? 'Injected' : 'Not reached:';
    return wrap(`${what} ${spanText(event)}: ${event.label}${targetsText(event)}`, width, '', '  ');
  });
  const hidden = run.injected.length - most;
  return hidden > 0 ? [...lines, paint.faint(`and ${plural(hidden, 'more injected event')}`)] : lines;
}
