/**
 * A container that fails again and again: its kubelet starts it at once after the first failure and then waits 10 s, 20 s, 40 s and so
 * on up to 300 s before each further try (kubernetes/website pod-lifecycle.md). While it waits, the API shows the container as
 * Waiting with restarts, which is all that others see of the loop. Nothing ticks: where in the loop an instant falls is arithmetic.
 */

/** How a container fails and is tried again. Times in microseconds. */
export interface CrashLoopSpec {
  /** How long each try runs until it fails. */
  readonly failsAfter: number;
  /** The first wait. */
  readonly backoff: number;
  /** The longest wait. */
  readonly backoffMost: number;
  /** Restarts before the first failure that the kubelet has not forgotten: the waits go on where they were. Default 0. */
  readonly restarts?: number;
}

/** A wait between two tries, since the first failure, and how many restarts the kubelet remembers until it begins. */
interface Wait {
  readonly from: number;
  readonly to: number;
  readonly restarts: number;
}

/** How long a kubelet waits that has restarted the container so often. */
function waitAfter(restarts: number, { backoff, backoffMost }: CrashLoopSpec): number {
  return restarts === 0 ? 0 : Math.min(backoff * 2 ** (restarts - 1), backoffMost);
}

/** The wait that an instant falls into, or else the next one. */
function waitAt(since: number, spec: CrashLoopSpec): Wait {
  let from = 0;
  let restarts = spec.restarts ?? 0;
  let wait = waitAfter(restarts, spec);
  while (from + wait <= since && wait < spec.backoffMost) {
    from += wait + spec.failsAfter;
    wait = waitAfter(++restarts, spec);
  }
  const rounds = Math.max(0, Math.ceil((since - from - wait + 1) / (wait + spec.failsAfter)));
  from += rounds * (wait + spec.failsAfter);
  return { from, to: from + wait, restarts: restarts + rounds };
}

/** True when a container whose process first failed so long ago is Waiting, rather than being tried. */
export function isWaiting(since: number, spec: CrashLoopSpec): boolean {
  const { from, to } = waitAt(since, spec);
  return since >= from && to > from;
}

/**
 * The instant from which a container comes up that cannot before `possible`: it is being tried just then with time enough left, or at
 * its next try. Both counted since its first failure. Infinity when it always needs longer than a try lasts.
 * @param needed microseconds of a try without which it fails all the same
 */
export function comesUpFrom(possible: number, spec: CrashLoopSpec, needed = 0): number {
  if (needed > spec.failsAfter) return Number.POSITIVE_INFINITY;
  const { from, to } = waitAt(possible, spec);
  return possible < from && possible + needed <= from ? possible : to;
}

/** How often a container has been restarted so long after its first failure, as far as its kubelet remembers. */
export function restartsBy(since: number, spec: CrashLoopSpec): number {
  return waitAt(since, spec).restarts;
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
