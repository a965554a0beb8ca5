/**
 * The components of a hosted control plane: who runs, how often, how big, how important, what it waits for.
 * Read from HyperShift's own rendered manifests (openshift/hypershift @ 3ee9615567ac, control-plane-operator testdata and
 * support/controlplane-component), operands from openshift/cluster-network-operator and openshift/csi-operator.
 * CPU and memory are the sums of the containers' requests.
 */
import type { UpdateStrategy } from '../kubernetes/sets.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import {
  CONTROLLER_MANAGER,
  type ComponentLease,
  led,
  ledFromManagement,
  operated,
  SCHEDULER,
} from './component-lease.ts';
import type { Role } from './roles.ts';

export const PRIORITY = {
  operator: 100_003_000,
  etcd: 100_002_000,
  apiCritical: 100_001_000,
  controlPlane: 100_000_000,
  workload: 0,
} as const;

/** Replicas under HighlyAvailable: 3 for etcd and what the API hangs on, 2 for the rest, 1 where the manifest fixes it. */
export type HighlyAvailableReplicas = 1 | 2 | 3;

export interface Component {
  readonly name: string;
  readonly role: Role;
  readonly replicas: HighlyAvailableReplicas;
  readonly cpuMillis: number;
  readonly memoryMib: number;
  readonly priority: keyof typeof PRIORITY;
  /** Moves to the dedicated nodes in the request-serving topology, with 2 replicas. */
  readonly requestServing: boolean;
  /** Anti-affinity among replicas: by host and zone, by zone alone counts as both here, preferred by host, or none. */
  readonly spread: 'multi-zone' | 'preferred-host' | 'none';
  /** Its init container waits for kube-apiserver (availability-prober), kube-apiserver's for etcd. */
  readonly waitsFor: 'nothing' | 'etcd' | 'api';
  readonly stateful: boolean;
  /** It has a PodDisruptionBudget: seven components do. */
  readonly budget: boolean;
  /** Of several replicas one works, and after its end another one only when it holds the lease. Without one, all that run work. */
  readonly lease?: ComponentLease;
  /** Components that must be rolled out before this one; kube-apiserver before all that do not say otherwise. */
  readonly after: readonly string[];
  /** How its Deployment is updated where the replicas do not tell (`updateStrategyOf`). Default as Kubernetes has it. */
  readonly strategy?: 'Recreate' | 'noSurge';
  /**
   * Another component deploys it, when it has been rolled out itself, and is not done before. Without: the control plane operator does. Only what
   * that one deploys, or the HyperShift operator, waits for others by `after` (support/controlplane-component of openshift/hypershift).
   */
  readonly deployedBy?: string;
  /**
   * It keeps a ClusterOperator in the guest, and tells its release there when it and its operands have it: the cluster version operator
   * waits for that. Of the others hosted-cluster-config-operator tells what the release is to be, whatever runs.
   */
  readonly clusterOperator?: boolean;
  readonly when: (cluster: HostedClusterPlan) => boolean;
}

type Condition = Component['when'];

const always: Condition = () => true;
const on =
  (...platforms: HostedClusterPlan['platform'][]): Condition =>
  (cluster) =>
    platforms.includes(cluster.platform);
const not =
  (...platforms: HostedClusterPlan['platform'][]): Condition =>
  (cluster) =>
    !platforms.includes(cluster.platform);
const managedEtcd: Condition = (cluster) => cluster.etcd.management === 'Managed';
const managementCatalogs: Condition = (cluster) => cluster.olmCatalogPlacement === 'management';
const routed: Condition = (cluster) => cluster.router;
const encrypted: Condition = (cluster) => cluster.secretEncryption;
/** What the cluster network operator deploys for OVN-Kubernetes alone (openshift/cluster-network-operator pkg/network/render.go renderDefaultNetwork). */
const ovnKubernetes: Condition = (cluster) => cluster.network === 'OVNKubernetes';
/** Egress addresses are given to nodes by the clouds that can, for the networks that ask for them (pkg/network/cloud_network.go there). */
const egressAddresses: Condition = (cluster) =>
  on('AWS', 'Azure', 'GCP', 'OpenStack')(cluster) &&
  (cluster.network === 'OVNKubernetes' || cluster.network === 'OpenShiftSDN');

