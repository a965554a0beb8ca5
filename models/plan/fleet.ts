/**
 * What a fleet is, fully spelled out: every default taken, every count expanded, every name unique.
 * The scenario loader produces it, the world is built from it. Plain data; lists are in the order in which the user wrote them.
 */
import type { DiskPerformance } from './disk-performance.ts';
import type { Platform } from './platforms.ts';

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
  /** Cordoned: spec.unschedulable. */
  readonly unschedulable: boolean;
  /** Runs the management control plane (etcd member, kube-apiserver, controller manager, scheduler). */
  readonly controlPlane: boolean;
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
  readonly nodes: readonly NodePlan[];
  readonly storageClasses: readonly StorageClassPlan[];
  /** Name of the class that a claim without a class gets; one of storageClasses. */
  readonly defaultStorageClass: string;
  /** What a NodeHealthCheck does about its workers. */
  readonly remediation: RemediationMethod;
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

export interface NodePoolPlan {
  readonly name: string;
  /** Machines at the beginning; with autoScaling within its bounds. */
  readonly replicas: number;
  /** undefined: the pool has as many machines as people say. */
  readonly autoScaling?: AutoScalingPlan | undefined;
  readonly upgradeType: 'Replace' | 'InPlace';
  readonly release: string;
  /** Zones of the workers, dealt round; empty: the workers stand outside every zone of the fleet. */
  readonly zones: readonly string[];
  readonly machine: Allocatable;
  readonly autoRepair: boolean;
  /** pausedUntil: the pool stands still from the beginning. */
  readonly paused: boolean;
  /** Longest drain of a machine that goes, microseconds; 0 waits for ever. */
  readonly nodeDrainTimeout: number;
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

/** A PodDisruptionBudget. */
export interface BudgetPlan {
  readonly bound: 'minAvailable' | 'maxUnavailable';
  /** Pods, or with `relative` a share of those wanted, 0 to 1. */
  readonly amount: number;
  readonly relative: boolean;
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
}

export interface HostedClusterPlan {
  readonly name: string;
  /** Namespace of the HostedCluster object. */
  readonly namespace: string;
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
