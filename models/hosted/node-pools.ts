/**
 * Node pools of hosted clusters: how many machines somebody wants, made from what, and how Cluster API gets there.
 *
 * The HyperShift operator passes wishes and templates on, Cluster API and its provider beside the hosted control plane act on them: all that
 * needs the management API. A MachineDeployment turns them into numbers of machines (`machine-rollout.ts`), its MachineSets make and
 * delete them (`pool-machines.ts`); a pool that is updated in place is a MachineSet by itself
 * (openshift/hypershift hypershift-operator/controllers/nodepool).
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, MachineSetId, NodeId, PoolId, ReleaseId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Drains } from '../kubernetes/drain.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Orphans } from '../kubernetes/orphans.ts';
import { Wishes, type WishId } from '../kubernetes/wishes.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { NodePoolPlan, PoolRolloutPlan } from '../plan/fleet.ts';
import { Signal } from '../signal.ts';
import { type MachineSetScale, rollOut, rollOutOnDelete, rolloutBounds } from './machine-rollout.ts';
import { MachineSets, type MachineTemplate } from './machine-sets.ts';
import { type MachineAuthority, type MachineSpec, PoolMachines } from './pool-machines.ts';

/** How a pool gets another template. */
export interface PoolRollout extends PoolRolloutPlan {
  readonly upgradeType: NodePoolPlan['upgradeType'];
}

export interface PoolSpec extends MachineSpec {
  readonly name: string;
  readonly cluster: ClusterId;
  readonly replicas: number;
  readonly release: ReleaseId;
  readonly rollout: PoolRollout;
}

/** What pools ask of the control planes that act for them. */
export interface PoolAuthority extends MachineAuthority {
  /** The HyperShift operator passes on how many machines are wanted. */
  canSpecify(cluster: ClusterId): boolean;
}

export class NodePools {
  readonly table: Table<PoolId>;
  /** Unique within a cluster. */
  readonly names: string[] = [];
  readonly #rollouts: PoolRollout[] = [];
  readonly ofCluster: Membership<ClusterId, PoolId>;
  readonly sets: MachineSets;
  readonly life: PoolMachines;
  readonly wishes: Wishes<PoolId>;
  /** Replicas of its MachineDeployment: the last wish that the operator passed on. */
  readonly #specified: I32Column<PoolId>;
  /** The operator refuses what people wrote into the pool (ValidReleaseImage=False). */
  readonly #refused: U8Column<PoolId>;
  /** Reasons for the pool to stand still (pausedUntil). */
  readonly #pauses: I32Column<PoolId>;
  readonly #why: I32Column<PoolId, CauseId>;
  readonly #review: Timer<ClusterId>;
  readonly #again: Timer<PoolId>;

