/**
 * Leases of the components of a hosted control plane: how long they last, in whose API they live, whether a holder that is stopped in good
 * order gives its own back, and what stops while nobody holds one.
 *
 * Components that run for the hosted cluster by its kubeconfig keep their lease there; those that act on objects of the management
 * cluster keep it there (openshift/hypershift v2/assets, control-plane-operator/main.go and hostedclusterconfigoperator/operator/config.go).
 * Times are OpenShift's convention but for kube-controller-manager and HyperShift's own operators. The convention asks holders to give the lease
 * back (openshift/enhancements CONVENTIONS.md); kube-controller-manager keeps client-go's default, which is not to.
 * machine-approver runs without election (openshift/cluster-machine-approver main.go).
 */
import type { LeaseTiming } from '../kubernetes/leadership.ts';

export interface ComponentLease {
  readonly timing: LeaseTiming;
  readonly api: 'hosted' | 'management';
  readonly releases: boolean;
  /** What stops while nobody holds it. */
  readonly without: string;
}

/** By the convention, in the API of the hosted cluster. */
export const led = (without: string): ComponentLease => ({
  timing: 'component',
  api: 'hosted',
  releases: true,
  without,
});
/** By the convention, in the API of the management cluster. */
export const ledFromManagement = (without: string): ComponentLease => ({
  ...led(without),
  api: 'management',
});
/** One of HyperShift's operators. */
export const operated = (without: string): ComponentLease => ({
  ...ledFromManagement(without),
  timing: 'operator',
});

export const CONTROLLER_MANAGER: ComponentLease = {
  timing: 'controllerManager',
  api: 'hosted',
  releases: false,
  without: 'silent nodes, endpoints, replacement of pods, signing of certificates',
};
export const SCHEDULER: ComponentLease = { ...led('pods get no node'), timing: 'scheduler' };
