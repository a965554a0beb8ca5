import { z } from 'zod';
import { eventKind } from './event.ts';
import { numberedKeys } from './numbered-targets.ts';
import { faultOf } from './targets.ts';
import { nodePoolKey, workersOf } from './workers.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which workers of a pool, counted from 0. Default all.', nodePoolKey),
  })
  .describe('Workers of hosted clusters lose power.');

export const workerFailure = eventKind({
  kind: 'workerFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const { workers, names } = workersOf(body, fleet, cursor);
    if (workers.length === 0) return undefined;
    return { ...faultOf('workerFailure', at, body, names, 'workers'), workers };
  },
});
