/** Labels and taints that place hosted control planes. Source: openshift/hypershift support/controlplane-component/defaults.go. */
export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';
export const REGION = 'topology.kubernetes.io/region';
/** Deprecated names that old listings still carry. */
export const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone';
export const OLD_REGION = 'failure-domain.beta.kubernetes.io/region';
export const WORKER_ROLE = 'node-role.kubernetes.io/worker';
export const CONTROL_PLANE_ROLE = 'node-role.kubernetes.io/control-plane';
export const MASTER_ROLE = 'node-role.kubernetes.io/master';
export const HOSTING = 'hypershift.openshift.io/control-plane';
export const DEDICATED = 'hypershift.openshift.io/cluster';
export const REQUEST_SERVING = 'hypershift.openshift.io/request-serving-component';
