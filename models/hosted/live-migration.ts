/**
 * Live migration of virtual machines whose node is being drained. KubeVirt refuses to evict them and moves those that can be moved: a second
 * virt-launcher pod is placed elsewhere, memory is copied while the guest runs on, the guest stands still for a moment, and the
 * first pod goes. A root volume that only one node at a time can attach (ReadWriteOnce) cannot be moved so; that machine keeps its
 * node from being drained (kubevirt/user-guide compute/live_migration.md, cluster_admin/node_maintenance.md).
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { SECOND } from '../../sim/time.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { Contact } from '../kubernetes/contact.ts';
import type { Drains } from '../kubernetes/drain.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import { ROLE } from './roles.ts';
import type { Workers } from './workers.ts';

const MIB_PER_GIB = 1024;

export class LiveMigrations {
  /** Root volumes can be attached on two nodes at once (ReadWriteMany). */
  readonly #movable: U8Column<SetId>;
  /** The other pod of a virtual machine that moves. */
  readonly #partner: I32Column<PodId, PodId>;
  /** The guest stands still. */
  readonly #paused: U8Column<PodId>;
  readonly #why: I32Column<PodId, CauseId>;
  /** Where the machine moves away from; counted there. */
  readonly #from: I32Column<PodId, NodeId>;
  readonly #queue: Membership<ClusterId, PodId>;
  readonly #running: I32Column<ClusterId>;
  readonly #outbound: I32Column<NodeId>;
  readonly #copied: Timer<PodId>;
  readonly #switched: Timer<PodId>;
  readonly #discard: Timer<PodId>;
  readonly #beginsFact: FactKind;
  readonly movedFact: FactKind;
  readonly failedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly pods: Pods,
    readonly contact: Contact,
    readonly drains: Drains,
    readonly workers: Workers,
    readonly parameters: ParameterValues,
  ) {
    const { clusters, machines } = pods;
    this.#movable = pods.sets.table.u8('movable');
    this.#partner = pods.table.i32('migrationPartner', NONE);
    this.#paused = pods.table.u8('guestPaused');
    this.#why = pods.table.i32('migrationBecause', BEGINNING);
    this.#from = pods.table.i32('migratesFrom', NONE);
    this.#queue = new Membership('migrations waiting', clusters.table, pods.table);
    this.#running = clusters.table.i32('migrations');
    this.#outbound = machines.table.i32('migrationsOutbound');
    this.#copied = new Timer(sim, pods.table, 'memory-copied', 'control', (pod) => this.#pause(pod));
    this.#switched = new Timer(sim, pods.table, 'guest-switched', 'control', (pod) => this.#switch(pod));
    this.#discard = new Timer(sim, pods.table, 'migration-discarded', 'control', (pod) => pods.delete(pod));
    this.#beginsFact = sim.factKind('migration-begins');
    this.movedFact = sim.factKind('virtual-machine-moved');
    this.failedFact = sim.factKind('migration-failed');
    drains.budgets.guard = (pod) => this.#guard(pod);
    drains.uncordoned.subscribe((node) => this.#stayAt(node));
    pods.containers.running.subscribe((pod) => this.#started(pod));
    pods.containers.stopped.subscribe((pod) => this.#ended(pod));
    pods.terminated.subscribe((pod) => this.#ended(pod));
  }

  /** Virtual machines of the set can be moved while they run. */
  allow(set: SetId): void {
    this.#movable.set(set, 1);
  }
  /** The machine has two pods, or waits for its turn to get a second one. */
  moving(pod: PodId): boolean {
    return this.#partner.at(pod) !== NONE || this.#queue.parent(pod) !== NONE;
  }
  /** Migrations that go on in a management cluster. */
  count(cluster: ClusterId): number {
    return this.#running.at(cluster);
  }

  /** Nobody evicts a virtual machine; who can be moved is. */
  #guard(pod: PodId): 'free' | 'moves' | 'stays' {
    const set = this.pods.set.at(pod);
    if (!this.#virtual(pod) || this.pods.node.at(pod) === NONE) return 'free';
    if (this.#movable.at(set) === 0) return 'stays';
    if (this.pods.isRunning(pod) && this.pods.extra.at(pod) === 0 && !this.moving(pod)) {
      this.#why.set(pod, this.sim.cause);
      this.#queue.join(this.pods.cluster(pod), pod);
      this.#pump(this.pods.cluster(pod));
    }
    return 'moves';
  }

  // --- one after the other ------------------------------------------------------------------------------------------

  #pump(cluster: ClusterId): void {
    const { parallel, outbound } = this.parameters.liveMigration;
    for (const pod of this.#queue.list(cluster)) {
      if (this.#running.at(cluster) >= parallel) return;
      if (this.#outbound.at(this.pods.node.at(pod)) < outbound) this.#begin(pod, cluster);
    }
  }

  #begin(pod: PodId, cluster: ClusterId): void {
    this.#queue.leave(pod);
    this.#from.set(pod, this.pods.node.at(pod));
    this.#running.add(cluster, 1);
    this.#outbound.add(this.#from.at(pod), 1);
    const outer = this.sim.enter(this.#why.at(pod));
    this.#why.set(pod, this.pods.tell(this.#beginsFact, pod));
    this.sim.enter(this.#why.at(pod));
    const target = this.pods.create(this.pods.set.at(pod), this.pods.ordinal.at(pod));
    this.pods.extra.set(target, 1);
    this.#partner.set(pod, target);
    this.#partner.set(target, pod);
    this.sim.leave(outer);
  }

  /** The second pod runs: memory is copied. A machine that starts anew on a node that is being drained can be asked to move. */
  #started(pod: PodId): void {
    if (!this.#virtual(pod)) return;
    const source = this.#partner.at(pod);
    if (source === NONE) this.drains.budgets.loosened.emit(this.pods.set.at(pod));
    else if (this.pods.extra.at(pod) === 1) this.#copied.after(source, this.#copying(source));
  }

  /** Microseconds until all memory is over there; what the guest writes meanwhile is copied again. */
  #needed(pod: PodId): number {
    const { bandwidth, dirtyRate } = this.parameters.liveMigration;
    if (bandwidth <= dirtyRate) return Number.POSITIVE_INFINITY;
    return (this.#memory(pod) / (bandwidth - dirtyRate)) * SECOND;
  }
  #limit(pod: PodId): number {
    const { completionTimeout, progressTimeout, bandwidth, dirtyRate } = this.parameters.liveMigration;
    const whole = (this.#memory(pod) / MIB_PER_GIB) * completionTimeout;
    return bandwidth <= dirtyRate ? Math.min(whole, progressTimeout) : whole;
  }
  #copying(pod: PodId): number {
    return Math.round(Math.min(this.#needed(pod), this.#limit(pod)));
  }
  #memory(pod: PodId): number {
    return this.pods.sets.memoryMib.at(this.pods.set.at(pod));
  }

  #pause(source: PodId): void {
    const outer = this.sim.enter(this.#why.at(source));
    if (this.#needed(source) > this.#limit(source)) this.#abandon(source);
    else {
      this.#paused.set(source, 1);
      this.contact.block(this.workers.machineOf(source));
      this.#switched.after(source, this.parameters.liveMigration.pause);
    }
    this.sim.leave(outer);
  }

  /** The guest goes on over there, in the pod that counts from now on; the first pod ends. */
  #switch(source: PodId): void {
    const target = this.#partner.at(source);
    const outer = this.sim.enter(this.#why.at(source));
    this.sim.enter(this.pods.tell(this.movedFact, source));
    this.pods.extra.set(target, 0);
    this.pods.extra.set(source, 1);
    this.#release(source);
    this.pods.delete(source);
    this.drains.budgets.loosened.emit(this.pods.set.at(target));
    this.sim.leave(outer);
  }

  // --- what does not come to its end --------------------------------------------------------------------------------

  /** One of the two pods stopped or is deleted: the machine is where the first pod was, if that still runs. */
  #ended(pod: PodId): void {
    this.#queue.leave(pod);
    const partner = this.#partner.at(pod);
    if (partner !== NONE) this.#abandon(this.pods.extra.at(pod) === 1 ? partner : pod);
  }

  #abandon(source: PodId): void {
    const target = this.#partner.at(source);
    const outer = this.sim.enter(this.pods.tell(this.failedFact, source));
    this.#release(source);
    // Not at once: whoever told may be in the midst of the list that the pod stands in.
    this.#discard.after(target, 0);
    this.drains.budgets.loosened.emit(this.pods.set.at(source));
    this.sim.leave(outer);
  }

  /** Nobody drains the node any more: those that have not found another one stay. */
  #stayAt(node: NodeId): void {
    for (const pod of this.pods.ofNode.list(node)) {
      this.#queue.leave(pod);
      const target = this.#partner.at(pod);
      if (target !== NONE && this.pods.extra.at(pod) === 0 && this.pods.node.at(target) === NONE)
        this.#abandon(pod);
    }
  }

  #release(source: PodId): void {
    const cluster = this.pods.cluster(source);
    this.#partner.set(this.#partner.at(source), NONE);
    this.#partner.set(source, NONE);
    this.#copied.cancel(source);
    this.#switched.cancel(source);
    this.#running.add(cluster, -1);
    this.#outbound.add(this.#from.at(source), -1);
    if (this.#paused.at(source) === 1) {
      this.#paused.set(source, 0);
      this.contact.unblock(this.workers.machineOf(source));
    }
    this.#pump(cluster);
  }

  #virtual(pod: PodId): boolean {
    return this.pods.sets.role.at(this.pods.set.at(pod)) === ROLE['virtual-machine'];
  }
}
