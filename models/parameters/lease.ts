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
  componentDuration: duration(
    137 * SECOND,
    'Lease of every other component with a leader.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  componentRenew: duration(
    107 * SECOND,
    'Renew deadline of every other component with a leader.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  componentRetry: duration(
    26 * SECOND,
    'Retry period of every other component with a leader.',
    'openshift/enhancements CONVENTIONS.md',
    SECOND,
  ),
  operatorDuration: duration(
    60 * SECOND,
    'Lease of HyperShift operator, control-plane-operator and hosted-cluster-config-operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
  operatorRenew: duration(
    40 * SECOND,
    'Renew deadline of HyperShift operator, control-plane-operator and hosted-cluster-config-operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
  operatorRetry: duration(
    15 * SECOND,
    'Retry period of HyperShift operator, control-plane-operator and hosted-cluster-config-operator.',
    `${HYPERSHIFT} hypershift-operator/main.go`,
    SECOND,
  ),
} as const satisfies Record<string, Parameter>;
