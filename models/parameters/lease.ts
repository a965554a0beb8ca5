/** Leases of the leaders. */
import { SECOND } from '../../sim/time.ts';
import { duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const lease = {
  controllerManagerDuration: duration(
    15 * SECOND,
    'Lease of kube-controller-manager.',
    'Kubernetes default',
    SECOND,
  ),
  controllerManagerRenew: duration(
    12 * SECOND,
    'Renew deadline of kube-controller-manager.',
    `${HYPERSHIFT} v2/assets/kube-controller-manager/deployment.yaml`,
    SECOND,
  ),
  controllerManagerRetry: duration(
    3 * SECOND,
    'Retry period of kube-controller-manager.',
    `${HYPERSHIFT} v2/assets/kube-controller-manager/deployment.yaml`,
    SECOND,
  ),
  schedulerDuration: duration(
    137 * SECOND,
    'Lease of kube-scheduler.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  schedulerRenew: duration(
    107 * SECOND,
    'Renew deadline of kube-scheduler.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  schedulerRetry: duration(
    26 * SECOND,
    'Retry period of kube-scheduler.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  operatorDuration: duration(
    60 * SECOND,
    'Lease of the HyperShift operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
  operatorRenew: duration(
    40 * SECOND,
    'Renew deadline of the HyperShift operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
  operatorRetry: duration(
    15 * SECOND,
    'Retry period of the HyperShift operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
} as const satisfies Record<string, Parameter>;
