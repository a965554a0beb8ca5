/**
 * The components of a hosted control plane by name, and how many replicas of each a hosted cluster runs.
 * Source: openshift/hypershift, control-plane-operator v2 components and support/controlplane-component/defaults.go
 * (DefaultReplicas); operands from openshift/cluster-network-operator and openshift/csi-operator.
 */
import type { HostedClusterPlan } from './fleet.ts';
import type { Platform } from './platforms.ts';

/** etcd and the API-critical components: 3 replicas when HighlyAvailable. */
const THREE = [
  'etcd',
  'kube-apiserver',
  'openshift-apiserver',
  'openshift-oauth-apiserver',
  'oauth-openshift',
  'packageserver',
  'router',
  'network-node-identity',
] as const;

/** 2 replicas when HighlyAvailable. */
const TWO = [
  'kube-controller-manager',
  'kube-scheduler',
  'openshift-controller-manager',
  'openshift-route-controller-manager',
  'cluster-policy-controller',
  'konnectivity-agent',
  'ignition-server',
  'ignition-server-proxy',
  'kubevirt-cloud-controller-manager',
  'ovnkube-control-plane',
  'multus-admission-controller',
  'aws-ebs-csi-driver-controller',
  'csi-snapshot-controller',
] as const;

/** One replica under every policy. */
const ONE = [
  'control-plane-operator',
  'cluster-api',
  'capi-provider',
  'control-plane-pki-operator',
  'hosted-cluster-config-operator',
  'cluster-version-operator',
  'cluster-network-operator',
  'ingress-operator',
  'dns-operator',
  'cluster-storage-operator',
  'csi-snapshot-controller-operator',
  'cluster-node-tuning-operator',
  'cluster-image-registry-operator',
  'cloud-credential-operator',
  'cluster-autoscaler',
  'machine-approver',
  'aws-cloud-controller-manager',
  'azure-cloud-controller-manager',
  'gcp-cloud-controller-manager',
  'openstack-cloud-controller-manager',
  'powervs-cloud-controller-manager',
  'olm-operator',
  'catalog-operator',
  'certified-operators-catalog',
  'community-operators-catalog',
  'redhat-operators-catalog',
  'kube-storage-version-migrator',
  'kubevirt-csi-controller',
  'cloud-network-config-controller',
  'aws-ebs-csi-driver-operator',
] as const;

export type ComponentName = (typeof THREE)[number] | (typeof TWO)[number] | (typeof ONE)[number];

export const COMPONENT_NAMES: readonly ComponentName[] = [...THREE, ...TWO, ...ONE];

const REQUEST_SERVING: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'oauth-openshift',
  'router',
  'ignition-server-proxy',
]);

const ONLY_ON: Readonly<Partial<Record<ComponentName, readonly Platform[]>>> = {
  'kubevirt-cloud-controller-manager': ['KubeVirt'],
  'kubevirt-csi-controller': ['KubeVirt'],
  'aws-cloud-controller-manager': ['AWS'],
  'azure-cloud-controller-manager': ['Azure'],
  'gcp-cloud-controller-manager': ['GCP'],
  'openstack-cloud-controller-manager': ['OpenStack'],
  'powervs-cloud-controller-manager': ['PowerVS'],
  'aws-ebs-csi-driver-operator': ['AWS'],
  'aws-ebs-csi-driver-controller': ['AWS'],
  'cloud-network-config-controller': ['AWS', 'Azure', 'GCP', 'OpenStack'],
};

const NEVER_ON: Readonly<Partial<Record<ComponentName, readonly Platform[]>>> = {
  router: ['IBMCloud'],
  'ignition-server-proxy': ['IBMCloud'],
  'cluster-storage-operator': ['IBMCloud', 'PowerVS'],
};

function deployed(cluster: HostedClusterPlan, component: ComponentName): boolean {
  if (cluster.disabledComponents.includes(component)) return false;
  if (ONLY_ON[component]?.includes(cluster.platform) === false) return false;
  if (NEVER_ON[component]?.includes(cluster.platform) === true) return false;
  if (component === 'etcd') return cluster.etcd.management === 'Managed';
  if (component === 'router') return cluster.router;
  if (component === 'kube-storage-version-migrator') return cluster.secretEncryption;
  if (component.endsWith('-operators-catalog')) return cluster.olmCatalogPlacement === 'management';
  return true;
}

/** Replicas of a component in a hosted cluster; 0 when the cluster does not have it. */
export function componentReplicas(cluster: HostedClusterPlan, component: ComponentName): number {
  if (!deployed(cluster, component)) return 0;
  if (cluster.controllerAvailabilityPolicy === 'SingleReplica') return 1;
  if (REQUEST_SERVING.has(component) && cluster.isolation === 'DedicatedRequestServing') return 2;
  if (component === 'packageserver' && cluster.platform === 'IBMCloud') return 2;
  if ((THREE as readonly string[]).includes(component)) return 3;
  return (TWO as readonly string[]).includes(component) ? 2 : 1;
}
