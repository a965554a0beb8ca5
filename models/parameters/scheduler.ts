/** kube-scheduler. */
import { SECOND } from '../../sim/time.ts';
import { duration, type Parameter, rate } from './parameter.ts';

export const scheduler = {
  podsPerSecond: rate(
    60,
    'Binding rate of one scheduler: the rate that upstream CI demands with required pod anti-affinity.',
    'kubernetes/kubernetes test/integration/scheduler_perf/affinity performance-config.yaml',
    0.01,
  ),
  initialBackoff: duration(
    SECOND,
    'First back-off of an unschedulable pod.',
    'kubernetes/kubernetes scheduling_queue.go',
  ),
  maxBackoff: duration(10 * SECOND, 'Longest back-off.', 'kubernetes/kubernetes scheduling_queue.go'),
} as const satisfies Record<string, Parameter>;
