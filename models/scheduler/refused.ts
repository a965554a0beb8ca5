import type { CauseId } from '../../sim/facts.ts';
import type { PodId } from '../ids.ts';

/** Which filter refused a node. */
export const REFUSED = {
  none: 0,
  placement: 1,
  unreachable: 2,
  cpu: 3,
  memory: 4,
  pods: 5,
  volume: 6,
  affinity: 7,
  /** No such node is registered. */
  gone: 8,
  cordoned: 9,
  spread: 10,
} as const;

/** What the scheduler knows of a pod that it could not place. */
export interface Refusals {
  /** The fact that it fits on no node, or of what made it want one while it was not tried yet. */
  refusal(pod: PodId): CauseId;
}
