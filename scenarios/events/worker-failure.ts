import { z } from 'zod';
import { eventKind } from './event.ts';
import { numberedKeys, soughtFault } from './numbered-targets.ts';
import { machinesOf, nodePoolKey } from './workers.ts';

const schema = z
  .strictObject({
    ...numberedKeys(
      'Which workers of a pool, of those that there are when it happens, counted from 0 in the order of their names. Default all that there are.',
      nodePoolKey,
    ),
  })
  .describe('Workers of hosted clusters lose power.');

export const workerFailure = eventKind({
  kind: 'workerFailure',
  schema,
  resolve(body, context) {
    const sought = machinesOf(body, context);
    if (sought === undefined) return undefined;
    return {
      ...soughtFault('workerFailure', context.at, body, sought, 'workers'),
      workers: sought.targets,
    };
  },
});
