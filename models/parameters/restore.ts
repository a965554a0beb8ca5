/** Restoring a hosted etcd from a snapshot by hand. */
import { SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, type Parameter } from './parameter.ts';

export const restore = {
  step: duration(
    30 * SECOND,
    'What whoever restores an etcd needs for one step of the procedure, besides what the step itself takes.',
    ASSUMED,
  ),
  bandwidthMib: count(
    20,
    'Rate at which a snapshot is copied out of a pod or into one, in MiB per second.',
    ASSUMED,
  ),
  restoreMib: count(
    50,
    'Rate at which a snapshot is written as the database of a member, in MiB per second.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