type Options = Partial<Omit<Component, 'name' | 'replicas' | 'cpuMillis' | 'memoryMib'>>;

const AFTER_API: readonly string[] = ['kube-apiserver'];
/** What waits for the OpenShift API as well (openshift/hypershift v2, the component.go of each). */
const afterOpenShift = { after: ['kube-apiserver', 'openshift-apiserver'] } as const;
const recreated = { strategy: 'Recreate' } as const;
/** Deployed by the HyperShift operator itself. */
const byOperator = { deployedBy: 'operator', after: [] } as const;
const by = (operator: string) => ({ deployedBy: operator, after: [] }) as const;
const byNetwork = by('cluster-network-operator');
const reporting = { clusterOperator: true } as const;

function component(
  name: string,
  replicas: HighlyAvailableReplicas,
  cpuMillis: number,
  memoryMib: number,
  options: Options = {},
): Component {
  return {
    name,
    role: 'other',
    replicas,
    cpuMillis,
    memoryMib,
    priority: 'controlPlane',
    requestServing: false,
    spread: replicas > 1 ? 'multi-zone' : 'none',
    waitsFor: 'api',
    stateful: false,
    budget: false,
    after: AFTER_API,
    when: always,
    ...options,
  };
}

const critical = { priority: 'apiCritical' } as const;
const budgeted = { budget: true } as const;
/** Waits for no other component, neither its pods nor its rollout. */
const independent = { waitsFor: 'nothing', after: [] } as const;
const cloudControllers = {
  role: 'cloud-controller-manager',
  lease: led('new nodes keep the taint uninitialized, load balancers are not changed'),
} as const;

