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
} as const;
