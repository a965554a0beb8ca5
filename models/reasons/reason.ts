/** What a reason is: a pod and what is the matter with it, as a number and in words. */
import type { CauseId } from '../../sim/facts.ts';
import type { SetId } from '../ids.ts';

/** What a service waits for, in words about the pod concerned. In order of progress: the last is closest to doing its part. */
const REASONS = {
  noPod: () => 'no such pod exists',
  scaledDown: (_pod: string, set: string) => `${set} still scaled to 0`,
  noAgent: () => 'no Konnectivity agent to reach the data plane through',
  terminating: (pod: string) => `${pod} Terminating on a lost node`,
  stopping: (pod: string) => `${pod} is told to stop`,
  pending: (pod: string) => `${pod} Pending`,
  containerDown: (pod: string) => `${pod} down`,
  backingOff: (pod: string) => `${pod} waits in CrashLoopBackOff`,
  onLostNode: (pod: string) => `${pod} on a lost node`,
  creating: (pod: string) => `${pod} being created`,
  waiting: (pod: string) => `${pod} waits in its init container`,
  starting: (pod: string) => `${pod} starting`,
  unlisted: (pod: string) => `${pod} not listed as an endpoint`,
  unfound: (pod: string) => `no agent has found the Konnectivity server of ${pod} yet`,
  unsought: (pod: string) =>
    `no agent has a link to the Konnectivity server of ${pod}, and none looks for one: agents of this release have to be restarted`,
  etcdConnections: (pod: string) => `${pod} waits on dead connections to etcd`,
  electing: () => 'etcd elects a leader',
  cutOff: (pod: string) => `${pod} cut off from its etcd`,
  cutOffFromApi: (pod: string) => `${pod} cut off from the API`,
  unreached: (pod: string) => `${pod} cut off from those who are sent to it`,
  stale: (pod: string) => `endpoint of ${pod} stale`,
  staleAlone: (pod: string) => `endpoint of ${pod} stale, the others are being replaced`,
  staleToo: (pod: string) => `endpoint of ${pod} stale, the others wait on dead connections to etcd`,
  cutOffToo: (pod: string) => `${pod} cut off from its etcd, the others wait on dead connections to it`,
} as const;

const NAMES = Object.keys(REASONS) as readonly (keyof typeof REASONS)[];
/** Reasons as numbers, in their order. */
export const REASON = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Readonly<
  Record<keyof typeof REASONS, number>
>;

export interface Reason {
  readonly set: SetId;
  readonly ordinal: number;
  readonly reason: number;
  /** The fact that it follows from, where that is known better than by what was just happening. */
  readonly cause?: CauseId;
}

/** Pod and reason in one number, for facts and comparison. */
export function encodeReason({ ordinal, reason }: Reason): number {
  return ordinal * NAMES.length + reason;
}

/** An encoded reason in words. */
export function tellReason(set: string, code: number): string {
  return REASONS[NAMES[code % NAMES.length]!](`${set}-${Math.floor(code / NAMES.length)}`, set);
}

/** A reason that no pod stands for: only the fact that it follows from. */
export interface PlainCause {
  readonly cause: CauseId;
}
