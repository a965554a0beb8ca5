/**
 * Node pools of hosted clusters: how many machines somebody wants, and how Cluster API makes and deletes them.
 *
 * The HyperShift operator passes the wish on, Cluster API and its provider beside the hosted control plane act on it: all that needs the
 * management API. A new machine is provisioned, then wants its ignition configuration and a certificate from the hosted control
 * plane, and joins when it gets them. A machine that goes is drained first, through the hosted API, as long as nodeDrainTimeout
 * says (openshift/hypershift hypershift-operator/controllers/nodepool; kubernetes-sigs/cluster-api docs, machine deletion process).
 *
 * Machines are slots of their pool: a new one takes the lowest free slot and its name.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PoolId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Drains } from '../kubernetes/drain.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Orphans } from '../kubernetes/orphans.ts';
import { Wishes, type WishId } from '../kubernetes/wishes.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';

/** The life of a machine. */
const STATE = {
  absent: 0,
  /** Its infrastructure is being made. */
  provisioning: 1,
  /** It asks for its ignition configuration. */
  joining: 2,
  /** It has been given what it needs. */
  joined: 3,
  /** It is being drained. */
  draining: 4,
  /** Its infrastructure is to be deleted. */
  leaving: 5,
} as const;

export interface PoolSpec {
  readonly name: string;
  readonly cluster: ClusterId;
  readonly replicas: number;
  /** From the creation of a machine until it asks for its ignition, microseconds. */
  readonly provision: number;
  /** Longest drain of a machine, microseconds; 0 waits for ever. */
  readonly drainTimeout: number;
  /** Machines are pods of the management cluster; provisioning goes on when theirs runs. */
  readonly virtual: boolean;
}

/** What pools ask of the control planes that act for them. */
export interface PoolAuthority {
  /** The HyperShift operator passes on how many machines are wanted. */
  canSpecify(cluster: ClusterId): boolean;
  /** Cluster API and its provider run, and the management API answers. */
  canScale(cluster: ClusterId): boolean;
  /** A machine gets its ignition configuration and its certificate. */
  canJoin(machine: NodeId): boolean;
}

export class NodePools {
  readonly table: Table<PoolId>;
  /** Unique within a cluster. */
  readonly names: string[] = [];
  readonly ofCluster: Membership<ClusterId, PoolId>;
  /** Slots for machines, in the order of their ordinals. */
  readonly slots: Membership<PoolId, NodeId>;
  readonly wishes: Wishes<PoolId>;
  readonly #provision: F64Column<PoolId>;
  readonly #drainTimeout: F64Column<PoolId>;
  readonly #virtual: U8Column<PoolId>;
  /** Replicas of its MachineDeployment: the last wish that the operator passed on. */
  readonly #specified: I32Column<PoolId>;
  /** Reasons for the pool to stand still (pausedUntil). */
  readonly #pauses: I32Column<PoolId>;
  /** Annotated to be deleted before any other machine of its pool. */
  readonly #marked: U8Column<NodeId>;
  readonly #state: U8Column<NodeId>;
  readonly #why: I32Column<NodeId, CauseId>;
  readonly #poolWhy: I32Column<PoolId, CauseId>;
  /** Something of the cluster could not be done; it is looked at again when anything changes that it may lack. */
  readonly #waits: U8Column<ClusterId>;
  readonly #provisioned: Timer<NodeId>;
  readonly #review: Timer<ClusterId>;
  readonly #createdFact: FactKind;
  readonly #deletedFact: FactKind;

