/** Machine health checks of node pools with autoRepair. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const machineHealthCheck = {
  timeout: duration(
    8 * MINUTE,
    'How long a worker is not Ready until autoRepair replaces its machine.',
    `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
  ),
  timeoutBareMetal: duration(
    16 * MINUTE,
    'The same on the Agent and None platforms.',
    `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
  ),
  maxUnhealthy: count(
    2,
    'Sick workers of a pool up to which autoRepair acts.',
    `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
    0,
  ),
  recheck: duration(30 * SECOND, 'How often a check that could not act tries again.', ASSUMED, SECOND),
  provision: duration(
    5 * MINUTE,
    'From the replacement of a machine to the kubelet of the new one.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
