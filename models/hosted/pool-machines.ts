/**
 * Machines of node pools, one by one: made, provisioned, joined, drained, deleted. A new machine is provisioned, then wants its ignition
 * configuration and a certificate from the hosted control plane, and joins when it gets them. A machine that goes is drained first,
 * through the hosted API, as long as nodeDrainTimeout says (kubernetes-sigs/cluster-api docs, machine deletion process). Its infrastructure
 * goes next, and only then its Node object and itself (internal/controllers/machine/machine_controller.go reconcileDelete).
 *
 * Machines are slots of their pool: a new one takes the lowest free slot and its name.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, MachineSetId, NodeId, PoolId, ReleaseId } from '../ids.ts';
import type { Drains } from '../kubernetes/drain.ts';
import type { NodeLifecycle } from '../kubernetes/node-lifecycle.ts';
import type { Orphans } from '../kubernetes/orphans.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { MachineSets, MachineTemplate } from './machine-sets.ts';

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
  /** Its infrastructure is being deleted: it is off, and its Machine and Node objects are still there. */
  terminating: 6,
} as const;

/** What all machines of a pool have in common. */
export interface MachineSpec {
  /** From the creation of a machine until it asks for its ignition, microseconds. */
  readonly provision: number;
  /** From the deletion of its infrastructure until that is gone, microseconds. */
  readonly terminate: number;
  /** Longest drain of a machine, microseconds; 0 waits for ever. */
  readonly drainTimeout: number;
  /** Its slots are hosts: a machine beyond them waits until one is free. Otherwise there is a slot for each that can be wanted. */
  readonly finite: boolean;
  /** Machines are pods of the management cluster; provisioning goes on when theirs runs. */
  readonly virtual: boolean;
}

/** What machines ask of the control planes that act for them. */
export interface MachineAuthority {
  /** Cluster API and its provider run, and the management API answers. */
  canScale(cluster: ClusterId): boolean;
  /** A machine gets its ignition configuration and its certificate. */
  canJoin(machine: NodeId): boolean;
}

export class PoolMachines {
  /** Slots for machines, in the order of their ordinals. */
  readonly slots: Membership<PoolId, NodeId>;
  readonly #provision: F64Column<PoolId>;
  readonly #terminate: F64Column<PoolId>;
  readonly #drainTimeout: F64Column<PoolId>;
  readonly #finite: U8Column<PoolId>;
  readonly #virtual: U8Column<PoolId>;
  /** Annotated to be deleted before any other machine of its pool. */
  readonly #marked: U8Column<NodeId>;
  /** Somebody deleted its Machine object, and Cluster API has not acted on that yet. */
  readonly #unwanted: U8Column<NodeId>;
  readonly #state: U8Column<NodeId>;
  /** What the machine was made from, or updated to. */
  readonly #release: I32Column<NodeId, ReleaseId>;
  readonly #configuration: I32Column<NodeId>;
  /** What the last kubelet of that name ran. */
  readonly #kubelet: I32Column<NodeId, ReleaseId>;
  readonly #why: I32Column<NodeId, CauseId>;
  /** Something of the cluster could not be done; it is looked at again when anything changes that it may lack. */
  readonly waits: U8Column<ClusterId>;
  readonly #provisioned: Timer<NodeId>;
  readonly #terminated: Timer<NodeId>;
  readonly #createdFact: FactKind;
  readonly #terminatesFact: FactKind;
  readonly #deletedFact: FactKind;

  /** A machine of the pool came into being, is being deleted, or is gone: its slot is taken or free. */
  readonly created = new Signal<[node: NodeId]>();
  readonly leaving = new Signal<[node: NodeId]>();
  readonly deleted = new Signal<[node: NodeId]>();
  /** Its infrastructure begins to be deleted: nothing that ran on it is counted on any more. */
  readonly terminating = new Signal<[node: NodeId]>();
  /** The infrastructure of a new machine is ready: it asks for its ignition for the first time. */
  readonly provisioned = new Signal<[node: NodeId]>();
  /** It asked in vain. */
  readonly turnedAway = new Signal<[node: NodeId]>();
  /** The kubelet runs another release than the one of this name did before. */
  readonly versionChanged = new Signal<[node: NodeId]>();
  authority: MachineAuthority = { canScale: () => true, canJoin: () => true };

