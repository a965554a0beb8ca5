/**
 * The node lifecycle controller of every cluster, without a tick: the instants at which its passes would act are computed when a
 * kubelet falls silent or speaks again.
 *
 * Silence is measured on the controller's own clock from the last heartbeat that one of its passes observed; a new leader
 * starts that clock anew. At the end of the grace period the node is Unknown, its pods are not ready, and it is queued for the
 * NoExecute taint of its zone.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, NodeZoneId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Endpoints } from './endpoints.ts';
import type { Heartbeats } from './heartbeats.ts';
import { MonitorPasses } from './monitor-passes.ts';
import { NoExecuteTaints } from './no-execute.ts';
import { NodeZones, zoneState } from './node-zones.ts';
import type { Pods } from './pods.ts';

export class NodeLifecycle {
  readonly zones: NodeZones;
  readonly #passes: MonitorPasses;
  readonly #taints: NoExecuteTaints;
  /** The Ready condition in the API is True. */
  readonly #ready: U8Column<NodeId>;
  /** The fact of the last detection. */
  readonly #detected: I32Column<NodeId, CauseId>;
  readonly #grace: F64Column<ClusterId>;
  readonly #detect: Timer<NodeId>;
  readonly #recover: Timer<NodeId>;
  readonly #anewFact: FactKind;
  readonly #unreadyFact: FactKind;
  readonly #readyFact: FactKind;
  readonly #stateFact: FactKind;

  /** The node was found Unknown. */
  readonly unready = new Signal<[node: NodeId]>();
  /** The node takes new pods again. */
  readonly schedulable = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly contact: Contact,
    readonly heartbeats: Heartbeats,
    pods: Pods,
    readonly endpoints: Endpoints,
    readonly parameters: ParameterValues,
  ) {
    const nodes = machines.table;
    this.zones = new NodeZones(sim, clusters, nodes);
    this.#passes = new MonitorPasses(sim, clusters, parameters.node.monitorPeriod);
    this.#detected = nodes.i32('detected', BEGINNING);
    const detected = (node: NodeId): CauseId => this.#detected.at(node);
    this.#taints = new NoExecuteTaints(sim, clusters, contact, pods, this.zones, parameters, detected);
    this.#ready = nodes.u8('ready');
    this.#grace = clusters.table.f64('grace', parameters.node.gracePeriod);
    this.#detect = new Timer(sim, nodes, 'grace-over', 'control', (node) => this.#markUnready(node));
    this.#recover = new Timer(sim, nodes, 'heard-again', 'control', (node) => this.#markReady(node));
    this.#anewFact = sim.factKind('silence-counted-anew');
    this.#unreadyFact = sim.factKind('node-unready');
    this.#readyFact = sim.factKind('node-ready');
    this.#stateFact = sim.factKind('zone-state');
    contact.lost.subscribe((node) => this.#silent(node));
    contact.made.subscribe((node) => this.#heard(node));
    clusters.controllersChanged.subscribe((cluster, live) =>
      live ? this.#newLeader(cluster) : this.#noLeader(cluster),
    );
  }

  // --- nodes of a cluster -------------------------------------------------------------------------------------------

  /** @param grace silence in microseconds after which a node of the cluster is Unknown */
  begin(cluster: ClusterId, grace: number): void {
    this.setGrace(cluster, grace);
    this.#passes.begin(cluster);
  }
  /** A controller manager of another release has another grace period; silences that it counts already end when they would have. */
  setGrace(cluster: ClusterId, grace: number): void {
    this.#grace.set(cluster, grace);
  }

  /** At the beginning of a run: the node has been ready for long. One that never came up has no Node object. */
  enter(node: NodeId): void {
    this.#register(node, true);
  }

  #register(node: NodeId, ready: boolean): NodeZoneId {
    this.zones.enter(node, this.machines.cluster.at(node), this.machines.zone.at(node));
    const zone = this.zones.nodes.parent(node);
    this.#ready.set(node, ready ? 1 : 0);
    if (!ready) this.zones.addNotReady(node, 1);
    return zone;
  }

  /** The node's object is gone: nobody counts it any more. A kubelet that comes back registers again. */
  deregister(node: NodeId): void {
    const zone = this.zones.nodes.parent(node);
    if (this.ready(node)) this.endpoints.nodeSilent(node);
    else this.zones.addNotReady(node, -1);
    this.#ready.set(node, 0);
    this.#detect.cancel(node);
    this.#taints.remove(node);
    this.zones.leave(node);
    this.#review(zone);
  }

  /** The node has an object in the API. */
  registered(node: NodeId): boolean {
    return this.zones.nodes.parent(node) !== NONE;
  }
  ready(node: NodeId): boolean {
    return this.#ready.at(node) === 1;
  }
  tainted(node: NodeId): boolean {
    return this.#taints.tainted(node);
  }

  // --- silence and heartbeats ---------------------------------------------------------------------------------------

  #silent(node: NodeId): void {
    this.#recover.cancel(node);
    const cluster = this.machines.cluster.at(node);
    if (!this.clusters.controllersLive(cluster) || !this.ready(node)) return;
    const observed = this.#passes.from(cluster, this.heartbeats.last(node));
    this.#detect.at(
      node,
      Math.max(this.sim.now, this.#passes.from(cluster, observed + this.#grace.at(cluster))),
    );
  }

  #heard(node: NodeId): void {
    if (!this.registered(node)) this.#review(this.#register(node, false));
    this.#detect.cancel(node);
    const cluster = this.machines.cluster.at(node);
    if (this.ready(node) || !this.clusters.controllersLive(cluster)) return;
    this.#recover.at(node, this.#passes.from(cluster, this.sim.now));
  }

  // --- a new leader, or none ----------------------------------------------------------------------------------------

  #noLeader(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      this.#detect.cancel(node);
      this.#recover.cancel(node);
      this.#taints.forget(node);
    }
    for (const zone of this.zones.ofCluster.list(cluster)) this.#taints.stop(zone);
  }

  #newLeader(cluster: ClusterId): void {
    this.#passes.begin(cluster);
    const firstPass = this.#passes.from(cluster, this.sim.now);
    for (const node of this.machines.ofCluster.list(cluster)) {
      if (this.registered(node)) this.#meet(node, cluster, firstPass);
      this.#taints.restart(node);
    }
    for (const zone of this.zones.ofCluster.list(cluster)) this.#taints.arm(zone);
  }

  /** What a new leader makes of a node: its clock starts now, whatever was before. */
  #meet(node: NodeId, cluster: ClusterId, firstPass: number): void {
    const heard = this.contact.present(node);
    if (heard === this.ready(node)) return;
    const outer = this.sim.enter(this.contact.lastChange(node));
    if (heard) this.#recover.at(node, firstPass);
    else {
      this.sim.enter(this.sim.emit(this.#anewFact, node));
      this.#detect.at(node, this.#passes.from(cluster, firstPass + this.#grace.at(cluster)));
    }
    this.sim.leave(outer);
  }

  // --- conditions ---------------------------------------------------------------------------------------------------

  /** The controller has a leader but cannot write: it tries again at its next pass. */
  #postponed(timer: Timer<NodeId>, node: NodeId): boolean {
    if (this.clusters.apiUp(this.machines.cluster.at(node))) return false;
    timer.after(node, this.parameters.node.monitorPeriod);
    return true;
  }

  #markUnready(node: NodeId): void {
    if (this.#postponed(this.#detect, node)) return;
    this.#ready.set(node, 0);
    const fact = this.sim.emit(this.#unreadyFact, node);
    this.#detected.set(node, fact);
    const outer = this.sim.enter(fact);
    this.endpoints.nodeSilent(node);
    const zone = this.zones.nodes.parent(node);
    this.zones.addNotReady(node, 1);
    this.zones.waiting.join(zone, node);
    this.#review(zone);
    this.unready.emit(node);
    this.sim.leave(outer);
  }

  #markReady(node: NodeId): void {
    if (this.#postponed(this.#recover, node)) return;
    this.#ready.set(node, 1);
    const outer = this.sim.enter(this.sim.emit(this.#readyFact, node));
    this.#taints.remove(node);
    const zone = this.zones.nodes.parent(node);
    this.zones.addNotReady(node, -1);
    this.#review(zone);
    this.schedulable.emit(node);
    this.sim.leave(outer);
  }

  // --- zones --------------------------------------------------------------------------------------------------------

  #stateOf(zone: NodeZoneId): number {
    const notReady = this.zones.notReady.at(zone);
    const ready = this.zones.size.at(zone) - notReady;
    return zoneState(ready, notReady, this.parameters.node.unhealthyZoneThreshold);
  }

  #review(zone: NodeZoneId): void {
    const cluster = this.zones.cluster.at(zone);
    const before = this.zones.state.at(zone);
    const wasAllFull = this.zones.allFull(cluster);
    const state = this.#stateOf(zone);
    this.zones.state.set(zone, state);
    if (state !== before) this.sim.emit(this.#stateFact, zone, state);
    const allFull = this.zones.allFull(cluster);
    if (allFull && !wasAllFull) this.#enterMasterDisruption(cluster);
    else if (!allFull && wasAllFull) this.#leaveMasterDisruption(cluster);
    else this.#taints.arm(zone);
  }

  /** Every zone is dead: the fault is more likely the controller's own, so nobody is evicted any more. */
  #enterMasterDisruption(cluster: ClusterId): void {
    for (const zone of this.zones.ofCluster.list(cluster)) this.#taints.stop(zone);
    for (const node of this.machines.ofCluster.list(cluster)) this.#taints.remove(node);
  }

  /** Some node is back: from the next pass on the others are tainted again, one by one. */
  #leaveMasterDisruption(cluster: ClusterId): void {
    const firstPass = this.#passes.from(cluster, this.sim.now);
    for (const node of this.machines.ofCluster.list(cluster)) {
      const queued = this.zones.waiting.parent(node) !== NONE;
      if (this.registered(node) && !this.ready(node) && !queued)
        this.zones.waiting.join(this.zones.nodes.parent(node), node);
    }
    for (const zone of this.zones.ofCluster.list(cluster)) {
      this.zones.nextTaint.set(zone, Math.max(firstPass, this.zones.nextTaint.at(zone)));
      this.#taints.arm(zone);
    }
  }

  /** For invariants: the zone's state recomputed from scratch. */
  recomputeZone(zone: NodeZoneId): { notReady: number; state: number } {
    const nodes = this.zones.nodes.list(zone).filter((node) => this.zones.counts(node));
    const notReady = nodes.filter((node) => !this.ready(node)).length;
    const state = zoneState(nodes.length - notReady, notReady, this.parameters.node.unhealthyZoneThreshold);
    return { notReady, state };
  }
}
