/**
 * What a fleet is, fully spelled out: every default taken, every count expanded, every name unique.
 * The scenario loader produces it, the world is built from it. Plain data; lists are in the order in which the user wrote them.
 */
import type { DiskPerformance } from './disk-performance.ts';
import type { ManagementPlatform, Platform } from './platforms.ts';

/** A number of something, or with `relative` a share of what is wanted, 0 to 1. Who rounds says how. */
export interface CountOrShare {
  readonly amount: number;
  readonly relative: boolean;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface Toleration {
  /** Empty with operator Exists: tolerates everything. */
  readonly key: string;
  readonly operator: 'Equal' | 'Exists';
  readonly value: string;
  /** Empty: every effect. */
  readonly effect: '' | Taint['effect'];
  /** NoExecute only: how long the pod stays; undefined is forever. */
  readonly tolerationSeconds?: number;
}

/** What a machine offers to pods. */
export interface Allocatable {
  /** Millicores. */
  readonly cpuMillis: number;
  /** Mebibytes. */
  readonly memoryMib: number;
  /** maxPods. */
  readonly pods: number;
}

/** A management node. Workers of hosted clusters are described by their pool instead. */
export interface NodePlan {
  readonly name: string;
  /** Zone by its plain name; empty when the node carries no zone label. */
  readonly zone: string;
  /** Rack within the zone; empty when unknown. */
  readonly rack: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly allocatable: Allocatable;
  /** From power to a kubelet that heartbeats, microseconds; undefined: as machines of the platform do. */
  readonly boot?: number | undefined;
  /** Cordoned: spec.unschedulable. */
  readonly unschedulable: boolean;
  /** Runs the management control plane (etcd member, kube-apiserver, controller manager, scheduler). */
  readonly controlPlane: boolean;
  /** Name of the MachineConfigPool that updates it; one of machineConfigPools. */
  readonly machineConfigPool: string;
}

/** A MachineConfigPool: nodes of a management cluster that take a new machine configuration together. */
export interface MachineConfigPoolPlan {
  readonly name: string;
  /** Nodes that may be unavailable at a time while it updates. */
  readonly maxUnavailable: CountOrShare;
  /** spec.paused: its nodes stay as they are from the beginning. */
  readonly paused: boolean;
}

/** What installs and drives hosted control planes, by how its versions are counted. */
export interface OperatorPlan {
  /** The multicluster engine brings a HyperShift operator; a HyperShift operator by itself is named by the latest OpenShift minor that it supports. */
  readonly product: 'MCE' | 'HyperShift';
  /** `2.10` of the multicluster engine, `4.20` of a HyperShift operator. */
  readonly version: string;
}

export interface StorageClassPlan {
  readonly name: string;
  /** Where a volume can be attached: only in its zone, only on its node, or anywhere. */
  readonly binding: 'zone' | 'node' | 'free';
  /** How fast its volumes make writes durable. */
  readonly performance: DiskPerformance;
}

/** What is done about a management node that stays silent. */
export type RemediationMethod = 'none' | 'self-node-remediation' | 'fence-agents';

export interface ManagementClusterPlan {
  readonly name: string;
  /** OpenShift version, `4.20` or `4.20.3`. */
  readonly version: string;
  readonly platform: ManagementPlatform;
  readonly nodes: readonly NodePlan[];
  readonly storageClasses: readonly StorageClassPlan[];
  /** Name of the class that a claim without a class gets; one of storageClasses. */
  readonly defaultStorageClass: string;
  /** What a NodeHealthCheck does about its workers. */
  readonly remediation: RemediationMethod;
  /** In the order written; the first is that of the control-plane nodes. */
  readonly machineConfigPools: readonly MachineConfigPoolPlan[];
  readonly operator: OperatorPlan;
  /** Replicas of the HyperShift operator. */
  readonly operatorReplicas: number;
}

export type AvailabilityPolicy = 'HighlyAvailable' | 'SingleReplica';
export type Isolation = 'SharedEverything' | 'DedicatedRequestServing' | 'SharedNothing';
export type PublishedService = 'APIServer' | 'OAuthServer' | 'Konnectivity' | 'Ignition' | 'OIDC';
export type PublishingStrategy = 'LoadBalancer' | 'NodePort' | 'Route' | 'S3' | 'None';

export interface EtcdPlan {
  /** Managed etcd runs as pods of the control plane; unmanaged is somebody else's, and never fails here unless told to. */
  readonly management: 'Managed' | 'Unmanaged';
  /** Storage class of the claims; empty for the management cluster's default class. */
  readonly storageClass: string;
  /** Size of a claim in MiB. */
  readonly volumeMib: number;
}

/** Bounds within which the cluster autoscaler keeps a pool. */
export interface AutoScalingPlan {
  readonly min: number;
  readonly max: number;
}

/** What an image is built for. */
export type Architecture = 'amd64' | 'arm64' | 'ppc64le' | 's390x';

/** How a node pool replaces or updates its machines. */
export interface PoolRolloutPlan {
  /** Replace only: OnDelete waits for somebody to delete each old machine. */
  readonly strategy: 'RollingUpdate' | 'OnDelete';
  /** Replace only: machines beyond those wanted; a share is rounded up. */
  readonly maxSurge: CountOrShare;
  /** Machines that may be missing; a share is rounded down, with InPlace to 1 at least. */
  readonly maxUnavailable: CountOrShare;
}

export interface NodePoolPlan extends PoolRolloutPlan {
  readonly name: string;
  /** Machines at the beginning; with autoScaling within its bounds. */
  readonly replicas: number;
  /** undefined: the pool has as many machines as people say. */
  readonly autoScaling?: AutoScalingPlan | undefined;
  readonly upgradeType: 'Replace' | 'InPlace';
  /** OpenShift version, or an unparsable release image kept as written. */
  readonly release: string;
  readonly arch: Architecture;
  /** Zones of the workers, dealt round; empty: the workers stand outside every zone of the fleet. */
  readonly zones: readonly string[];
  readonly machine: Allocatable;
  /** From power to a kubelet that heartbeats, microseconds; undefined: as machines of the platform do. */
  readonly boot?: number | undefined;
  readonly autoRepair: boolean;
  /** pausedUntil: the pool stands still from the beginning. */
  readonly paused: boolean;
  /** Longest drain of a machine that goes, microseconds; 0 waits for ever. */
  readonly nodeDrainTimeout: number;
  /** Agent only: hosts that machines of the pool can be, those in use among them; undefined: as many as are ever wanted. */
  readonly agents?: number | undefined;
  /** KubeVirt only: labels that a management node must carry to run the pool's virtual machines. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** KubeVirt only: how root volumes can be attached. Only what several nodes can attach at once can be migrated live. */
  readonly rootVolume: { readonly accessMode: AccessMode };
}

export type AccessMode = 'ReadWriteOnce' | 'ReadWriteMany';

/** One topology spread constraint of a workload on its own pods. */
export interface SpreadConstraint {
  readonly by: 'zone' | 'host';
  /** Largest difference of pods between two domains, 1 or more. */
  readonly maxSkew: number;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
}

/** A PodDisruptionBudget: pods, or a share of those wanted. */
export interface BudgetPlan extends CountOrShare {
  readonly bound: 'minAvailable' | 'maxUnavailable';
  readonly unhealthyPods: 'AlwaysAllow' | 'IfHealthyBudget';
}

/** A replicated application in a hosted cluster. */
export interface WorkloadPlan {
  readonly name: string;
  readonly replicas: number;
  /** Requests of one replica. */
  readonly cpuMillis: number;
  readonly memoryMib: number;
  readonly spread: readonly SpreadConstraint[];
  /** undefined: any of its pods may be evicted at any time. */
  readonly budget?: BudgetPlan | undefined;
  /** Its replicas do nothing without a valid token for the API of their cluster. Default false. */
  readonly needsApi?: boolean;
  /** How long its processes go on serving once they are told to end, microseconds. Default 0. */
  readonly shutdown?: number;
  /** terminationGracePeriodSeconds of its pods: who has not ended by then is killed; microseconds. Default that of Kubernetes. */
  readonly terminationGracePeriod?: number;
}

/**
 * How long pods of a workload that are deleted go on, microseconds: until their processes end, or are killed
 * (kubernetes/website concepts/workloads/pods/pod-lifecycle.md, pod termination; preStop hooks count).
 */
export function shutdownOf({
  shutdown = 0,
  terminationGracePeriod = TERMINATION_GRACE_PERIOD,
}: WorkloadPlan): number {
  return Math.min(shutdown, terminationGracePeriod);
}
/** kubernetes/api core/v1/types.go DefaultTerminationGracePeriodSeconds: 30 s in microseconds. */
export const TERMINATION_GRACE_PERIOD = 30_000_000;

/** spec.networking.networkType. */
export const NETWORK_TYPES = ['OVNKubernetes', 'OpenShiftSDN', 'Calico', 'Other'] as const;
export type NetworkType = (typeof NETWORK_TYPES)[number];

/** What decides about upgrades of a hosted cluster, besides the versions. */
export interface UpgradePolicyPlan {
  readonly network: NetworkType;
  /** featureSet TechPreviewNoUpgrade. */
  readonly techPreview: boolean;
  /** Condition ClusterVersionUpgradeable: false when an operator of the hosted cluster says it must not leave its minor. */
  readonly upgradeable: boolean;
  /** Annotation force-upgrade-to: the release that goes in although the cluster is not upgradeable; empty without it. */
  readonly forceUpgradeTo: string;
  /** Annotation skip-release-image-validation. */
  readonly skipReleaseValidation: boolean;
  /** spec.controlPlaneRelease: release of the components on the management side alone; empty when it is that of the cluster. */
  readonly controlPlaneRelease: string;
  /** What its release image is built for. */
  readonly payload: 'multi' | Architecture;
}

export interface HostedClusterPlan extends UpgradePolicyPlan {
  readonly name: string;
  /** Namespace of the HostedCluster object. */
  readonly namespace: string;
  /** Labels of the HostedCluster object; default none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Name of the management cluster that hosts it. */
  readonly managementCluster: string;
  /** OpenShift version, or an unparsable release image kept as written. */
  readonly release: string;
  readonly platform: Platform;
  readonly controllerAvailabilityPolicy: AvailabilityPolicy;
  readonly infrastructureAvailabilityPolicy: AvailabilityPolicy;
  readonly isolation: Isolation;
  readonly etcd: EtcdPlan;
  readonly services: Readonly<Partial<Record<PublishedService, PublishingStrategy>>>;
  /** Fixed DNS name in the publishing strategy of kube-apiserver; empty without one. */
  readonly apiHostname: string;
  /** True when the HAProxy router of the control plane is deployed (private, or kube-apiserver published by Route). */
  readonly router: boolean;
  /** Where the OLM catalogs run. */
  readonly olmCatalogPlacement: 'management' | 'guest';
  /** True when some identity provider must be reached through the data plane. */
  readonly oauthNeedsDataPlane: boolean;
  /** True when some webhook with failurePolicy Fail runs in the data plane. */
  readonly failClosedWebhooks: boolean;
  readonly secretEncryption: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** Components scaled to zero by the debug-deployments annotation. */
  readonly disabledComponents: readonly string[];
  /** Extra required labels for isolated request-serving pods. */
  readonly requestServingNodeSelector: Readonly<Record<string, string>>;
  /** pausedUntil: nothing is reconciled from the beginning. */
  readonly paused: boolean;
  readonly nodePools: readonly NodePoolPlan[];
  readonly workloads: readonly WorkloadPlan[];
}

/** Something stands in front of the nodes through which the hosted API is entered. */
export function hasLoadBalancer({ services }: Pick<HostedClusterPlan, 'services'>): boolean {
  return services.APIServer !== 'NodePort';
}

/** Zones and racks outside-in: a zone's parent is its region. */
export interface PlacePlan {
  readonly name: string;
  readonly kind: 'region' | 'zone' | 'rack';
  /** Name of the place around it; empty at the top. */
  readonly parent: string;
}

export interface FleetPlan {
  readonly name: string;
  readonly places: readonly PlacePlan[];
  readonly managementClusters: readonly ManagementClusterPlan[];
  readonly hostedClusters: readonly HostedClusterPlan[];
  /** Remarks for the reader: what was assumed, what was accepted with a note. */
  readonly notes: readonly string[];
}

/** Namespace of a hosted control plane on its management cluster: dots of the name become dashes. */
export function controlPlaneNamespace(cluster: Pick<HostedClusterPlan, 'namespace' | 'name'>): string {
  return `${cluster.namespace}-${cluster.name.replaceAll('.', '-')}`;
}

/** The storage class of a hosted cluster's etcd: its own or the default of its management cluster; undefined when that has none such. */
export function etcdStorageClass(
  { managementCluster, etcd }: Pick<HostedClusterPlan, 'managementCluster' | 'etcd'>,
  { managementClusters }: Pick<FleetPlan, 'managementClusters'>,
): StorageClassPlan | undefined {
  if (etcd.management === 'Unmanaged') return undefined;
  const host = managementClusters.find(({ name }) => name === managementCluster);
  const wanted = etcd.storageClass === '' ? host?.defaultStorageClass : etcd.storageClass;
  return host?.storageClasses.find(({ name }) => name === wanted);
}
