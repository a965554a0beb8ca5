import { z } from 'zod';
import { eventKind } from './event.ts';
import { hostedClusterKey, ordinalKey, soughtFault } from './numbered-targets.ts';
import { choosing } from './targets.ts';
import { machinesOf, nodePoolKey } from './workers.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    ...nodePoolKey,
    ...ordinalKey(
      'Which machines of a pool, of those that there are when it happens and nobody has deleted yet, counted from 0 in the order of their names. ' +
        'Default all that there are.',
    ),
    ...choosing,
  })
  .describe(
    'Somebody deletes the Machine objects of workers (`oc delete machines.cluster.x-k8s.io`). Each is drained within its disruption budgets and ' +
      'goes, and another comes with what the pool says now: the way to go on with an update of strategy OnDelete.',
  );

export const machineDeletion = eventKind({
  kind: 'machineDeletion',
  schema,
  resolve(body, context) {
    const sought = machinesOf(body, context);
    if (sought === undefined) return undefined;
    return {
      ...soughtFault('machineDeletion', context.at, {}, sought, 'machines'),
      machines: sought.targets,
    };
  },
});
