import type { FleetPlan } from '../models/plan/fleet.ts';
import { didYouMean, listed } from './errors/suggest.ts';
import type { Gate } from './gates.ts';
import { matches } from './read/globs.ts';
import type { Cursor } from './source/cursor.ts';

/** Reports a selector that can pick nobody in the fleet, or no campaign: its gate would never be judged. */
export function checkGateTargets(
  gate: Gate,
  fleet: FleetPlan,
  campaigns: readonly { readonly name: string }[],
  cursor: Cursor,
): void {
  const known = new Map([
    ['hostedCluster', fleet.hostedClusters.map((one) => one.name)],
    ['managementCluster', fleet.managementClusters.map((one) => one.name)],
    ['campaign', campaigns.map((one) => one.name)],
  ]);
  for (const [label, pattern] of Object.entries(gate.select)) {
    const names = known.get(label);
    if (names === undefined || names.some((name) => matches(pattern, name))) continue;
    cursor.to('select', label).report('selector-matches-nothing', {
      found: `no ${label} "${pattern}"`,
      expected: names.length === 0 ? `a ${label}; there is none` : `one of ${listed(new Set(names))}`,
      hint: didYouMean(pattern, names),
    });
  }
}
