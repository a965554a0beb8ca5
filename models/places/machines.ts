/**
 * Machines and their power. A machine has power only while neither it nor any place around it is out, so faults that overlap
 * nest: the machine comes back when the last of them is over, boots, and only then runs a kubelet again.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PlaceId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Allocatable } from '../plan/fleet.ts';
import { Signal } from '../signal.ts';

export interface MachineSpec {
  readonly name: string;
  readonly cluster: ClusterId;
  /** Innermost place of the machine, or NONE when it stands outside every place of the fleet. */
  readonly place: PlaceId | typeof NONE;
  /** Zone as the node's label says, or NONE without a label. */
  readonly zone: PlaceId | typeof NONE;
  readonly allocatable: Allocatable;
  /** From power to a kubelet that heartbeats, microseconds. */
  readonly boot: number;
  /** A virtual machine that waits for its host: it gets its first power by `repair`. */
  readonly off?: boolean;
  /** There is no such machine yet; `appear` brings it, without power. */
  readonly absent?: boolean;
}

export class Machines {
  readonly table: Table<NodeId>;
  readonly names: string[] = [];
  /** Looked up by at every draw, so each is made once. */
  readonly #keys: string[] = [];
  readonly cluster: I32Column<NodeId, ClusterId>;
  readonly zone: I32Column<NodeId, PlaceId>;
  readonly cpuMillis: I32Column<NodeId>;
  readonly memoryMib: F64Column<NodeId>;
  readonly maxPods: I32Column<NodeId>;
  readonly #bootTime: F64Column<NodeId>;
  /** Machines of a cluster. */
  readonly ofCluster: Membership<ClusterId, NodeId>;
  /** Machines directly in a place. */
  readonly ofPlace: Membership<PlaceId, NodeId>;
  /** Faults of the machine itself, and of the places around it. */
  readonly #own: I32Column<NodeId>;
  readonly #around: I32Column<NodeId>;
  /** Moves on when the machine is replaced by another one of the same name. */
  readonly generation: I32Column<NodeId>;
  readonly #running: U8Column<NodeId>;
  /** It stopped because it was told to reboot, and its processes ended before it did. */
  readonly #shutDown: U8Column<NodeId>;
  /** The fact of the last loss or boot. */
  readonly #change: I32Column<NodeId, CauseId>;
  readonly #boot: Timer<NodeId>;
  readonly #lostFact: FactKind;
  readonly #bootedFact: FactKind;

