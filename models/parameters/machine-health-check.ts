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
  startupTimeout: duration(
    20 * MINUTE,
    'How long a new machine may take to have a node, from its creation and again from when its infrastructure is ready.',
    `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go (nodeStartupTimeout)`,
    SECOND,
  ),
} as const satisfies Record<string, Parameter>;
