import type { NodeId } from '../ids.ts';
import type { NodeDrain } from '../plan/faults.ts';
import type { Effect } from './effect.ts';

/** Management nodes are drained as by `kubectl drain`, and uncordoned when whoever wanted it last is done. */
export const nodeDrain: Effect<NodeDrain> = {
  begin({ nodes, world: { drains, parameters } }, fault) {
    const ids = fault.nodes.map((name) => nodes.get(name)!);
    const { retry } = parameters.drain;
    const spec = { by: 'kubectl', retry, timeout: fault.timeout ?? 0, skipUnreachable: 0 } as const;
    return { ids, lives: ids.map((node) => drains.order(node, spec)) };
  },
  end({ world: { drains } }, _fault, { ids, lives }) {
    (ids as readonly NodeId[]).forEach((node, i) => {
      drains.withdraw(node, lives![i]!);
    });
  },
};
