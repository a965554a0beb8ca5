import type { NodeId, PlaceId } from '../ids.ts';
import type { PlaceOutage } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** Every machine in a zone or rack loses power: management nodes and the workers that stand there. */
export const placeOutage: Effect<PlaceOutage> = {
  begin({ world }, fault) {
    const nodes = fault.places.flatMap((name) =>
      world.places.machines(world.places.find(name) as PlaceId, world.machines),
    );
    for (const node of nodes) world.machines.fail(node, 'around');
    return { ids: nodes };
  },
  end({ world }, _fault, hit) {
    for (const node of hit.ids) world.machines.repair(node as NodeId, 'around');
  },
};
