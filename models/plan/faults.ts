/**
 * What happens to a fleet: injected events with their targets resolved to plain names, and to numbers among those that there are when it happens.
 * One member per event kind; the loader checks that every name exists and that no selector came up empty.
 */
import type { Micros } from '../../sim/time.ts';
import type { CountOrShare } from './fleet.ts';

interface Injected {
  readonly at: Micros;
  /** How long it lasts; undefined for what happens once or never ends. */
  readonly duration?: Micros;
  /** How the event is named in cause chains: `zoneOutage us-east-2a`. */
  readonly label: string;
  /**
   * What its targets are called where they are too many to name. The label then follows what it met when it happened; undefined: it stays as it is.
   */
  readonly noun?: string;
}

/** Pods and machines come and go, so an event says which it means and finds them when it happens. */
interface Searching extends Injected {
  /** So many of what it finds, always the first in the order of the fleet; undefined: all. */
  readonly only?: CountOrShare;
}

/** Management nodes lose power (kernel, kubelet and all pods with them). */
export interface NodeFailure extends Injected {
  readonly kind: 'nodeFailure';
  /** Names of management nodes. */
  readonly nodes: readonly string[];
  /** Further nodes, found when it happens: those on which these pods are placed then. */
  readonly hosting?: readonly HostedPods[];
  /** So long after the loss the Node objects are deleted, as cloud controllers and machine replacement do; undefined: never. */
  readonly deleteNodeAfter?: Micros;
  /** So long after the loss the nodes get the taint out-of-service; undefined: never. */
  readonly outOfServiceAfter?: Micros;
}

/** Somebody drains management nodes; with a duration, they take pods again when it is over. */
export interface NodeDrain extends Injected {
  readonly kind: 'nodeDrain';
  /** Names of management nodes. */
  readonly nodes: readonly string[];
  /** So long after it began a drain is given up with whatever is left on the node; undefined: never. */
  readonly timeout?: Micros;
}

/** Every machine in a zone or rack loses power. */
export interface PlaceOutage extends Injected {
  readonly kind: 'zoneOutage' | 'rackOutage';
  readonly places: readonly string[];
}

/** The control plane processes of management clusters stop; kubelets and all other pods go on. */
export interface ManagementControlPlaneOutage extends Injected {
  readonly kind: 'managementControlPlaneOutage';
  readonly managementClusters: readonly string[];
}

/** Members of the etcd of hosted clusters fail. */
export interface EtcdMemberFailure extends Injected {
  readonly kind: 'etcdMemberFailure';
  /**
   * process, the default: it stops and cannot be restarted while the fault lasts. data: its data is lost or corrupt, from when the fault begins until
   * the member gets a new volume, however long the fault lasts.
   */
  readonly failure?: 'process' | 'data';
  readonly members: readonly { readonly hostedCluster: string; readonly ordinal: number }[];
}

/**
 * Disks under etcd become slow: those of nodes (members with a volume bound to the node, and members of the management cluster), every
 * volume of storage classes, or those of single members. One of the three lists has entries.
 */
export interface SlowDisk extends Injected {
  readonly kind: 'slowDisk';
  /** How long one fsync takes; undefined: the disks do not answer at all. */
  readonly fsync?: Micros;
  readonly nodes: readonly string[];
  readonly storageClasses: readonly { readonly managementCluster: string; readonly name: string }[];
  readonly members: readonly { readonly hostedCluster: string; readonly ordinal: number }[];
}

/**
 * Control-plane pods fail. crash: their containers, restarted by their kubelet, and kept down while the fault lasts. delete: the pods are
 * deleted by the API, as in an eviction or a rollout, and their sets create others. While a crash of all pods of a component lasts, those that come crash, too.
 */
export interface PodFailure extends Searching {
  readonly kind: 'podFailure';
  /** Default crash. */
  readonly failure?: 'crash' | 'delete';
  readonly pods: readonly HostedPods[];
}

/** Konnectivity servers (sidecars of kube-apiserver) or the agents of workers stop while the API server goes on. */
export interface KonnectivityFailure extends Searching {
  readonly kind: 'konnectivityFailure';
  readonly side: 'server' | 'agent';
  /** Pods of kube-apiserver for servers; workers, counted within their hosted cluster, for agents. Without an ordinal all. */
  readonly targets: readonly { readonly hostedCluster: string; readonly ordinal?: number }[];
}

/** What stands in front of hosted APIs (load balancer, announced address, load balancer of the routers) lets nothing through. */
export interface LoadBalancerFailure extends Injected {
  readonly kind: 'loadBalancerFailure';
  readonly hostedClusters: readonly string[];
}

/** Workers of hosted clusters lose power. */
export interface WorkerFailure extends Searching {
  readonly kind: 'workerFailure';
  readonly workers: readonly PoolMachinesTarget[];
}

/** Somebody deletes the Machine objects of workers: each is drained and goes, and its MachineSet makes another. */
export interface MachineDeletion extends Searching {
  readonly kind: 'machineDeletion';
  readonly machines: readonly PoolMachinesTarget[];
}

/** One side of the network: everything in these places, these nodes, these management control planes, the workers of these clusters. */
export interface NetworkSide {
  readonly places: readonly string[];
  readonly nodes: readonly string[];
  readonly managementControlPlanes: readonly string[];
  /** Hosted clusters whose workers are meant. */
  readonly workers: readonly string[];
}

/** No packet passes between two sides; each side goes on by itself. */
export interface NetworkPartition extends Injected {
  readonly kind: 'networkPartition';
  readonly side: NetworkSide;
  /** undefined: everything that is not on the side. */
  readonly from?: NetworkSide;
}

