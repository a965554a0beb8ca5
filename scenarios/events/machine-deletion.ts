import { z } from 'zod';
import { eventKind } from './event.ts';
import { hostedClusterKey, ordinalKey } from './numbered-targets.ts';
import { choosing, faultOf } from './targets.ts';
import { nodePoolKey, workersOf } from './workers.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    ...nodePoolKey,
    ...ordinalKey('Which machines of a pool, counted from 0. Default all.'),
    ...choosing,
  })
  .describe(
    'Somebody deletes the Machine objects of workers (`oc delete machines.cluster.x-k8s.io`). Each is drained within its disruption budgets and ' +
      'goes, and another comes with what the pool says now: the way to go on with an update of strategy OnDelete.',
  );

export const machineDeletion = eventKind({
  kind: 'machineDeletion',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const { workers, names } = workersOf(body, fleet, cursor);
    if (workers.length === 0) return undefined;
    return { ...faultOf('machineDeletion', at, {}, names, 'machines'), machines: workers };
  },
});
