/** What events meant and did not meet: an event without an effect is not to pass for a fleet that withstood it. */
import { formatDuration } from '../../sim/duration.ts';
import type { Injector } from '../faults/injector.ts';

/** So many lines, and how many more. */
const MOST_LINES = 20;
/** So much of what an event missed is told. */
const MOST_MISSED = 3;

/** A line per event that met nothing, or not all that it means, in the order of the plan. */
export function missedTargets(injector: Injector): string[] {
  return injector.faults.flatMap(({ at }, id) => {
    const missing = injector.missing(id);
    if (missing.length === 0) return [];
    const met = injector.targets(id) === 0 ? 'met nothing' : 'did not meet all that it means';
    const more = missing.length > MOST_MISSED ? `, and ${missing.length - MOST_MISSED} more` : '';
    const what = missing.slice(0, MOST_MISSED).join(', ') + more;
    return [`at ${formatDuration(at)} ${injector.label(id)} ${met}: ${what}`];
  });
}

/** The lines of all replications, each once, with in how many of them it was so where that is not all. */
export function missedInAny(replications: readonly (readonly string[])[]): string[] {
  const seen = new Map<string, number>();
  for (const line of replications.flat()) seen.set(line, (seen.get(line) ?? 0) + 1);
  const all = replications.length;
  const lines = [...seen].map(([line, times]) =>
    times === all ? line : `${line} (in ${times} of ${all} replications)`,
  );
  if (lines.length <= MOST_LINES) return lines;
  return [
    ...lines.slice(0, MOST_LINES),
    `and ${lines.length - MOST_LINES} more events did not meet what they mean`,
  ];
}