  /** A machine of the pool came into being or is gone: its slot is taken or free. */
  readonly created = new Signal<[node: NodeId]>();
  readonly deleted = new Signal<[node: NodeId]>();
  /** The infrastructure of a new machine is ready: it asks for its ignition for the first time. */
  readonly provisioned = new Signal<[node: NodeId]>();
  /** The pool no longer stands still. */
  readonly resumed = new Signal<[pool: PoolId]>();
  authority: PoolAuthority = { canSpecify: () => true, canScale: () => true, canJoin: () => true };

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly orphans: Orphans,
    readonly drains: Drains,
    readonly parameters: ParameterValues,
  ) {
    this.table = sim.table<PoolId>('node pool');
    this.ofCluster = new Membership('node pools of cluster', clusters.table, this.table);
    this.slots = new Membership('slots of node pool', this.table, machines.table);
    this.wishes = new Wishes(sim, 'machines', this.table);
    this.#provision = this.table.f64('provision');
    this.#drainTimeout = this.table.f64('drainTimeout');
    this.#virtual = this.table.u8('virtual');
    this.#specified = this.table.i32('specified');
    this.#pauses = this.table.i32('pauses');
    this.#poolWhy = this.table.i32('scaledBecause', BEGINNING);
    this.#marked = machines.table.u8('deleteMachine');
    this.#state = machines.table.u8('machineState', STATE.absent);
    this.#why = machines.table.i32('machineBecause', BEGINNING);
    this.#waits = clusters.table.u8('poolsWait');
    this.#provisioned = new Timer(sim, machines.table, 'machine-provisioned', 'control', (node) =>
      this.#hasInfrastructure(node),
    );
    this.#review = new Timer(sim, clusters.table, 'pools-reviewed', 'control', (cluster) =>
      this.#reviewCluster(cluster),
    );
    this.#createdFact = sim.factKind('machine-created');
    this.#deletedFact = sim.factKind('machine-deleted');
    drains.drained.subscribe((node) => this.#drained(node));
    orphans.deleted.subscribe((node) => this.#wake(machines.cluster.at(node)));
  }

  /** A pool with its first machines, joined long ago; their slots are entered next, in order. */
  add(spec: PoolSpec): PoolId {
    const pool = this.table.add();
    this.names[pool] = spec.name;
    this.ofCluster.join(spec.cluster, pool);
    this.#provision.set(pool, spec.provision);
    this.#drainTimeout.set(pool, spec.drainTimeout);
    this.#virtual.set(pool, spec.virtual ? 1 : 0);
    this.wishes.begin(pool, spec.replicas);
    this.#specified.set(pool, spec.replicas);
    return pool;
  }
  enter(pool: PoolId, node: NodeId): void {
    this.slots.join(pool, node);
    this.#state.set(node, this.machines.exists(node) ? STATE.joined : STATE.absent);
  }

  /** The machine is wanted: it is there, or will be. */
  wanted(node: NodeId): boolean {
    return this.slots.parent(node) === NONE || this.#state.at(node) !== STATE.absent;
  }
  /** Machines of a pool that are there or on their way, those that go not counted. */
  count(pool: PoolId): number {
    let count = 0;
    for (let node = this.slots.first(pool); node !== NONE; node = this.slots.next(node))
      if (this.stays(node)) count++;
    return count;
  }

  /** Machines of a pool that no health check would call healthy: without a node that is Ready, or being deleted. */
  unhealthy(pool: PoolId): number {
    let count = 0;
    for (let node = this.slots.first(pool); node !== NONE; node = this.slots.next(node)) {
      const well = this.#state.at(node) === STATE.joined && this.#hasReadyNode(node);
      if (this.#state.at(node) !== STATE.absent && !well) count++;
    }
    return count;
  }
  /** The machine is there or on its way, and nobody has it deleted. */
  stays(node: NodeId): boolean {
    const state = this.#state.at(node);
    return state !== STATE.absent && state < STATE.draining;
  }

  /** The pool stands still: no machine of it is made, deleted or replaced. */
  paused(pool: PoolId): boolean {
    return this.#pauses.at(pool) > 0;
  }
  pause(pool: PoolId): void {
    this.#pauses.add(pool, 1);
  }
  resume(pool: PoolId): void {
    if (this.#pauses.add(pool, -1) > 0) return;
    this.#reconcile(pool);
    this.resumed.emit(pool);
  }

  scale(pool: PoolId, replicas: number): WishId {
    const wish = this.wishes.utter(pool, replicas);
    this.#wished(pool);
    return wish;
  }
  withdraw(wish: WishId): void {
    this.#wished(this.wishes.withdraw(wish));
  }
  /** Whoever keeps the size of the pool writes it into its MachineDeployment; the operator leaves that alone then. */
  resize(pool: PoolId, replicas: number): void {
    this.wishes.begin(pool, replicas);
    this.#specified.set(pool, replicas);
    this.#wished(pool);
  }
  /** Makes the pool smaller by this machine: it is annotated, and goes before any other. */
  remove(node: NodeId): void {
    const pool = this.slots.parent(node);
    this.#marked.set(node, 1);
    this.resize(pool, this.wishes.of(pool) - 1);
  }

  /** Something changed that scaling or joining in the cluster may have lacked. */
  reconsider(cluster: ClusterId): void {
    if (this.clusters.isHosted(cluster)) this.#wake(cluster);
    else
      for (let hosted = 0 as ClusterId; hosted < this.clusters.count; hosted++)
        if (this.clusters.host.at(hosted) === cluster) this.#wake(hosted);
  }

  #wake(cluster: ClusterId): void {
    if (this.#waits.at(cluster) === 1 && !this.#review.armed(cluster)) this.#review.after(cluster, 0);
  }

  #wished(pool: PoolId): void {
    this.#poolWhy.set(pool, this.sim.cause);
    this.#reconcile(pool);
  }

  #reviewCluster(cluster: ClusterId): void {
    this.#waits.set(cluster, 0);
    for (const pool of this.ofCluster.list(cluster)) {
      this.#reconcile(pool);
      for (const node of this.slots.list(pool)) {
        if (this.#state.at(node) === STATE.joining) this.#ask(node);
        if (this.#state.at(node) === STATE.leaving) this.#deleteInfrastructure(node);
      }
    }
  }

  #reconcile(pool: PoolId): void {
    if (this.paused(pool)) return;
    const cluster = this.ofCluster.parent(pool);
    this.#specify(pool, cluster);
    const surplus = this.count(pool) - this.#specified.at(pool);
    if (surplus === 0) return;
    if (!this.authority.canScale(cluster)) {
      this.#waits.set(cluster, 1);
      return;
    }
    const outer = this.sim.enter(this.#poolWhy.at(pool));
    if (surplus < 0) this.#create(pool, -surplus);
    else for (const node of this.#victims(pool).slice(0, surplus)) this.#delete(node);
    this.sim.leave(outer);
  }

  #specify(pool: PoolId, cluster: ClusterId): void {
    const wish = this.wishes.of(pool);
    if (wish === this.#specified.at(pool)) return;
    if (this.authority.canSpecify(cluster)) this.#specified.set(pool, wish);
    else this.#waits.set(cluster, 1);
  }

  // --- machines that come -------------------------------------------------------------------------------------------

  #create(pool: PoolId, wanted: number): void {
    const free = this.slots.list(pool).filter((node) => this.#free(node));
    if (free.length < wanted) this.#waits.set(this.ofCluster.parent(pool), 1);
    for (const node of free.slice(0, wanted)) {
      this.#state.set(node, STATE.provisioning);
      this.#marked.set(node, 0);
      this.drains.uncordon(node);
      this.#why.set(node, this.sim.emit(this.#createdFact, node));
      const outer = this.sim.enter(this.#why.at(node));
      this.machines.appear(node);
      if (this.#virtual.at(pool) === 0) this.#provisioned.after(node, this.#provision.at(pool));
      this.created.emit(node);
      this.sim.leave(outer);
    }
  }

  /** A slot is taken for as long as the Node object of its last machine stands. */
  #free(node: NodeId): boolean {
    return this.#state.at(node) === STATE.absent && !this.lifecycle.registered(node);
  }

  /**
   * The pod of a virtual machine began or ceased to run.
   * @returns true when that is a matter of provisioning, false when the machine has joined and its power simply comes and goes
   */
  hostChanged(node: NodeId, runs: boolean): boolean {
    const state = this.#state.at(node);
    if (state !== STATE.provisioning && state !== STATE.joining) return state === STATE.absent;
    this.#state.set(node, STATE.provisioning);
    if (runs) this.#provisioned.after(node, this.#provision.at(this.slots.parent(node)));
    else this.#provisioned.cancel(node);
    return true;
  }

  #hasInfrastructure(node: NodeId): void {
    this.provisioned.emit(node);
    this.#ask(node);
  }

  /** The machine asks for its ignition configuration, again and again until it gets it. */
  #ask(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    const outer = this.sim.enter(this.#why.at(node));
    if (this.authority.canJoin(node)) {
      this.#state.set(node, STATE.joined);
      this.machines.replace(node, this.parameters.nodePool.join);
    } else {
      this.#state.set(node, STATE.joining);
      this.#waits.set(cluster, 1);
    }
    this.sim.leave(outer);
  }

  // --- machines that go ---------------------------------------------------------------------------------------------

  /** Whom a MachineSet deletes first under the policy Random: marked ones, machines without a healthy node, then any (machineset_delete_policy.go). */
  #victims(pool: PoolId): NodeId[] {
    const stream = this.sim.streams.stream('machine-deletion', this.machines.key(this.slots.first(pool)));
    return this.slots
      .list(pool)
      .filter((node) => this.stays(node))
      .map((node) => ({ node, last: this.#lastInLine(node), draw: stream.uniform() }))
      .sort((a, b) => a.last - b.last || a.draw - b.draw)
      .map(({ node }) => node);
  }

  /**
   * A health check has a machine deleted. Its MachineSet no longer counts it and makes another at once; the drain of the sick one, which
   * holds up nobody but itself, is left out.
   */
  remediate(node: NodeId): void {
    const pool = this.slots.parent(node);
    this.#provisioned.cancel(node);
    this.#why.set(node, this.sim.cause);
    this.#poolWhy.set(pool, this.sim.cause);
    this.#deleteInfrastructure(node);
    this.#reconcile(pool);
  }

  #delete(node: NodeId): void {
    this.#provisioned.cancel(node);
    const hasNode = this.#state.at(node) === STATE.joined && this.lifecycle.registered(node);
    this.#why.set(node, this.sim.cause);
    if (!hasNode) {
      this.#deleteInfrastructure(node);
      return;
    }
    this.#state.set(node, STATE.draining);
    this.drains.begin(node, {
      retry: this.parameters.nodePool.drainRetry,
      timeout: this.#drainTimeout.at(this.slots.parent(node)),
      skipUnreachable: this.parameters.nodePool.drainSkipUnreachable,
    });
  }

  #drained(node: NodeId): void {
    if (this.#state.at(node) !== STATE.draining) return;
    this.#why.set(node, this.sim.cause);
    this.#deleteInfrastructure(node);
  }

  #deleteInfrastructure(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    if (!this.authority.canScale(cluster)) {
      this.#state.set(node, STATE.leaving);
      this.#waits.set(cluster, 1);
      return;
    }
    const outer = this.sim.enter(this.#why.at(node));
    this.sim.enter(this.sim.emit(this.#deletedFact, node));
    this.#state.set(node, STATE.absent);
    this.deleted.emit(node);
    this.machines.vanish(node);
    this.orphans.deleteAfter(node, 0);
    this.sim.leave(outer);
  }

  #lastInLine(node: NodeId): number {
    if (this.#marked.at(node) === 1) return 0;
    return this.#hasReadyNode(node) ? 2 : 1;
  }
  #hasReadyNode(node: NodeId): boolean {
    return this.lifecycle.registered(node) && this.lifecycle.ready(node);
  }
}
