/** Upgrades of hosted clusters: what takes time beside the rollouts of pods, and from which release on rules are others. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, type Parameter, ratio } from './parameter.ts';

export const upgrade = {
  infrastructure: duration(
    MINUTE,
    'From the creation of a hosted cluster until its load balancers have their addresses, for which its control plane waits.',
    ASSUMED,
  ),
  featureGates: duration(
    20 * SECOND,
    'From a new release until the Job that generates its feature gates is done, for which kube-apiserver waits.',
    ASSUMED,
  ),
  payload: duration(
    5 * MINUTE,
    'How long the cluster version operator of a hosted cluster takes to apply a release to the guest, while the API answers.',
    ASSUMED,
  ),
  daemonPod: duration(
    30 * SECOND,
    'From the deletion of a pod of a DaemonSet on a worker until its successor is ready.',
    ASSUMED,
  ),
  daemonsUnavailable: ratio(
    0.1,
    'Share of the workers, rounded up, on which a DaemonSet of the platform may be updated at a time.',
    'openshift/hypershift hostedclusterconfigoperator/controllers/resources/konnectivity/reconcile.go; openshift/cluster-network-operator bindata/network/ovn-kubernetes/managed/ovnkube-node.yaml',
  ),
  statefulSetsWaitFrom: count(
    99,
    'Minor release of a management cluster from which the update of a StatefulSet waits for every pod that is not ready, on the scale on which 5.0 is 23. Kubernetes 1.36 does so by default, OpenShift 5.1 leaves it off: by default no release does.',
    'openshift/api payload-manifests/featuregates/featureGate-5-10-SelfManagedHA-Default.yaml (MaxUnavailableStatefulSet)',
  ),
} as const satisfies Record<string, Parameter>;