  /** The pool no longer stands still. */
  readonly resumed = new Signal<[pool: PoolId]>();
  /** Cluster API has looked at the pool, and done what it could; nothing where the pool stands still. */
  readonly reconciled = new Signal<[pool: PoolId]>();
  /** Something that scaling or joining in the cluster may have lacked has come, and was tried again. */
  readonly reviewed = new Signal<[cluster: ClusterId]>();
  #authority: PoolAuthority = { canSpecify: () => true, canScale: () => true, canJoin: () => true };

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    orphans: Orphans,
    drains: Drains,
    parameters: ParameterValues,
  ) {
    this.table = sim.table<PoolId>('node pool');
    this.ofCluster = new Membership('node pools of cluster', clusters.table, this.table);
    this.sets = new MachineSets(sim, this.table, machines.table);
    this.wishes = new Wishes(sim, 'machines', this.table);
    this.#specified = this.table.i32('specified');
    this.#refused = this.table.u8('refused');
    this.#pauses = this.table.i32('pauses');
    this.#why = this.table.i32('scaledBecause', BEGINNING);
    this.life = new PoolMachines(
      sim,
      this.table,
      this.sets,
      machines,
      lifecycle,
      orphans,
      drains,
      parameters,
    );
    this.#review = new Timer(sim, clusters.table, 'pools-reviewed', 'control', (cluster) =>
      this.#reviewCluster(cluster),
    );
    this.#again = new Timer(sim, this.table, 'pool-reconciled', 'control', (pool) => this.#reconcile(pool));
    orphans.deleted.subscribe((node) => this.#wake(machines.cluster.at(node)));
    this.deleted.subscribe((node) => this.#machineChanged(node));
    lifecycle.schedulable.subscribe((node) => this.#machineChanged(node));
    lifecycle.unready.subscribe((node) => this.#machineChanged(node));
  }

  /** A pool with its first machines, joined long ago; their slots are entered next, in order. */
  add(spec: PoolSpec): PoolId {
    const pool = this.table.add();
    this.names[pool] = spec.name;
    this.#rollouts[pool] = spec.rollout;
    this.ofCluster.join(spec.cluster, pool);
    this.life.describe(pool, spec);
    this.wishes.begin(pool, spec.replicas);
    this.#specified.set(pool, spec.replicas);
    this.sets.give(pool, { release: spec.release, configuration: 0 });
    this.sets.replicas.set(this.sets.newest(pool), spec.replicas);
    return pool;
  }
  enter(pool: PoolId, node: NodeId): void {
    this.life.enter(pool, node);
  }

  get authority(): PoolAuthority {
    return this.#authority;
  }
  set authority(authority: PoolAuthority) {
    this.#authority = authority;
    this.life.authority = authority;
  }

  // --- machines of a pool -------------------------------------------------------------------------------------------

  get slots(): Membership<PoolId, NodeId> {
    return this.life.slots;
  }
  get created(): Signal<[node: NodeId]> {
    return this.life.created;
  }
  get deleted(): Signal<[node: NodeId]> {
    return this.life.deleted;
  }
  /** Machines of a pool that are there or on their way, those that go not counted. */
  count(pool: PoolId): number {
    return this.#count(pool, (node) => this.stays(node));
  }
  /** Machines of a pool that no health check would call healthy. */
  unhealthy(pool: PoolId): number {
    return this.#count(pool, (node) => this.life.unhealthy(node));
  }
  stays(node: NodeId): boolean {
    return this.life.stays(node);
  }
  #count(pool: PoolId, counts: (node: NodeId) => boolean): number {
    let count = 0;
    for (let node = this.slots.first(pool); node !== NONE; node = this.slots.next(node))
      if (counts(node)) count++;
    return count;
  }

  // --- what people want of it ---------------------------------------------------------------------------------------

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

  /**
   * The operator does not reconcile the pool: it passes neither a template nor a number of machines on, until it writes the next template or
   * lets the one stay that there is.
   * Cluster API goes on with what it has (openshift/hypershift hypershift-operator/controllers/nodepool/conditions.go releaseImageCondition,
   * which ends the reconcile).
   */
  refuse(pool: PoolId): void {
    this.#refused.set(pool, 1);
  }
  /** The operator reconciles the pool again, whose template is what people want. */
  admit(pool: PoolId): void {
    this.#refused.set(pool, 0);
    this.#wished(pool);
  }
  refused(pool: PoolId): boolean {
    return this.#refused.at(pool) === 1;
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
    this.life.mark(node);
    this.resize(pool, this.wishes.of(pool) - 1);
  }
  /** A health check has a machine deleted; its MachineSet makes another when it is gone. */
  remediate(node: NodeId): void {
    this.#why.set(this.slots.parent(node), this.sim.cause);
    this.life.delete(node);
  }

  // --- what its machines are made from ------------------------------------------------------------------------------

  rollout(pool: PoolId): PoolRollout {
    return this.#rollouts[pool]!;
  }
  /** What new machines are made from. */
  template(pool: PoolId): MachineTemplate {
    return this.sets.template(this.sets.newest(pool));
  }
  /** The operator writes another template: machines are replaced one after the other, or wait to be updated in place. */
  specifyTemplate(pool: PoolId, template: MachineTemplate): void {
    this.#refused.set(pool, 0);
    if (this.rollout(pool).upgradeType === 'InPlace') this.sets.change(this.sets.newest(pool), template);
    else this.sets.give(pool, template);
    this.#wished(pool);
  }
  /** It wants another machine, and every host that could be one is taken. */
  lacksHost(pool: PoolId): boolean {
    const newest = this.sets.newest(pool);
    return this.life.isFull(pool) && this.sets.replicas.at(newest) > this.sets.machines.count(newest);
  }
  /** All its machines are there, made from its template, and available; none of another is left, not even one that is being drained. */
  isRolledOut(pool: PoolId): boolean {
    const wanted = this.#specified.at(pool);
    const awaited = this.wishes.of(pool) !== wanted && !this.refused(pool);
    if (this.sets.isRolling(pool) || awaited) return false;
    const { machines, available } = this.#scaleOf(this.sets.newest(pool));
    return machines === wanted && available === wanted;
  }

  // --- who acts, and when -------------------------------------------------------------------------------------------

  /** Something changed that scaling or joining in the cluster may have lacked. */
  reconsider(cluster: ClusterId): void {
    if (this.clusters.isHosted(cluster)) this.#wake(cluster);
    else
      for (let hosted = 0 as ClusterId; hosted < this.clusters.count; hosted++)
        if (this.clusters.host.at(hosted) === cluster) this.#wake(hosted);
  }
  /** Something of the cluster cannot be done now: `reviewed` tells when it may be tried again. */
  await(cluster: ClusterId): void {
    this.life.waits.set(cluster, 1);
  }

  #wake(cluster: ClusterId): void {
    if (this.life.waits.at(cluster) === 1 && !this.#review.armed(cluster)) this.#review.after(cluster, 0);
  }

  #wished(pool: PoolId): void {
    this.#why.set(pool, this.sim.cause);
    this.#reconcile(pool);
  }
  /** A machine is gone, or its node got well or sick. */
  #machineChanged(node: NodeId): void {
    const pool = this.slots.parent(node);
    if (pool === NONE) return;
    if (this.sets.isRolling(pool) || this.#isShort(pool)) this.#again.after(pool, 0);
    else this.reconciled.emit(pool);
  }
  #isShort(pool: PoolId): boolean {
    const set = this.sets.newest(pool);
    return this.sets.machines.count(set) < this.#specified.at(pool);
  }

  #reviewCluster(cluster: ClusterId): void {
    this.life.waits.set(cluster, 0);
    for (const pool of this.ofCluster.list(cluster)) {
      this.#reconcile(pool);
      for (const node of this.slots.list(pool)) this.life.review(node);
    }
    this.reviewed.emit(cluster);
  }

  #reconcile(pool: PoolId): void {
    if (!this.paused(pool)) this.#reconcileSets(pool);
    this.reconciled.emit(pool);
  }
  #reconcileSets(pool: PoolId): void {
    const cluster = this.ofCluster.parent(pool);
    this.#specify(pool, cluster);
    const sets = this.sets.ofPool.list(pool);
    const scales = this.#scaled(pool, sets);
    if (sets.some((set, i) => this.#isOff(set, scales[i]!))) {
      if (this.#authority.canScale(cluster)) this.#act(pool, sets, scales);
      else this.await(cluster);
    }
    if (this.sets.isRolling(pool)) this.sets.tidy(pool);
  }

  #specify(pool: PoolId, cluster: ClusterId): void {
    const wish = this.wishes.of(pool);
    if (wish === this.#specified.at(pool) || this.refused(pool)) return;
    if (this.#authority.canSpecify(cluster)) this.#specified.set(pool, wish);
    else this.await(cluster);
  }

  /** What the MachineSets of the pool, the oldest first, are to have. */
  #scaled(pool: PoolId, sets: readonly MachineSetId[]): MachineSetScale[] {
    const wanted = this.#specified.at(pool);
    const scales = sets.map((set) => this.#scaleOf(set));
    const newest = scales[sets.indexOf(this.sets.newest(pool))]!;
    const old = scales.filter((scale) => scale !== newest);
    const rollout = this.rollout(pool);
    if (rollout.upgradeType === 'InPlace') newest.replicas = wanted;
    else if (rollout.strategy === 'OnDelete') rollOutOnDelete(wanted, newest, old);
    else rollOut(wanted, newest, old, rolloutBounds(rollout, wanted));
    return scales;
  }
  #scaleOf(set: MachineSetId): MachineSetScale {
    const { machines, replicas } = this.sets;
    let available = 0;
    for (let node = machines.first(set); node !== NONE; node = machines.next(node))
      if (this.life.available(node)) available++;
    return { replicas: replicas.at(set), machines: machines.count(set), available };
  }
  #isOff(set: MachineSetId, { replicas, machines }: MachineSetScale): boolean {
    return replicas !== this.sets.replicas.at(set) || replicas !== machines;
  }

  /** MachineSets make what they lack and delete what they have too much; what is being deleted counts until it is gone (syncReplicas). */
  #act(pool: PoolId, sets: readonly MachineSetId[], scales: readonly MachineSetScale[]): void {
    const outer = this.sim.enter(this.#why.at(pool));
    sets.forEach((set, i) => {
      const { replicas, machines } = scales[i]!;
      this.sets.replicas.set(set, replicas);
      if (machines < replicas && !this.life.create(pool, set, replicas - machines))
        this.await(this.ofCluster.parent(pool));
      const surplus = this.life.staying(set) - replicas;
      if (surplus <= 0) return;
      for (const node of this.life.victims(pool, set).slice(0, surplus)) this.life.delete(node);
    });
    this.sim.leave(outer);
  }
}
