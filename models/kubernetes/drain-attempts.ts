/**
 * When a drain acts. `kubectl drain` tries refused evictions again every few seconds for as long as it runs. Controllers run it in attempts: each is
 * given up after a while, and the next one begins after a pause. All in microseconds.
 */

import type { ParameterValues } from '../parameters.ts';

/** Who drains, and how he finds out that the node is empty. */
export const DRAINERS = [
  'kubectl',
  'clusterAPI',
  'clusterAutoscaler',
  'machineConfigOperator',
  'inPlaceUpgrader',
] as const;
export type Drainer = (typeof DRAINERS)[number];

export interface DrainAttempts {
  /** How long one goes on. */
  readonly length: number;
  /** From the end of one to the beginning of the next: after the first, the second ... and the last for all that follow. At least one. */
  readonly pauses: readonly number[];
}

/**
 * The machine config operator pauses for the same time after each attempt, and longer once the drain has been failing for long
 * (openshift/machine-config-operator pkg/controller/drain/drain_controller.go).
 * @param slowAfter an attempt that began later than this after the first is followed by the longer pause
 */
export function steadyAttempts(
  length: number,
  pause: number,
  slowAfter: number,
  slowPause: number,
): DrainAttempts {
  const quick = Math.floor(slowAfter / (length + pause)) + 1;
  return { length, pauses: [...Array.from({ length: quick }, () => pause), slowPause] };
}

/** The first delay of a failed reconcile (k8s.io/client-go util/workqueue default_rate_limiters.go): 5 ms. */
const FIRST_BACK_OFF = 5_000;

/**
 * A controller whose reconcile fails backs off, twice as long each time.
 * @param longest no pause is longer
 */
export function backingOffAttempts(length: number, longest: number): DrainAttempts {
  const pauses: number[] = [];
  for (let pause = FIRST_BACK_OFF; pause < longest; pause *= 2) pauses.push(pause);
  return { length, pauses: [...pauses, longest] };
}

/** Those who drain in attempts. */
export type AttemptsOf = Readonly<Partial<Record<Drainer, DrainAttempts>>>;

export function attemptsOf({ managementUpdate, nodePool }: ParameterValues): AttemptsOf {
  const { drainAttempt, drainPause, drainSlowAfter, drainSlowPause } = managementUpdate;
  return {
    machineConfigOperator: steadyAttempts(drainAttempt, drainPause, drainSlowAfter, drainSlowPause),
    inPlaceUpgrader: backingOffAttempts(nodePool.inPlaceDrainAttempt, nodePool.inPlaceDrainPause),
  };
}

/**
 * The beginning of the attempt that goes on at a time, or of the next one when it is in a pause.
 * @param begun when the first attempt began
 */
export function attemptAt(begun: number, now: number, { length, pauses }: DrainAttempts): number {
  let start = begun;
  for (const pause of pauses) {
    if (now < start + length) return start;
    start += length + pause;
  }
  const period = length + pauses.at(-1)!;
  const passed = Math.max(0, Math.floor((now - start) / period));
  start += passed * period;
  return now < start + length ? start : start + period;
}

/**
 * The next try of a refused eviction.
 * @param retry from one try to the next within an attempt
 * @param attempts undefined: one attempt that never ends
 */
export function nextTry(
  begun: number,
  now: number,
  retry: number,
  attempts: DrainAttempts | undefined,
): number {
  if (attempts === undefined) return begun + (Math.floor((now - begun) / retry) + 1) * retry;
  const start = attemptAt(begun, now, attempts);
  if (start > now) return start;
  const next = start + (Math.floor((now - start) / retry) + 1) * retry;
  return next < start + attempts.length ? next : attemptAt(begun, start + attempts.length, attempts);
}
