import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId } from '../ids.ts';
import type { Hit } from './effect.ts';

/** Machines lose power; which machine each was is remembered, since it may be replaced meanwhile. */
export function failMachines({ world: { machines } }: BuiltFleet, nodes: readonly NodeId[]): Hit {
  const lives = nodes.map((node) => machines.generation.at(node));
  for (const node of nodes) machines.fail(node);
  return { ids: nodes, lives };
}

/** Those that have not been replaced get their power back, and boot. */
export function repairMachines({ world: { machines } }: BuiltFleet, { ids, lives }: Hit): void {
  (ids as readonly NodeId[]).forEach((node, i) => {
    if (machines.generation.at(node) === lives![i]) machines.repair(node);
  });
}
