/** Recovery of a broken etcd member by the HyperShift operator, and what its container and its new volume cost. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

const JOB = `${HYPERSHIFT} etcd-recovery/etcdrecovery.go`;
const OPERATOR = `${HYPERSHIFT} hypershift-operator/controllers/hostedcluster/etcd_recovery.go`;
const BACKOFF = 'kubernetes/website content/en/docs/concepts/workloads/controllers/job.md';

export const etcdRecovery = {
  check: duration(
    10 * SECOND,
    'How often the operator looks at an etcd that is not fully available.',
    OPERATOR,
    SECOND,
  ),
  poll: duration(30 * SECOND, 'How often a recovery Job asks whether etcd is healthy.', JOB, SECOND),
  wait: duration(5 * MINUTE, 'How long one try of a recovery Job waits for a healthy etcd.', JOB, SECOND),
  backoffLimit: count(
    10,
    'Failed tries after which a recovery Job is tried once more and then failed.',
    OPERATOR,
    0,
  ),
  retry: duration(10 * SECOND, 'Pause before the second try of a Job; doubles each time.', BACKOFF, SECOND),
  retryMost: duration(6 * MINUTE, 'Longest pause between two tries of a Job.', BACKOFF, SECOND),
  provision: duration(10 * SECOND, 'From a new claim to a volume that can be attached.', ASSUMED),
} as const satisfies Record<string, Parameter>;
