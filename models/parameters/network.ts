/** Round trips of a network that is well, and the limits that the vendor sets. */
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, type Parameter } from './parameter.ts';

export const network = {
  withinZone: duration(0.5 * MILLISECOND, 'Round trip between two machines in one zone.', ASSUMED),
  betweenZones: duration(
    MILLISECOND,
    'Round trip between two machines of one cluster in different zones of a region.',
    ASSUMED,
  ),
  toWorkers: duration(10 * MILLISECOND, 'Round trip between a control plane and its workers.', ASSUMED),
  requestTimeout: duration(
    10 * SECOND,
    'Round trip from which on requests time out, so that there might as well be no network.',
    'kubernetes/kubernetes cmd/kubelet/app/server.go (timeout of heartbeats); assumed for all others',
    SECOND,
  ),
  workersLimit: duration(
    200 * MILLISECOND,
    'Round trip between control plane and workers above which the vendor gives no support.',
    'OpenShift documentation, requirements for hosted control planes',
  ),
  membersLimit: duration(
    50 * MILLISECOND,
    'Round trip between etcd members that should not be exceeded (99th percentile).',
    'openshift/openshift-docs modules/recommended-etcd-practices.adoc',
  ),
} as const satisfies Record<string, Parameter>;