export const COMPONENTS: readonly Component[] = [
  component('etcd', 3, 350, 850, {
    ...independent,
    ...budgeted,
    role: 'etcd',
    priority: 'etcd',
    stateful: true,
    when: managedEtcd,
  }),
  component('kube-apiserver', 3, 375, 2118, {
    ...critical,
    ...budgeted,
    role: 'kube-apiserver',
    requestServing: true,
    waitsFor: 'etcd',
    after: ['etcd'],
    when: not('AWS'),
  }),
  component('kube-apiserver', 3, 385, 2143, {
    ...critical,
    ...budgeted,
    role: 'kube-apiserver',
    requestServing: true,
    waitsFor: 'etcd',
    after: ['etcd'],
    when: on('AWS'),
  }),
  component('openshift-apiserver', 3, 125, 250, { ...critical, ...budgeted, role: 'openshift-apiserver' }),
  component('openshift-oauth-apiserver', 3, 175, 130, {
    ...critical,
    ...budgeted,
    ...afterOpenShift,
    role: 'openshift-oauth-apiserver',
  }),
  component('oauth-openshift', 3, 50, 110, {
    ...critical,
    ...budgeted,
    ...afterOpenShift,
    role: 'oauth-openshift',
    requestServing: true,
  }),
  component('packageserver', 3, 30, 290, {
    ...critical,
    ...budgeted,
    role: 'packageserver',
    when: not('IBMCloud'),
  }),
  component('packageserver', 2, 30, 290, {
    ...critical,
    ...budgeted,
    role: 'packageserver',
    when: on('IBMCloud'),
  }),
  component('router', 3, 50, 40, {
    ...critical,
    ...budgeted,
    ...independent,
    after: ['ignition-server'],
    role: 'router',
    requestServing: true,
    when: routed,
  }),
  component('kube-controller-manager', 2, 100, 600, {
    role: 'kube-controller-manager',
    lease: CONTROLLER_MANAGER,
  }),
  component('kube-scheduler', 2, 25, 150, { role: 'kube-scheduler', lease: SCHEDULER }),
  component('openshift-controller-manager', 2, 100, 100, {
    ...afterOpenShift,
    role: 'openshift-controller-manager',
    lease: led('builds, image triggers, deployment configs'),
  }),
  component('openshift-route-controller-manager', 2, 100, 100, {
    ...afterOpenShift,
    role: 'openshift-route-controller-manager',
    lease: led('routes of ingresses'),
  }),
  component('cluster-policy-controller', 2, 10, 200, {
    ...afterOpenShift,
    role: 'cluster-policy-controller',
    lease: led('new namespaces run no pods: they get no range of user ids'),
  }),
  component('konnectivity-agent', 2, 40, 50, { role: 'konnectivity-agent' }),
  component('ignition-server', 2, 10, 40, { ...independent, role: 'ignition-server' }),
  component('ignition-server-proxy', 2, 10, 20, {
    ...independent,
    after: ['ignition-server'],
    role: 'ignition-server-proxy',
    requestServing: true,
    when: not('IBMCloud'),
  }),
  component('kubevirt-cloud-controller-manager', 2, 75, 60, { ...cloudControllers, when: on('KubeVirt') }),
  component('control-plane-operator', 1, 20, 110, {
    ...independent,
    ...byOperator,
    role: 'control-plane-operator',
    lease: operated('changes of the control plane'),
  }),
  component('cluster-api', 1, 10, 40, {
    ...independent,
    ...byOperator,
    role: 'cluster-api',
    lease: ledFromManagement('machines are neither created nor replaced'),
  }),
  component('capi-provider', 1, 20, 130, {
    ...independent,
    ...byOperator,
    role: 'capi-provider',
    lease: ledFromManagement('machines are neither created nor replaced'),
    when: not('None', 'IBMCloud'),
  }),
  component('control-plane-pki-operator', 1, 10, 80),
  component('hosted-cluster-config-operator', 1, 60, 80, {
    ...recreated,
    role: 'hosted-cluster-config-operator',
    lease: operated('configuration in the hosted cluster'),
  }),
  component('cluster-version-operator', 1, 20, 70, afterOpenShift),
  component('cluster-network-operator', 1, 30, 160, {
    ...afterOpenShift,
    ...reporting,
    ...recreated,
    role: 'cluster-network-operator',
    lease: led('changes of the network configuration'),
  }),
  component('ingress-operator', 1, 30, 140, { ...afterOpenShift, ...reporting, ...recreated }),
  component('dns-operator', 1, 10, 29, { ...afterOpenShift, ...reporting }),
  component('cluster-storage-operator', 1, 10, 20, {
    ...afterOpenShift,
    ...reporting,
    when: not('IBMCloud', 'PowerVS'),
  }),
  component('csi-snapshot-controller-operator', 1, 10, 65, {
    ...afterOpenShift,
    ...reporting,
    when: not('IBMCloud', 'PowerVS'),
  }),
  component('cluster-node-tuning-operator', 1, 10, 50, { ...afterOpenShift, ...reporting }),
  component('cluster-image-registry-operator', 1, 30, 110, { ...afterOpenShift, ...reporting, ...recreated }),
  component('cloud-credential-operator', 1, 10, 75, { ...afterOpenShift, ...reporting, ...recreated }),
  component('cluster-autoscaler', 1, 10, 60, {
    role: 'cluster-autoscaler',
    lease: led('node pools are not scaled'),
  }),
  component('machine-approver', 1, 10, 50, { role: 'machine-approver' }),
  component('cloud-controller-manager', 1, 85, 90, {
    ...cloudControllers,
    ...recreated,
    when: on('AWS', 'Azure', 'GCP'),
  }),
  component('openstack-cloud-controller-manager', 1, 200, 50, { ...cloudControllers, when: on('OpenStack') }),
  component('powervs-cloud-controller-manager', 1, 75, 60, { ...cloudControllers, when: on('PowerVS') }),
  component('olm-operator', 1, 20, 190),
  component('catalog-operator', 1, 20, 110),
  component('certified-operators-catalog', 1, 10, 160, { ...afterOpenShift, when: managementCatalogs }),
  component('community-operators-catalog', 1, 10, 160, { ...afterOpenShift, when: managementCatalogs }),
  component('redhat-operators-catalog', 1, 10, 420, { ...afterOpenShift, when: managementCatalogs }),
  component('kube-storage-version-migrator', 1, 10, 200, { when: encrypted }),
  component('kubevirt-csi-controller', 1, 60, 300, { when: on('KubeVirt') }),
  component('ovnkube-control-plane', 2, 30, 240, {
    ...critical,
    ...byNetwork,
    strategy: 'noSurge',
    when: ovnKubernetes,
  }),
  // Whatever the network, but not where IBM Cloud hosts the API (openshift/cluster-network-operator pkg/platform/platform.go).
  component('network-node-identity', 3, 30, 130, {
    ...critical,
    ...byNetwork,
    strategy: 'noSurge',
    when: not('IBMCloud'),
  }),
  component('multus-admission-controller', 2, 20, 80, { ...byNetwork, spread: 'none' }),
  component('cloud-network-config-controller', 1, 10, 50, { ...byNetwork, when: egressAddresses }),
  component('aws-ebs-csi-driver-operator', 1, 10, 50, {
    ...by('cluster-storage-operator'),
    when: on('AWS'),
  }),
  component('aws-ebs-csi-driver-controller', 2, 120, 410, {
    ...by('aws-ebs-csi-driver-operator'),
    strategy: 'noSurge',
    spread: 'preferred-host',
    when: on('AWS'),
  }),
  component('csi-snapshot-controller', 2, 10, 50, {
    ...by('csi-snapshot-controller-operator'),
    spread: 'preferred-host',
    when: not('IBMCloud', 'PowerVS'),
  }),
];