/** A round trip between two sides takes so long. */
export interface NetworkLatency extends Injected {
  readonly kind: 'networkLatency';
  readonly side: NetworkSide;
  /** undefined: everything that is not on the side. */
  readonly from?: NetworkSide;
  readonly roundTrip: Micros;
}

/** Somebody deletes the claims and pods of etcd members of hosted clusters, for each to rejoin with an empty volume. */
export interface EtcdMemberReplacement extends Injected {
  readonly kind: 'etcdMemberReplacement';
  readonly members: readonly { readonly hostedCluster: string; readonly ordinal: number }[];
}

/** Reconciliation of hosted clusters or of node pools, or remediation of management nodes, stands still. */
export interface Pause extends Injected {
  readonly kind: 'pause';
  readonly hostedClusters: readonly string[];
  readonly nodePools: readonly { readonly hostedCluster: string; readonly nodePool: string }[];
  readonly managementClusters: readonly string[];
}

/** Where a snapshot to restore comes from; times in microseconds. */
export type SnapshotSource =
  /** A backup that was so old when the last write was lost. */
  | { readonly kind: 'age'; readonly age: Micros }
  /** The latest of backups that are made so often, at a phase drawn per hosted cluster. */
  | { readonly kind: 'every'; readonly every: Micros }
  /** The data of a member that still has it. */
  | { readonly kind: 'member' };

/** Somebody restores the etcd of hosted clusters from a snapshot, by the documented steps. */
export interface RestoreFromSnapshot extends Injected {
  readonly kind: 'restoreFromSnapshot';
  readonly hostedClusters: readonly string[];
  readonly snapshot: SnapshotSource;
}

/** Somebody moves hosted clusters to another management cluster, by the documented steps of a disaster recovery. */
export interface MoveHostedCluster extends Injected {
  readonly kind: 'moveHostedCluster';
  readonly hostedClusters: readonly string[];
  /** Name of the management cluster. */
  readonly to: string;
  readonly snapshot: SnapshotSource;
}

/** Somebody wants another number of machines in node pools, or of replicas of workloads; with a duration, as before afterwards. */
export interface Scale extends Injected {
  readonly kind: 'scale';
  readonly pools: readonly { readonly hostedCluster: string; readonly nodePool: string }[];
  readonly workloads: readonly { readonly hostedCluster: string; readonly workload: string }[];
  readonly replicas: number;
}

/** What can be brought to another release, each by its own mechanism and under its own rules. */
export const UPGRADE_SUBJECTS = [
  'hostedCluster',
  'nodePool',
  'managementCluster',
  'machineConfigPool',
  'operator',
] as const;
export type UpgradeSubject = (typeof UPGRADE_SUBJECTS)[number];

/** What can be changed of node pools at the release that they have: MachineConfigs, TunedProfiles, the platform of their machines. */
export const NODE_POOL_CHANGES = ['config', 'tuning', 'platform'] as const;

/**
 * What can be changed of hosted clusters at the release that they have, by their fields under spec: what their nodes are made from, so that all of their
 * node pools are rolled out (openshift/hypershift docs/content/reference/nodepool-rollouts.md).
 */
export const HOSTED_CLUSTER_CHANGES = [
  'pullSecret',
  'additionalTrustBundle',
  'imageContentSources',
  'configuration.proxy',
  'configuration.image',
] as const;
export type HostedClusterChange = (typeof HOSTED_CLUSTER_CHANGES)[number];

/** What people do to machine config pools of management clusters, which have the release of their cluster: their nodes stay as they are, or follow. */
export const MACHINE_CONFIG_POOL_CHANGES = ['pause', 'resume'] as const;

/** What can be changed without naming a release. */
export type UpgradeChange =
  | HostedClusterChange
  | (typeof NODE_POOL_CHANGES)[number]
  | (typeof MACHINE_CONFIG_POOL_CHANGES)[number];

/** Somebody asks for another release of something, or for something else that changes what runs there. */
export interface Upgrade extends Injected {
  readonly kind: 'upgrade';
  readonly subject: UpgradeSubject;
  /** `tenant-0`; node pools as `tenant-0/workers`, machine config pools as `mgmt/worker`; of an operator its management cluster. */
  readonly names: readonly string[];
  /** The release; of an operator its own version. undefined: another configuration of the release that there is, or a pause. */
  readonly to?: string;
  /** Hosted clusters, node pools and machine config pools without `to`: what is changed. */
  readonly change?: UpgradeChange;
  /** Hosted clusters: annotated with force-upgrade-to. Management clusters: asked for although another update goes on. */
  readonly force?: boolean;
}

/** Pods of one component of a hosted cluster: one of them, or all. */
export interface HostedPods {
  readonly hostedCluster: string;
  readonly component: string;
  /** Of a StatefulSet the pod of that ordinal; of a Deployment the one with so many before it, in the order of their numbers. undefined: every pod. */
  readonly ordinal?: number;
}

/** Machines of a node pool: one of them, or all. */
export interface PoolMachinesTarget {
  readonly hostedCluster: string;
  readonly nodePool: string;
  /** The one with so many before it, in the order of their numbers; undefined: every machine. */
  readonly ordinal?: number;
}

/** One pod by its own number. */
export interface PodTarget {
  readonly hostedCluster: string;
  readonly component: string;
  readonly ordinal: number;
}

export type Fault =
  | NodeFailure
  | NodeDrain
  | PlaceOutage
  | ManagementControlPlaneOutage
  | EtcdMemberFailure
  | SlowDisk
  | PodFailure
  | KonnectivityFailure
  | LoadBalancerFailure
  | WorkerFailure
  | MachineDeletion
  | NetworkPartition
  | NetworkLatency
  | EtcdMemberReplacement
  | Pause
  | RestoreFromSnapshot
  | MoveHostedCluster
  | Scale
  | Upgrade;

export type FaultKind = Fault['kind'];
