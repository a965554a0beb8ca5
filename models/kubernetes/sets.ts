/**
 * Deployments and StatefulSets: how many pods are wanted, and the two rules by which a lost one is replaced.
 *
 * A ReplicaSet ignores pods that are being deleted and creates the replacement at once. A StatefulSet pod (and a virtual machine)
 * has an identity: it is created again only when the old object is gone, and the object of a pod on a dead node does not go
 * while its kubelet is silent (kubernetes/kubernetes issue 54368; kubernetes/website node-shutdown.md).
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, ReleaseId, SetId } from '../ids.ts';
import type { Clusters } from './clusters.ts';

/** What a pod's init containers wait for before its process starts. */
export const WAITS_FOR = { nothing: 0, etcd: 1, api: 2 } as const;
export type WaitsFor = keyof typeof WAITS_FOR;

/** Required anti-affinity among the pods of a set, by host and by zone. */
export const SPREAD = {
  none: 0,
  preferredHost: 1,
  requiredHost: 2,
  requiredHostPreferredZone: 3,
  requiredHostAndZone: 4,
} as const;
export type Spread = keyof typeof SPREAD;

/**
 * How a Deployment gets another template: with so many pods more and so many fewer than wanted on the way, or all at once after the last of the
 * old ones is gone. StatefulSets have an order instead (`rolling-update.ts`).
 */
export type UpdateStrategy =
  | { readonly type: 'RollingUpdate'; readonly maxSurge: number; readonly maxUnavailable: number }
  | { readonly type: 'Recreate' };

/** What a Deployment has that says nothing, in pods of one replica: 25 % each, surge rounded up and unavailable down (k8s.io/api apps/v1). */
const DEFAULT_STRATEGY: UpdateStrategy = { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 };

export interface SetSpec {
  readonly name: string;
  /** The cluster in whose API the set lives. */
  readonly cluster: ClusterId;
  /** The hosted cluster that it serves, or NONE. */
  readonly serves: ClusterId | typeof NONE;
  /** Pods with an identity: etcd members, virtual machines. */
  readonly stateful: boolean;
  readonly replicas: number;
  readonly cpuMillis: number;
  readonly memoryMib: number;
  readonly priority: number;
  readonly spread: Spread;
  /** Prefers nodes where pods of the same hosted control plane are. */
  readonly colocated: boolean;
  /** Index of the placement class: tolerations, selectors, node affinity. */
  readonly placement: number;
  readonly waitsFor: WaitsFor;
  /** From started containers to Ready, microseconds. */
  readonly ready: number;
  /** How long a process that is told to stop goes on answering, microseconds. Default 0. */
  readonly shutdown?: number;
  /** From when it answers no more until the pod's object is gone, microseconds. */
  readonly exit: number;
  /** How long its pods tolerate an unreachable node, microseconds. */
  readonly toleration: number;
  /** What the pods are to the models: a role number. */
  readonly role: number;
  /** Claims a volume per pod. */
  readonly claims: boolean;
  /** Default: a quarter more, none fewer. */
  readonly strategy?: UpdateStrategy;
  /** The release of its pods' template. Workloads have none. */
  readonly template?: ReleaseId;
}

export class Sets {
  readonly table: Table<SetId>;
  readonly names: string[] = [];
  readonly cluster: I32Column<SetId, ClusterId>;
  readonly serves: I32Column<SetId, ClusterId>;
  readonly replicas: I32Column<SetId>;
  readonly stateful: U8Column<SetId>;
  readonly cpuMillis: I32Column<SetId>;
  readonly memoryMib: I32Column<SetId>;
  readonly priority: I32Column<SetId>;
  readonly spread: U8Column<SetId>;
  readonly colocated: U8Column<SetId>;
  readonly placement: I32Column<SetId>;
  readonly waitsFor: U8Column<SetId>;
  readonly ready: F64Column<SetId>;
  readonly shutdown: F64Column<SetId>;
  readonly exit: F64Column<SetId>;
  readonly toleration: F64Column<SetId>;
  readonly role: U8Column<SetId>;
  readonly claims: U8Column<SetId>;
  readonly maxSurge: I32Column<SetId>;
  readonly maxUnavailable: I32Column<SetId>;
  /** Strategy Recreate. */
  readonly recreates: U8Column<SetId>;
  /** The release that its pods are to have, and the one that those have which are not updated yet. */
  readonly template: I32Column<SetId, ReleaseId>;
  readonly formerTemplate: I32Column<SetId, ReleaseId>;
  /** How often the template was rendered anew without another release, of the one and of the other. */
  readonly revision: I32Column<SetId>;
  readonly formerRevision: I32Column<SetId>;
  /** Pods of the former template that are wanted: spec.replicas of the old ReplicaSets. */
  readonly formerReplicas: I32Column<SetId>;
  /** Sets in a cluster's API. */
  readonly ofCluster: Membership<ClusterId, SetId>;
  /** Sets that serve a hosted cluster: its control plane, and its own workloads. */
  readonly ofServed: Membership<ClusterId, SetId>;

