/**
 * When a drain acts. `kubectl drain` tries refused evictions again every few seconds for as long as it runs. The machine config operator
 * runs it in attempts: each is given up after a while, and the next one begins after a pause, a longer one when the drain has been
 * failing for long (openshift/machine-config-operator pkg/controller/drain/drain_controller.go). All in microseconds.
 */

export interface DrainAttempts {
  /** How long one goes on. */
  readonly length: number;
  /** From the end of one to the beginning of the next. */
  readonly pause: number;
  /** An attempt that began later than this after the first is followed by the longer pause. */
  readonly slowAfter: number;
  readonly slowPause: number;
}

/**
 * The beginning of the attempt that goes on at a time, or of the next one when it is in a pause.
 * @param begun when the first attempt began
 */
export function attemptAt(begun: number, now: number, attempts: DrainAttempts): number {
  const { length, pause, slowAfter, slowPause } = attempts;
  const quick = length + pause;
  const since = now - begun;
  // The first attempt that is followed by the longer pause.
  const firstSlow = (Math.floor(slowAfter / quick) + 1) * quick;
  const [from, period] = since < firstSlow + length ? [0, quick] : [firstSlow, length + slowPause];
  const start = from + Math.floor((since - from) / period) * period;
  return begun + (since < start + length ? start : start + period);
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