  constructor(
    readonly sim: Simulation,
    pools: Table<PoolId>,
    readonly sets: MachineSets,
    readonly machines: Machines,
    readonly lifecycle: NodeLifecycle,
    readonly orphans: Orphans,
    readonly drains: Drains,
    readonly parameters: ParameterValues,
  ) {
    const nodes = machines.table;
    this.slots = new Membership('slots of node pool', pools, nodes);
    this.#provision = pools.f64('provision');
    this.#terminate = pools.f64('terminate');
    this.#drainTimeout = pools.f64('drainTimeout');
    this.#finite = pools.u8('finite');
    this.#virtual = pools.u8('virtual');
    this.#marked = nodes.u8('deleteMachine');
    this.#unwanted = nodes.u8('machineUnwanted');
    this.#state = nodes.u8('machineState', STATE.absent);
    this.#release = nodes.i32('machineRelease', NONE);
    this.#configuration = nodes.i32('machineConfiguration');
    this.#kubelet = nodes.i32('kubeletRelease', NONE);
    this.#why = nodes.i32('machineBecause', BEGINNING);
    this.waits = machines.clusters.table.u8('poolsWait');
    this.#provisioned = new Timer(sim, nodes, 'machine-provisioned', 'control', (node) =>
      this.#hasInfrastructure(node),
    );
    this.#terminated = new Timer(sim, nodes, 'machine-terminated', 'control', (node) =>
      this.deleteInfrastructure(node),
    );
    this.#createdFact = sim.factKind('machine-created');
    this.#terminatesFact = sim.factKind('machine-terminates');
    this.#deletedFact = sim.factKind('machine-deleted');
    drains.drained.subscribe((node) => this.#drained(node));
    machines.started.subscribe((node) => this.slots.parent(node) !== NONE && this.#runs(node));
  }

  describe(pool: PoolId, { provision, terminate, drainTimeout, finite, virtual }: MachineSpec): void {
    this.#provision.set(pool, provision);
    this.#terminate.set(pool, terminate);
    this.#drainTimeout.set(pool, drainTimeout);
    this.#finite.set(pool, finite ? 1 : 0);
    this.#virtual.set(pool, virtual ? 1 : 0);
  }
  /** At the beginning of a run: the next slot of a pool, whose machine, if there is one, joined long ago. */
  enter(pool: PoolId, node: NodeId): void {
    this.slots.join(pool, node);
    if (!this.machines.exists(node)) return;
    this.#state.set(node, STATE.joined);
    this.#make(node, this.sets.newest(pool));
    this.#kubelet.set(node, this.#release.at(node));
  }
  #make(node: NodeId, set: MachineSetId): void {
    this.sets.machines.join(set, node);
    const { release, configuration } = this.sets.template(set);
    this.#release.set(node, release);
    this.#configuration.set(node, configuration);
  }

  // --- what a machine is --------------------------------------------------------------------------------------------

  /** The machine is wanted: it is there, or will be. */
  wanted(node: NodeId): boolean {
    return this.slots.parent(node) === NONE || this.#state.at(node) !== STATE.absent;
  }
  /** The machine is there or on its way, and nobody has it deleted. */
  stays(node: NodeId): boolean {
    const state = this.#state.at(node);
    return state !== STATE.absent && state < STATE.draining;
  }
  /** The machine has joined, and its infrastructure is not being deleted yet: it is a worker, whether it has power or not. */
  isWorker(node: NodeId): boolean {
    const state = this.#state.at(node);
    return state >= STATE.joined && state < STATE.terminating;
  }
  /** Machines of a set that stay. */
  staying(set: MachineSetId): number {
    const { machines } = this.sets;
    let count = 0;
    for (let node = machines.first(set); node !== NONE; node = machines.next(node))
      if (this.stays(node)) count++;
    return count;
  }
  /** The machine stays and its node is Ready. */
  available(node: NodeId): boolean {
    return this.stays(node) && this.#hasReadyNode(node);
  }
  /** No health check would call the machine healthy: it has no node that is Ready, or is being deleted. */
  unhealthy(node: NodeId): boolean {
    const well = this.#state.at(node) === STATE.joined && this.#hasReadyNode(node);
    return this.#state.at(node) !== STATE.absent && !well;
  }
  /** Its drain is over, and nobody can delete its infrastructure, or tell that it is gone. */
  isLeaving(node: NodeId): boolean {
    const state = this.#state.at(node);
    return state === STATE.leaving || (state === STATE.terminating && !this.isTerminating(node));
  }
  /** Its infrastructure is being deleted. */
  isTerminating(node: NodeId): boolean {
    return this.#terminated.armed(node);
  }
  isProvisioning(node: NodeId): boolean {
    return this.#state.at(node) === STATE.provisioning;
  }
  /** It cannot get its ignition configuration. */
  isJoining(node: NodeId): boolean {
    return this.#state.at(node) === STATE.joining;
  }
  /** The release that its kubelet runs, or ran when it last did; NONE before a machine of that name first booted. */
  releaseOf(node: NodeId): ReleaseId {
    return this.#kubelet.at(node);
  }
  /** It is what the template says. */
  isLike(node: NodeId, { release, configuration }: MachineTemplate): boolean {
    return this.#release.at(node) === release && this.#configuration.at(node) === configuration;
  }
  /** It was updated where it is, and its kubelet runs that from now on. */
  becomes(node: NodeId, { release, configuration }: MachineTemplate): void {
    this.#release.set(node, release);
    this.#configuration.set(node, configuration);
    this.#runs(node);
  }
  /** Its kubelet has started. */
  #runs(node: NodeId): void {
    const release = this.#release.at(node);
    if (this.#kubelet.at(node) === release) return;
    this.#kubelet.set(node, release);
    this.versionChanged.emit(node);
  }

  #hasReadyNode(node: NodeId): boolean {
    return this.lifecycle.registered(node) && this.lifecycle.ready(node);
  }

  // --- machines that come -------------------------------------------------------------------------------------------

  /**
   * Makes machines of a set, as many as there are free slots.
   * @returns false when there were not enough
   */
  create(pool: PoolId, set: MachineSetId, wanted: number): boolean {
    const free = this.slots.list(pool).filter((node) => this.#free(node));
    for (const node of free.slice(0, wanted)) {
      this.#state.set(node, STATE.provisioning);
      this.#make(node, set);
      this.#marked.set(node, 0);
      this.drains.uncordon(node);
      this.#why.set(node, this.sim.emit(this.#createdFact, node));
      const outer = this.sim.enter(this.#why.at(node));
      this.machines.appear(node);
      if (this.#virtual.at(pool) === 0) this.#provisioned.after(node, this.#provision.at(pool));
      this.created.emit(node);
      this.sim.leave(outer);
    }
    return free.length >= wanted;
  }

  isFinite(pool: PoolId): boolean {
    return this.#finite.at(pool) === 1;
  }
  /** Every host of the pool is taken. */
  isFull(pool: PoolId): boolean {
    if (!this.isFinite(pool)) return false;
    for (let node = this.slots.first(pool); node !== NONE; node = this.slots.next(node))
      if (this.#free(node)) return false;
    return true;
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
    this.ask(node);
  }

  /** The machine asks for its ignition configuration, again and again until it gets it. */
  ask(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    const outer = this.sim.enter(this.#why.at(node));
    if (this.authority.canJoin(node)) {
      this.#state.set(node, STATE.joined);
      this.machines.replace(node, this.parameters.nodePool.join);
    } else {
      this.#state.set(node, STATE.joining);
      this.waits.set(cluster, 1);
      this.turnedAway.emit(node);
    }
    this.sim.leave(outer);
  }

  // --- machines that go ---------------------------------------------------------------------------------------------

  /** Annotates a machine to be deleted before any other. */
  mark(node: NodeId): void {
    this.#marked.set(node, 1);
  }

  /** Whom a MachineSet deletes first under the policy Random: marked ones, machines without a healthy node, then any (machineset_delete_policy.go). */
  victims(pool: PoolId, set: MachineSetId): NodeId[] {
    const stream = this.sim.streams.stream('machine-deletion', this.machines.key(this.slots.first(pool)));
    return this.slots
      .list(pool)
      .filter((node) => this.stays(node) && this.sets.machines.parent(node) === set)
      .map((node) => ({ node, last: this.#lastInLine(node), draw: stream.uniform() }))
      .sort((a, b) => a.last - b.last || a.draw - b.draw)
      .map(({ node }) => node);
  }
  #lastInLine(node: NodeId): number {
    if (this.#marked.at(node) === 1) return 0;
    return this.#hasReadyNode(node) ? 2 : 1;
  }

  /** Somebody deletes the Machine object: the machine goes as soon as Cluster API can act. Does nothing for one that goes or is gone. */
  deleteMachine(node: NodeId): void {
    if (!this.stays(node)) return;
    const cluster = this.machines.cluster.at(node);
    if (this.authority.canScale(cluster)) this.delete(node);
    else {
      this.#unwanted.set(node, 1);
      this.#why.set(node, this.sim.cause);
      this.waits.set(cluster, 1);
    }
  }
  /** Cluster API may be able to act again: on with what the machine waits for. */
  review(node: NodeId): void {
    if (this.isJoining(node)) this.ask(node);
    if (this.isLeaving(node)) this.deleteInfrastructure(node);
    if (this.#unwanted.at(node) === 0) return;
    const outer = this.sim.enter(this.#why.at(node));
    this.deleteMachine(node);
    this.sim.leave(outer);
  }

  /** Has a machine deleted: drained first where it has a node. */
  delete(node: NodeId): void {
    this.#unwanted.set(node, 0);
    this.#provisioned.cancel(node);
    const hasNode = this.#state.at(node) === STATE.joined && this.lifecycle.registered(node);
    this.#why.set(node, this.sim.cause);
    this.leaving.emit(node);
    if (!hasNode) {
      this.deleteInfrastructure(node);
      return;
    }
    this.#state.set(node, STATE.draining);
    this.drains.begin(node, {
      by: 'clusterAPI',
      retry: this.parameters.nodePool.drainRetry,
      timeout: this.#drainTimeout.at(this.slots.parent(node)),
      skipUnreachable: this.parameters.nodePool.drainSkipUnreachable,
    });
  }

  #drained(node: NodeId): void {
    if (this.#state.at(node) !== STATE.draining) return;
    this.#why.set(node, this.sim.cause);
    this.deleteInfrastructure(node);
  }

  /** The machine goes, step by step, as soon as Cluster API and its provider can act. */
  deleteInfrastructure(node: NodeId): void {
    const cluster = this.machines.cluster.at(node);
    const isOff = this.#state.at(node) === STATE.terminating;
    if (!this.authority.canScale(cluster)) {
      if (!isOff) this.#state.set(node, STATE.leaving);
      this.waits.set(cluster, 1);
      return;
    }
    const outer = this.sim.enter(this.#why.at(node));
    if (isOff) this.#gone(node);
    else this.#goesOff(node, this.#terminate.at(this.slots.parent(node)));
    this.sim.leave(outer);
  }
  #goesOff(node: NodeId, terminate: number): void {
    this.#why.set(node, this.sim.emit(this.#terminatesFact, node));
    const outer = this.sim.enter(this.#why.at(node));
    this.#state.set(node, STATE.terminating);
    this.terminating.emit(node);
    if (terminate === 0) this.#gone(node);
    else {
      this.#terminated.after(node, terminate);
      this.machines.shutDown(node);
    }
    this.sim.leave(outer);
  }

  #gone(node: NodeId): void {
    const outer = this.sim.enter(this.sim.emit(this.#deletedFact, node));
    this.#state.set(node, STATE.absent);
    this.sets.machines.leave(node);
    this.deleted.emit(node);
    this.machines.vanish(node);
    this.orphans.deleteAfter(node, 0);
    this.sim.leave(outer);
  }
}