  /** The kubelet and everything on the machine stopped; `closesConnections` says whether peers were told. */
  readonly lost = new Signal<[node: NodeId]>();
  /** The machine has booted and its kubelet heartbeats. */
  readonly started = new Signal<[node: NodeId]>();
  /** A machine that is off begins to boot, or stops doing so because its power is gone. */
  readonly bootChanged = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    places: Table<PlaceId>,
  ) {
    this.table = sim.table<NodeId>('node');
    this.cluster = this.table.i32('cluster', NONE);
    this.zone = this.table.i32('zone', NONE);
    this.cpuMillis = this.table.i32('cpuMillis');
    this.memoryMib = this.table.f64('memoryMib');
    this.maxPods = this.table.i32('maxPods');
    this.#bootTime = this.table.f64('bootTime');
    this.ofCluster = new Membership('nodes of cluster', clusters.table, this.table);
    this.ofPlace = new Membership('nodes of place', places, this.table);
    this.#own = this.table.i32('faults', 0);
    this.#around = this.table.i32('faultsAround', 0);
    this.generation = this.table.i32('generation', 0);
    this.#running = this.table.u8('running', 1);
    this.#shutDown = this.table.u8('shutDown');
    this.#change = this.table.i32('change', BEGINNING);
    this.#boot = new Timer(sim, this.table, 'booted', 'recover', (node) => this.#booted(node));
    this.#lostFact = sim.factKind('node-lost');
    this.#bootedFact = sim.factKind('node-booted');
  }

  add(spec: MachineSpec): NodeId {
    const node = this.table.add();
    this.names[node] = spec.name;
    this.cluster.set(node, spec.cluster);
    this.zone.set(node, spec.zone);
    this.cpuMillis.set(node, spec.allocatable.cpuMillis);
    this.memoryMib.set(node, spec.allocatable.memoryMib);
    this.maxPods.set(node, spec.allocatable.pods);
    this.#bootTime.set(node, spec.boot);
    if (!spec.absent) this.ofCluster.join(spec.cluster, node);
    if (spec.off || spec.absent) {
      this.#own.set(node, 1);
      this.#running.set(node, 0);
    }
    if (spec.place !== NONE) this.ofPlace.join(spec.place as PlaceId, node);
    return node;
  }

  /** A machine of its cluster from now on, without power until `replace` or `repair`. */
  appear(node: NodeId): void {
    this.ofCluster.join(this.cluster.at(node), node);
  }
  /** The machine is deleted: it stops, and nobody counts it any more. */
  vanish(node: NodeId): void {
    this.fail(node);
    this.ofCluster.leave(node);
  }
  exists(node: NodeId): boolean {
    return this.ofCluster.parent(node) !== NONE;
  }

  /** Unique in a fleet, for random streams: workers of two clusters may bear one name. */
  key(node: NodeId): string {
    this.#keys[node] ??= `${this.clusters.key(this.cluster.at(node))}/${this.names[node]}`;
    return this.#keys[node];
  }

  /** True while the kernel and the kubelet run. */
  running(node: NodeId): boolean {
    return this.#running.at(node) === 1;
  }

  /**
   * Who is connected to a process that ends on the machine is told so: the machine runs, so that its kernel closes the connections, or it was
   * shut down in good order, which ends every container by SIGTERM first (cri-o/cri-o server/container_create_linux.go, TimeoutStopUSec of
   * container scopes). One without power says nothing.
   */
  closesConnections(node: NodeId): boolean {
    return this.running(node) || this.#shutDown.at(node) === 1;
  }

  /** At the beginning of a run: a virtual machine whose host runs has been running for long. */
  settle(node: NodeId): void {
    this.#own.set(node, 0);
    this.#running.set(node, 1);
  }

  /** The fact that made the machine what it is: lost, booted, or the beginning of the run. */
  lastChange(node: NodeId): CauseId {
    return this.#change.at(node);
  }

  /** One more reason for the machine to be without power: of its own, or of a place around it. */
  fail(node: NodeId, from: 'itself' | 'around' = 'itself'): void {
    (from === 'itself' ? this.#own : this.#around).add(node, 1);
    const booting = this.#boot.armed(node);
    this.#boot.cancel(node);
    if (booting) this.bootChanged.emit(node);
    this.#stop(node);
  }

  /** It is switched off in good order: one more reason to be without power. */
  shutDown(node: NodeId): void {
    if (this.running(node)) this.#shutDown.set(node, 1);
    this.fail(node);
  }

  /** One reason less; the last one starts the boot. */
  repair(node: NodeId, from: 'itself' | 'around' = 'itself'): void {
    (from === 'itself' ? this.#own : this.#around).add(node, -1);
    if (!this.powered(node)) return;
    this.#boot.after(node, this.#bootTime.at(node));
    this.bootChanged.emit(node);
  }

  /**
   * Everything on the machine stops and it boots again; one without power has nothing to stop.
   * @param how orderly: by `systemctl reboot`; abrupt: by a watchdog or a kernel that does not ask anybody
   */
  reboot(node: NodeId, how: 'orderly' | 'abrupt'): void {
    if (!this.running(node)) return;
    this.#shutDown.set(node, how === 'orderly' ? 1 : 0);
    this.#stop(node);
    if (this.powered(node)) this.#boot.after(node, this.#bootTime.at(node));
  }

  /** Its power is switched off and on again: one that boots begins anew. */
  powerCycle(node: NodeId): void {
    if (this.#boot.armed(node)) this.#boot.after(node, this.#bootTime.at(node));
    else this.reboot(node, 'abrupt');
  }

  /**
   * Another machine takes the place of a sick one, under the same name: what was wrong with the old one is gone with it. One that runs, because
   * it was only cut off or has just booted, is switched off.
   * @param provision microseconds until it has booted; longer where the place around it has no power
   */
  replace(node: NodeId, provision: number): void {
    if (this.running(node)) this.fail(node);
    this.generation.add(node, 1);
    this.#own.set(node, 0);
    if (this.powered(node)) this.#boot.after(node, provision);
  }

  /** Nothing keeps the machine down: it runs or boots. */
  powered(node: NodeId): boolean {
    return this.#own.at(node) === 0 && this.#around.at(node) === 0;
  }

  #stop(node: NodeId): void {
    if (!this.running(node)) return;
    this.#running.set(node, 0);
    this.#announce(node, this.#lostFact, this.lost);
  }
  #booted(node: NodeId): void {
    this.#running.set(node, 1);
    this.#shutDown.set(node, 0);
    this.#announce(node, this.#bootedFact, this.started);
  }

  #announce(node: NodeId, kind: FactKind, signal: Signal<[node: NodeId]>): void {
    const fact = this.sim.emit(kind, node);
    this.#change.set(node, fact);
    const outer = this.sim.enter(fact);
    signal.emit(node);
    this.sim.leave(outer);
  }
}