  constructor(sim: Simulation, clusters: Clusters) {
    this.table = sim.table<SetId>('set', 64);
    const t = this.table;
    this.cluster = t.i32('cluster', NONE);
    this.serves = t.i32('serves', NONE);
    this.replicas = t.i32('replicas');
    this.stateful = t.u8('stateful');
    this.cpuMillis = t.i32('cpuMillis');
    this.memoryMib = t.i32('memoryMib');
    this.priority = t.i32('priority');
    this.spread = t.u8('spread');
    this.colocated = t.u8('colocated');
    this.placement = t.i32('placement');
    this.waitsFor = t.u8('waitsFor');
    this.ready = t.f64('ready');
    this.shutdown = t.f64('shutdown');
    this.exit = t.f64('exit');
    this.toleration = t.f64('toleration');
    this.role = t.u8('role');
    this.claims = t.u8('claims');
    this.maxSurge = t.i32('maxSurge');
    this.maxUnavailable = t.i32('maxUnavailable');
    this.recreates = t.u8('recreates');
    this.template = t.i32('template', NONE);
    this.formerTemplate = t.i32('formerTemplate', NONE);
    this.revision = t.i32('revision');
    this.formerRevision = t.i32('formerRevision');
    this.formerReplicas = t.i32('formerReplicas');
    this.ofCluster = new Membership('sets of cluster', clusters.table, t);
    this.ofServed = new Membership('sets of served cluster', clusters.table, t);
  }

  add(spec: SetSpec): SetId {
    const set = this.table.add();
    this.names[set] = spec.name;
    this.cluster.set(set, spec.cluster);
    this.serves.set(set, spec.serves);
    this.replicas.set(set, spec.replicas);
    this.stateful.set(set, spec.stateful ? 1 : 0);
    this.cpuMillis.set(set, spec.cpuMillis);
    this.memoryMib.set(set, spec.memoryMib);
    this.priority.set(set, spec.priority);
    this.spread.set(set, SPREAD[spec.spread]);
    this.colocated.set(set, spec.colocated ? 1 : 0);
    this.placement.set(set, spec.placement);
    this.waitsFor.set(set, WAITS_FOR[spec.waitsFor]);
    this.ready.set(set, spec.ready);
    this.shutdown.set(set, spec.shutdown ?? 0);
    this.exit.set(set, spec.exit);
    this.toleration.set(set, spec.toleration);
    this.role.set(set, spec.role);
    this.claims.set(set, spec.claims ? 1 : 0);
    this.#setStrategy(set, spec.strategy ?? DEFAULT_STRATEGY);
    this.template.set(set, spec.template ?? NONE);
    this.ofCluster.join(spec.cluster, set);
    if (spec.serves !== NONE) this.ofServed.join(spec.serves as ClusterId, set);
    return set;
  }

  #setStrategy(set: SetId, strategy: UpdateStrategy): void {
    const rolling = strategy.type === 'RollingUpdate';
    this.recreates.set(set, rolling ? 0 : 1);
    this.maxSurge.set(set, rolling ? strategy.maxSurge : 0);
    this.maxUnavailable.set(set, rolling ? strategy.maxUnavailable : 0);
  }

  /** A set without pods lives in another cluster's API from now on. */
  rehouse(set: SetId, cluster: ClusterId, placement: number): void {
    this.ofCluster.leave(set);
    this.ofCluster.join(cluster, set);
    this.cluster.set(set, cluster);
    this.placement.set(set, placement);
  }
}
