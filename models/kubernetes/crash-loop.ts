/**
 * A container that fails again and again: its kubelet starts it at once after the first failure and then waits 10 s, 20 s, 40 s and so
 * on up to 300 s before each further try (kubernetes/website pod-lifecycle.md). While it waits, the API shows the container as
 * Waiting with restarts, which is all that others see of the loop. Nothing ticks: where in the loop an instant falls is arithmetic.
 */

/** All in microseconds. */
export interface CrashLoopSpec {
  /** How long each try runs until it fails. */
  readonly failsAfter: number;
  /** The first wait. */
  readonly backoff: number;
  /** The longest wait. */
  readonly backoffMost: number;
}

/** The wait that an instant falls into, or else the next one: from when until when, since the first failure. */
function waitAt(since: number, { failsAfter, backoff, backoffMost }: CrashLoopSpec): [number, number] {
  let wait = Math.min(backoff, backoffMost);
  let from = failsAfter;
  while (from + wait <= since && wait < backoffMost) {
    from += wait + failsAfter;
    wait = Math.min(2 * wait, backoffMost);
  }
  const rounds = Math.max(0, Math.ceil((since - from - wait + 1) / (wait + failsAfter)));
  from += rounds * (wait + failsAfter);
  return [from, from + wait];
}

/** True when a container whose process first failed so long ago is Waiting, rather than being tried. */
export function isWaiting(since: number, spec: CrashLoopSpec): boolean {
  return since >= waitAt(since, spec)[0];
}

/** Instants that are tried until a loop counts as one that is never met while it waits. */
const MOST_LOOKS = 1000;

/**
 * The first of the instants `from`, `from + period`, ... at which the container is Waiting, all counted since its first failure;
 * Infinity when looks and waits are so timed that they never meet.
 */
export function firstSeenWaiting(from: number, period: number, spec: CrashLoopSpec): number {
  let instant = from;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    if (isWaiting(instant, spec)) return instant;
    instant += period;
  }
  return Number.POSITIVE_INFINITY;
}
