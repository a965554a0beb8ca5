/** The cluster autoscaler of hosted clusters whose node pools have autoScaling. */
import { HOUR, MINUTE, SECOND } from '../../sim/time.ts';
import { count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

const FAQ = 'kubernetes/autoscaler cluster-autoscaler/FAQ.md';
const HOW_TO = `${HYPERSHIFT} docs/content/how-to/autoscaling.md`;

export const autoscaler = {
  scanPeriod: duration(
    10 * SECOND,
    'How often the autoscaler looks at its cluster.',
    `${FAQ} (scan-interval)`,
    SECOND,
  ),
  provisionTimeout: duration(
    15 * MINUTE,
    'A new machine that has no Node after so long has failed: it is deleted and its pool left alone for a while.',
    `${HOW_TO} (maxNodeProvisionTime)`,
    SECOND,
  ),
  initialBackoff: duration(
    5 * MINUTE,
    'How long a pool is not scaled up after a failure; doubled at each further one.',
    `${FAQ} (initial-node-group-backoff-duration)`,
  ),
  maxBackoff: duration(
    30 * MINUTE,
    'The longest of these pauses.',
    `${FAQ} (max-node-group-backoff-duration)`,
  ),
  backoffReset: duration(
    3 * HOUR,
    'So long after the last pause the next one is short again.',
    `${FAQ} (node-group-backoff-reset-timeout)`,
  ),
  utilization: {
    kind: 'ratio',
    default: 0.5,
    min: 0,
    doc: 'A node is a candidate to go while its requested CPU and memory are both below this share of what it offers.',
    source: `${HOW_TO} (utilizationThresholdPercent)`,
  },
  unneeded: duration(
    10 * MINUTE,
    'How long a node is unneeded until it goes.',
    `${HOW_TO} (unneededDurationSeconds)`,
  ),
  delayAfterAdd: duration(
    10 * MINUTE,
    'No node goes so soon after a scale-up.',
    `${HOW_TO} (delayAfterAddSeconds)`,
  ),
  delayAfterFailure: duration(
    3 * MINUTE,
    'No node goes so soon after a scale-down that failed.',
    `${HOW_TO} (delayAfterFailureSeconds)`,
  ),
  evictionTimeout: duration(
    2 * MINUTE,
    'How long the autoscaler tries to empty a node; then the node stays.',
    `${FAQ} (max-pod-eviction-time)`,
    SECOND,
  ),
  evictionRetry: duration(
    10 * SECOND,
    'How often it tries a refused eviction again.',
    'kubernetes/autoscaler cluster-autoscaler/core/scaledown/actuation/drain.go (EvictionRetryTime)',
    SECOND,
  ),
  parallel: count(10, 'Nodes of a cluster that go at one time.', `${FAQ} (max-scale-down-parallelism)`),
  parallelDrains: count(1, 'How many of them may have pods to move.', `${FAQ} (max-drain-parallelism)`),
} as const satisfies Record<string, Parameter>;
