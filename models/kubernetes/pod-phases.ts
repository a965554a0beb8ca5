/** The life of a pod's process, from no node to work and down. */
export const PHASE = {
  /** Wants a node. */
  pending: 0,
  /** Bound; containers are being started. */
  creating: 1,
  /** Init containers wait for what the process needs. */
  waiting: 2,
  /** The process runs but is not ready yet. */
  starting: 3,
  /** The process does its work. */
  running: 4,
  /** The process does not run: its machine is off, or its container is held down by a fault. */
  down: 5,
} as const;
