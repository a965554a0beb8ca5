/** NodeHealthChecks of management clusters and what they set going. */
import { SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, type Parameter } from './parameter.ts';

export const remediation = {
  unhealthyAfter: duration(
    300 * SECOND,
    'How long a management node is not Ready until a NodeHealthCheck acts.',
    'medik8s NodeHealthCheck defaults (docs.openshift.com eco-node-health-check-operator)',
  ),
  minHealthy: {
    kind: 'ratio',
    default: 0.51,
    min: 0,
    doc: 'Share of the watched nodes that must be healthy for a NodeHealthCheck to act.',
    source: 'medik8s NodeHealthCheck defaults (docs.openshift.com eco-node-health-check-operator)',
  },
  rebootWait: duration(
    180 * SECOND,
    'How long self node remediation waits until a silent node must have rebooted.',
    'Red Hat, workload availability talk (2025)',
  ),
  fencing: duration(
    30 * SECOND,
    'How long fencing takes to switch a node off by its management board.',
    ASSUMED,
  ),
  recheck: duration(60 * SECOND, 'How often a remediation that could not act tries again.', ASSUMED, SECOND),
} as const satisfies Record<string, Parameter>;