/** Names of the components, for selectors and explanations. */
export const COMPONENT_NAMES: readonly string[] = [...new Set(COMPONENTS.map((entry) => entry.name))];

/** Requests of the defragmentation sidecar that etcd gets under HighlyAvailable. */
const DEFRAG = { cpuMillis: 10, memoryMib: 50 } as const;

/**
 * How the Deployment of a component is updated (openshift/hypershift support/controlplane-component/deployment.go): of three pods one goes first, of
 * two one comes first, and those of request-serving ones may do either. What another operator deploys, or runs once, has its own way.
 */
export function updateStrategyOf(component: PlacedComponent): UpdateStrategy {
  const rolling = (maxSurge: number, maxUnavailable: number): UpdateStrategy => ({
    type: 'RollingUpdate',
    maxSurge,
    maxUnavailable,
  });
  if (component.strategy === 'Recreate') return { type: 'Recreate' };
  if (component.strategy === 'noSurge') return rolling(0, 1);
  if (component.wanted === 3) return rolling(0, 1);
  return rolling(1, component.wanted === 2 && component.requestServing ? 1 : 0);
}

/** How many pods of a component there can be at one time; 0 for one that is switched off. */
export function mostPods(component: PlacedComponent): number {
  const strategy = updateStrategyOf(component);
  if (component.wanted === 0 || component.stateful || strategy.type === 'Recreate') return component.wanted;
  return component.wanted + strategy.maxSurge;
}

/** One component as one hosted cluster runs it. */
export interface PlacedComponent extends Component {
  /** Pods wanted. */
  readonly wanted: number;
}

/**
 * The components of one hosted cluster with their replicas (support/controlplane-component/defaults.go): 1 under SingleReplica, 2 for
 * request-serving ones in the dedicated topology, else as the table says; 0 for those that the debug annotation switches off.
 */
export function componentsOf(cluster: HostedClusterPlan): PlacedComponent[] {
  const single = cluster.controllerAvailabilityPolicy === 'SingleReplica';
  return COMPONENTS.filter((entry) => entry.when(cluster)).map((entry) => {
    const dedicated = entry.requestServing && cluster.isolation === 'DedicatedRequestServing';
    const replicas = single ? 1 : dedicated ? 2 : entry.replicas;
    const wanted = cluster.disabledComponents.includes(entry.name) ? 0 : replicas;
    const extra = entry.role === 'etcd' && !single ? DEFRAG : { cpuMillis: 0, memoryMib: 0 };
    return {
      ...entry,
      wanted,
      cpuMillis: entry.cpuMillis + extra.cpuMillis,
      memoryMib: entry.memoryMib + extra.memoryMib,
    };
  });
}
